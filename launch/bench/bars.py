"""What a bench is held to, and how far that is reached. `docs/benchmarks.md` tells where the bars come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
REACHED: dict[str, Callable[[Sequence[float]], float]] = {
    "mean >=": lambda values: sum(values) / len(values),
    "max <=": max,
    "episodes with any <=": lambda values: sum(value > 0 for value in values) / len(values),
}


@dataclass(frozen=True)
class Bar:
    """A metric over some of the rows: "mean >=", "max <=" or "episodes with any <=" (a share of them)."""

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


def judge(rows: Sequence[Row], bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """Return one line per bar: metric, rule, the bar, what was reached, held or not."""
    lines = []
    for bar in bars:
        values = [float(row[bar.metric]) for row in rows if bar.counts(row)]
        if not values:
            continue
        reached = REACHED[bar.rule](values)
        held = reached >= bar.bar - 1e-9 if bar.rule.endswith(">=") else reached <= bar.bar + 1e-9
        rule = f"{bar.rule} ({bar.where})" if bar.where else bar.rule
        line = {"metric": bar.metric, "rule": rule, "bar": bar.bar, "reached": reached, "held": held}
        lines.append({**line, "where": list(bar.worlds)})
    return lines
