"""Rows of episodes to one row: means and shares with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest, t

CONFIDENCE = 0.95


def aggregate(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return per numeric metric {"mean", "low", "high", "max", "n"}.

    Shares of yes and no have Wilson's interval, other figures Student's t interval of the mean.
    """
    metrics = [key for key, value in rows[0].items() if isinstance(value, bool | int | float) and key != "seed"]
    return {metric: _interval([row[metric] for row in rows if _is_number(row[metric])]) for metric in metrics}


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float) and math.isfinite(value)


def _interval(values: Sequence[float]) -> dict[str, float]:
    n = len(values)
    if n == 0:
        return {"mean": math.nan, "low": math.nan, "high": math.nan, "max": math.nan, "n": 0}
    mean = float(np.mean(values))
    if all(isinstance(value, bool) for value in values):
        interval = binomtest(sum(values), n).proportion_ci(CONFIDENCE, method="wilson")
        low, high = float(interval.low), float(interval.high)
    else:
        half = float(t.ppf(0.5 + CONFIDENCE / 2, n - 1) * np.std(values, ddof=1) / math.sqrt(n)) if n > 1 else math.nan
        low, high = mean - half, mean + half
    return {"mean": mean, "low": low, "high": high, "max": float(max(values)), "n": n}
