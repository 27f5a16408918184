"""What each suite is held to, and how far that is reached. `docs/benchmarks.md` tells where the bars come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worlds.suites.hazards import HAZARDS

Row = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A metric over some of the rows: "mean >=" or "episodes with any <=" (a share of them)."""

    metric: str
    rule: str
    bar: float
    where: str = ""
    worlds: tuple[str, ...] = ("",)
    """How the names of those rows' worlds begin."""

    def counts(self, row: Row) -> bool:
        """Return whether the bar is for this row."""
        return str(row["world"]).startswith(self.worlds)


def bar_line(metric: str, rule: str, bar: float, reached: float) -> dict[str, Any]:
    """Return what a table of bars shows of one figure that is to be "at most" or "at least" something."""
    held = reached <= bar if rule == "at most" else reached >= bar
    return {"metric": metric, "rule": rule, "bar": bar, "reached": reached, "held": held}


def bars_of(suite: str) -> tuple[Bar, ...]:
    """Return the bars of a suite or of a part of it."""
    part, _, which = suite.partition(":")
    if part == "clutter":
        return tuple(bar for bar in CLUTTER if not which or f"level {which[0]}" in bar.where)
    if part == "hazards":
        names = [which.partition(":")[0]] if which else list(HAZARDS)
        return tuple(_hazard(name) for name in names) + SAFE
    return BARN if part == "barn" else ()


def judge(rows: Sequence[Row], bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """Return one line per bar: metric, rule, the bar, what was reached, held or not."""
    lines = []
    for bar in bars:
        values = [float(row[bar.metric]) for row in rows if bar.counts(row)]
        if not values:
            continue
        if bar.rule.startswith("mean"):
            reached = sum(values) / len(values)
            held = reached >= bar.bar - 1e-9
        else:
            reached = float(sum(value > 0 for value in values))
            held = reached <= bar.bar * len(values) + 1e-9
        rule = f"{bar.rule} ({bar.where})" if bar.where else bar.rule
        line = {"metric": bar.metric, "rule": rule, "bar": bar.bar, "reached": reached, "held": held}
        lines.append({**line, "where": list(bar.worlds)})
    return lines


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
