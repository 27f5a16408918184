"""A program: the list of actions a sentence asks for, with slots filled by the user's own words.

One table says which action has which slots and what kind of value each holds. Everything that makes, checks, prints or
reads a program goes through it, so an invalid program cannot exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = str | bool | float | tuple[str, ...]
Kind = Literal["words", "flag", "number", "list", "choice"]

DIRECTIONS = {"turn": ("left", "right", "around"), "move": ("forward", "back", "left", "right")}
GESTURES = ("nod", "shake", "tilt", "bow", "dance")
PARAMETERS = ("distance", "speed", "volume", "height", "brightness", "language", "name", "other")
VERBS = ("take", "bring", "put", "give", "open", "close", "release", "connect", "other")

WORDS: Kind = "words"
SLOTS: dict[str, dict[str, Kind]] = {
    "follow": {"target": "words", "place": "words", "manner": "words"},
    "guide": {"target": "words", "place": "words"},
    "stop": {},
    "go_to": {"place": "words", "manner": "words"},
    "turn": {"direction": "choice", "angle_deg": "number"},
    "move": {"direction": "choice", "distance_m": "number"},
    "look_at": {"target": "words"},
    "find": {"target": "words", "place": "words"},
    "inspect": {"target": "words", "place": "words", "question": "words"},
    "where_is": {"thing": "words"},
    "remember": {"thing": "words", "place": "words"},
    "lock_on": {"target": "words"},
    "unlock": {"target": "words"},
    "mimic": {"on": "flag"},
    "gesture": {"name": "choice"},
    "patrol": {"places": "list"},
    "set": {"parameter": "choice", "value": "words"},
    "device": {"device": "words", "on": "flag", "place": "words"},
    "call": {"person": "words"},
    "hang_up": {"person": "words"},
    "say": {"text": "words", "target": "words"},
    "status": {},
    "help": {},
    "cancel": {},
    "pause": {},
    "resume": {},
    "yes": {},
    "no": {},
    "manipulate": {
        "verb": "choice", "object": "words", "destination": "words", "source": "words", "target": "words",
    },
    "unknown": {},
}  # fmt: skip
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("turn", "direction"): DIRECTIONS["turn"],
    ("move", "direction"): DIRECTIONS["move"],
    ("gesture", "name"): GESTURES,
    ("set", "parameter"): PARAMETERS,
    ("manipulate", "verb"): VERBS,
}
ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)")


class ProgramError(ValueError):
    """An action, slot or value that the table does not have."""


@dataclass(frozen=True)
class Action:
    """One action. Slots are sorted by name; values are words (lower-case, no leading article), flags or numbers."""

    name: str
    slots: tuple[tuple[str, Value], ...] = ()

    def get(self, slot: str) -> Value | None:
        """Return the slot's value, or None where the sentence did not say."""
        return dict(self.slots).get(slot)

    def as_json(self) -> dict[str, Any]:
        """Return {"action": name, slot: value, …}."""
        return {"action": self.name} | {k: list(v) if isinstance(v, tuple) else v for k, v in self.slots}

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{k}={_told(v)}" for k, v in self.slots)])


Program = tuple[Action, ...]
UNKNOWN: Program = (Action("unknown"),)


def action(name: str, slots: Mapping[str, Value] | None = None) -> Action:
    """Return a valid action in canonical form.

    Raises:
        ProgramError: naming the action, slot or value that does not exist.
    """
    if name not in SLOTS:
        raise ProgramError(f"no action '{name}'")
    kept = {slot: _canonical(name, slot, value) for slot, value in (slots or {}).items()}
    return Action(name, tuple(sorted((k, v) for k, v in kept.items() if v not in ("", ()))))


def canonical_words(text: str) -> str:
    """Return words as slots hold them: lower-case, single spaces, no leading article."""
    return ARTICLE.sub("", " ".join(text.lower().split()))


def names(program: Iterable[Action]) -> tuple[str, ...]:
    """Return the actions' names in order."""
    return tuple(step.name for step in program)


def told(program: Program) -> str:
    """Return a program on one line: `go_to place=kitchen ; inspect question=whether anyone is there`."""
    return " ; ".join(str(step) for step in program)


def read(line: str) -> Program:
    """Return the program that `told` would print as `line`.

    Raises:
        ProgramError: where it names what does not exist.
    """
    return tuple(_read_action(part.strip()) for part in line.split(" ; "))


def _read_action(text: str) -> Action:
    name, *rest = re.split(r"\s+(?=[a-z_]+=)", text)
    pairs = dict(part.split("=", 1) for part in rest)
    if name not in SLOTS:
        raise ProgramError(f"no action '{name}'")
    return action(name, {slot: _read_value(SLOTS[name].get(slot, WORDS), text) for slot, text in pairs.items()})


def _read_value(kind: Kind, text: str) -> Value:
    if kind == "flag":
        return text == "true"
    if kind == "number":
        return float(text)
    return tuple(text.split(", ")) if kind == "list" else text


def _canonical(name: str, slot: str, value: Value) -> Value:
    kind = SLOTS[name].get(slot)
    if kind is None:
        raise ProgramError(f"'{name}' has no slot '{slot}'")
    if kind == "flag" and isinstance(value, bool):
        return value
    if kind == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(float(value), 3)
    if kind == "list" and isinstance(value, tuple):
        return tuple(canonical_words(part) for part in value)
    if kind == "words" and isinstance(value, str):
        return canonical_words(value)
    if kind == "choice" and value in CHOICES[name, slot]:
        return value
    raise ProgramError(f"{name}.{slot} cannot be {value!r}")


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(value) if isinstance(value, tuple) else value
