"""Angles and distances in sentences to train on: which words tell them, and the same sentence with figures instead.

People say numbers, recognisers and keyboards write them: a model that has only read one form is unsure of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from policies.language.grammar.generator import Example
from policies.language.numbers import METRES, ONES, TENS, TURNS, degrees, metres

MEASURES = {"angle_deg": degrees, "distance_m": metres}
COUNTS = frozenset({*ONES, *TENS, *TURNS, "hundred", "and", "of", "point"}) - {"to", "too", "for"}
UNITS = frozenset({*METRES, "degrees", "degree", "turn", "circle"})


def measured(slot: str, text: str) -> float | None:
    """Return the angle (degrees) or distance (m) in a phrase; None where it tells none."""
    value = MEASURES[slot](text)
    return None if value is None else round(value, 3)


def measure_span(words: Sequence[str], free: Sequence[bool], slot: str, value: object) -> tuple[int, int] | None:
    """Return where words that are free tell `value`: a number and its unit, no more; None where none do."""

    def tells(start: int, end: int) -> bool:
        inside = 0 <= start < end <= len(words) and all(free[start:end])
        return inside and measured(slot, " ".join(words[start:end])) == value

    spans = [(start, end) for end in range(len(words), 0, -1) for start in range(end - 1, -1, -1) if tells(start, end)]
    counted = [span for span in spans if any(word in COUNTS or word[0].isdigit() for word in words[slice(*span)])]
    if not counted:
        return None
    start, end = min(counted, key=lambda span: span[1] - span[0])
    while tells(start - 1, end) and words[start - 1] in COUNTS:
        start -= 1
    while tells(start, end + 1) and words[end] in UNITS:
        end += 1
    return start, end


def in_figures(example: Example) -> Example | None:
    """Return the example with every angle and distance as a figure and its unit; None where none is told in words."""
    words, tags, places, actions, changed = [], [], [], [], False
    for (slot, _), found in groupby(range(len(example.tags)), key=lambda at: _span(example.tags, at)):
        span = list(found)
        said = _figure(slot, [example.words[at] for at in span])
        changed |= said is not None
        kept = span if said is None else span[: len(said)]
        words += said or [example.words[at] for at in span]
        tags += [example.tags[at] for at in kept]
        places += [example.places[at] for at in kept]
        actions += [example.actions[at] for at in kept]
    return Example(tuple(words), tuple(tags), tuple(places), tuple(actions)) if changed else None


def _span(tags: tuple[str, ...], at: int) -> tuple[str, int]:
    """Return the slot that a word stands in, and where its span begins."""
    begin = at
    while tags[begin].startswith("I-"):
        begin -= 1
    return tags[at][2:], begin


def _figure(slot: str, words: list[str]) -> list[str] | None:
    """Return a figure and its unit for the words of a measure; None for other words, and where that is not shorter."""
    unit = next((word for word in words if word in (METRES if slot == "distance_m" else ("degrees",))), None)
    value = MEASURES[slot](" ".join(words)) if slot in MEASURES and unit else None
    if value is None or unit is None:
        return None
    figure = [f"{round(value / METRES.get(unit, 1.0), 2):g}", unit]
    return figure if len(figure) <= len(words) and figure != words else None
