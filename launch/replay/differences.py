"""Where two messages differ: the first field by name, with both values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from robot.clock import NS_PER_S
from robot.runtime.commit import Commit

SHOWN = 60  # characters of a value


@dataclass
class TopicDifference:
    """What is different on one topic."""

    topic: str
    first: str = ""
    """When, which field, and both values; empty while nothing is."""
    messages: int = 0
    """Said then."""
    now: int = 0
    """Said now."""
    differing: int = 0


def first_difference(then: Any, now: Any, name: str = "") -> str | None:
    """Return "field: then -> now" of the first difference between two values of one type; None when equal."""
    if isinstance(then, msgspec.Struct):
        for field in then.__struct_fields__:
            found = first_difference(getattr(then, field), getattr(now, field), f"{name}.{field}".lstrip("."))
            if found is not None:
                return found
        return None
    if isinstance(then, np.ndarray):
        return _of_arrays(then, now, name)
    if isinstance(then, tuple | list):
        if len(then) != len(now):
            return f"{name}: {len(then)} entries -> {len(now)}"
        pairs = enumerate(zip(then, now, strict=True))
        return next((d for i, (a, b) in pairs if (d := first_difference(a, b, f"{name}[{i}]")) is not None), None)
    same = then == now or (then != then and now != now)  # NaN is what it was
    return None if same else f"{name}: {_short(then)} -> {_short(now)}"


def _of_arrays(then: Any, now: Any, name: str) -> str | None:
    if then.shape != now.shape or then.dtype != now.dtype:
        return f"{name}: {then.dtype} {then.shape} -> {now.dtype} {now.shape}"
    if then.tobytes() == now.tobytes():
        return None
    where = np.argwhere((then != now) & ~((then != then) & (now != now)))
    if len(where) == 0:
        return None
    at = tuple(int(i) for i in where[0])
    return f"{name}{list(at)}: {then[at]} -> {now[at]} ({len(where)} of {then.size} elements differ)"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def compare(then: list[Commit], now: list[Commit], found: dict[str, TopicDifference]) -> None:
    """Note in `found` how the commits of one moment differ, topic by topic."""
    for topic, entry in found.items():
        old, new = ([c for c in commits if c.topic.name == topic] for commits in (then, now))
        entry.messages += len(old)
        entry.now += len(new)
        for i in range(max(len(old), len(new))):
            text = _between(old[i] if i < len(old) else None, new[i] if i < len(new) else None)
            if text is not None:
                entry.differing += 1
                entry.first = entry.first or text


def count(then: list[Commit], now: list[Commit], found: dict[str, TopicDifference]) -> None:
    """Note in `found` how much was said at one moment."""
    for topic, entry in found.items():
        entry.messages += sum(commit.topic.name == topic for commit in then)
        entry.now += sum(commit.topic.name == topic for commit in now)


def _between(then: Commit | None, now: Commit | None) -> str | None:
    either = then or now
    assert either is not None
    at = f"{either.envelope.t_ns / NS_PER_S:.3f} s"
    if then is None or now is None:
        return f"{at}: {'said now, but not then' if then is None else 'said then, but not now'}"
    if then.envelope.valid != now.envelope.valid:
        return f"{at}: valid: {then.envelope.valid} -> {now.envelope.valid}"
    if list(map(bytes, then.frames)) == list(map(bytes, now.frames)):
        return None
    difference = first_difference(then.message, now.message)
    return None if difference is None else f"{at}: {difference}"
