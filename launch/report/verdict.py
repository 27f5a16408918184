"""Which bars a single episode misses: the bench's rules for many episodes, read for one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def failed_bars(row: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the bars that one episode fails by itself: as `missed`, but a figure below a bar for means is no failure
    (a mean has two sides) unless it is a plain no."""
    by_mean = {bar["metric"] for bar in bars if str(bar["rule"]).startswith(("mean", "median"))}
    return [metric for metric in missed(row, bars) if metric not in by_mean or isinstance(row.get(metric), bool)]


def missed(row: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the metrics in which one episode is on the wrong side of its bar.

    Args:
        row: metrics of the episode; one that is missing or was never measured counts as missed.
        bars: `metric`, `bar` and `rule`: "mean >=", "min >=" (below misses), "max <=", "mean <=", "median <=" (above
            misses), "episodes with any <=" (anything but 0), "sum" and "pooled" (of all episodes: none misses alone).
            A bar with `where` is only for rows whose world begins with it, or with one of them.
    """
    mine = [bar for bar in bars if str(row.get("world", "")).startswith(_beginnings(bar))]
    wrong = [bar["metric"] for bar in mine if _misses(row.get(bar["metric"]), str(bar["rule"]), float(bar["bar"]))]
    return list(dict.fromkeys(wrong))


def _beginnings(bar: Mapping[str, Any]) -> tuple[str, ...]:
    where = bar.get("where", "")
    return (where,) if isinstance(where, str) else tuple(where)


def _misses(value: Any, rule: str, bar: float) -> bool:
    if rule.startswith(("sum", "pooled")):
        return False
    if value is None or not math.isfinite(value):
        return True
    if rule.startswith(("mean >=", "min >=")):
        return float(value) < bar
    if rule.startswith(("max <=", "mean <=", "median <=")):
        return float(value) > bar
    if rule.startswith("episodes with any"):
        return float(value) > 0
    raise ValueError(f"bar with an unknown rule '{rule}'")
