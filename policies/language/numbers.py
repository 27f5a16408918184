"""Numbers as people say them: "ninety degrees", "half a turn", "two and a half metres", "3.5 ft"."""

from __future__ import annotations

import re

ONES = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "too": 2, "to": 2, "three": 3, "four": 4, "for": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "couple": 2, "few": 3,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
METRES = {
    "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "cm": 0.01, "centimeter": 0.01,
    "centimeters": 0.01, "centimetre": 0.01, "centimetres": 0.01, "foot": 0.3048, "feet": 0.3048, "ft": 0.3048,
    "inch": 0.0254, "inches": 0.0254, "yard": 0.9144, "yards": 0.9144, "step": 0.5, "steps": 0.5,
}  # fmt: skip
TURNS = {"quarter": 90.0, "half": 180.0, "full": 360.0}
FARTHEST_M = 100.0


def number(text: str) -> float | None:
    """Return the number in a phrase, or None where there is none."""
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    if found:
        return float(found[0].replace(",", "."))
    total, said = 0.0, False
    words = text.replace("-", " ").split()
    for i, word in enumerate(words):
        if word == "hundred":
            total, said = max(total, 1.0) * 100, True
        elif word == "half":
            total, said = total + 0.5 - (words[i + 1 : i + 2] == ["a"] and total == 0) * 0.0, True
        elif word in ("a", "an") and (
            said
            or words[i - 1 : i] == ["half"]
            or (i + 1 < len(words) and words[i + 1] in ("hundred", "half", "few", "couple"))
        ):
            continue
        elif word in TENS or word in ONES:
            value = TENS.get(word, ONES.get(word, 0))
            total, said = (total * 100 + value if said and 1 <= total <= 3 and value >= 10 else total + value), True
    return total if said else None


def metres(text: str) -> float | None:
    """Return the distance in a phrase, m, or None where it gives none ("a bit")."""
    words = re.sub(r"(\d)\s*([a-z])", r"\1 \2", text.lower()).split()
    unit = next((METRES[word] for word in words if word in METRES), None)
    value = number(" ".join(word for word in words if word not in METRES))
    if unit is None or value is None or not 0 < value * unit <= FARTHEST_M:
        return None
    return value * unit


def degrees(text: str) -> float | None:
    """Return the angle in a phrase, degrees, or None where it gives none."""
    words = text.lower().split()
    turns = [TURNS[word] for word in words if word in TURNS]
    if turns or "turn" in words or "circle" in words:
        return turns[0] if turns else 360.0
    value = number(text.lower())
    return value if value is not None and 0 < value <= 720 and "bit" not in words and "little" not in words else None
