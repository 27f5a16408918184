"""What each suite of navigation is held to."""

from __future__ import annotations

from launch.bench.bars import Bar
from worlds.suites.hazards import HAZARDS


def bars_of(suite: str) -> tuple[Bar, ...]:
    """Return the bars of a suite or of a part of it."""
    part, _, which = suite.partition(":")
    if part == "clutter":
        return tuple(bar for bar in CLUTTER if not which or f"level {which[0]}" in bar.where)
    if part == "hazards":
        names = [which.partition(":")[0]] if which else list(HAZARDS)
        return tuple(_hazard(name) for name in names) + SAFE
    return BARN if part == "barn" else ()


def _clutter(metric: str, rule: str, bar: float, *levels: int) -> Bar:
    where = ", ".join(f"level {level}" for level in levels)
    return Bar(metric, rule, bar, where, tuple(f"clutter:{level}:" for level in levels))


def _hazard(name: str) -> Bar:
    return Bar("success", "mean >=", 0.9, name, (f"hazards:{name}:",))


CLUTTER = (
    _clutter("success", "mean >=", 1.0, 1, 2, 3),
    _clutter("success", "mean >=", 0.97, 4),
    _clutter("success", "mean >=", 0.90, 5),
    _clutter("spl", "mean >=", 0.90, 1, 2, 3),
    _clutter("collisions", "episodes with any <=", 0.0, 1, 2, 3, 4),
)
SAFE = (
    Bar("falls", "episodes with any <=", 0.0),
    Bar("collisions_person", "episodes with any <=", 0.0),
)
BARN = (
    Bar("success", "mean >=", 0.98),
    Bar("barn_metric", "mean >=", 0.47),
)
