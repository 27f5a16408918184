"""Rows of episodes to one row: means and shares with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest, t

CONFIDENCE = 0.95
RESAMPLES = 2000


def aggregate(rows: Sequence[dict[str, Any]], *, bootstrap: bool = False) -> dict[str, dict[str, float]]:
    """Return per numeric metric {"mean", "low", "high", "max", "n"}.

    Shares of yes and no have Wilson's interval, other figures Student's t interval of the mean, or where `bootstrap`
    is set (figures with long tails, many rows) the percentiles of means resampled under one fixed seed.
    """
    found_in = {
        key: value for row in reversed(rows) for key, value in row.items()
    }  # rows need not have the same figures
    order = dict.fromkeys(key for row in rows for key in row)
    metrics = [key for key in order if isinstance(found_in[key], bool | int | float) and key != "seed"]
    values = {metric: [row[metric] for row in rows if _is_number(row.get(metric))] for metric in metrics}
    return {metric: _interval(found, bootstrap) for metric, found in values.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float) and math.isfinite(value)


def _interval(values: Sequence[float], bootstrap: bool) -> dict[str, float]:
    n = len(values)
    if n == 0:
        return {"mean": math.nan, "low": math.nan, "high": math.nan, "max": math.nan, "n": 0}
    mean = float(np.mean(values))
    if all(isinstance(value, bool) for value in values):
        interval = binomtest(sum(values), n).proportion_ci(CONFIDENCE, method="wilson")
        low, high = float(interval.low), float(interval.high)
    elif bootstrap:
        low, high = _resampled(values)
    else:
        half = float(t.ppf(0.5 + CONFIDENCE / 2, n - 1) * np.std(values, ddof=1) / math.sqrt(n)) if n > 1 else math.nan
        low, high = mean - half, mean + half
    return {"mean": mean, "low": low, "high": high, "max": float(max(values)), "n": n}


def _resampled(values: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the mean by the percentile bootstrap (Efron, 1979); the same on every machine."""
    sample, rng = np.asarray(values, dtype=np.float64), np.random.default_rng(0)
    means = sample[rng.integers(len(sample), size=(RESAMPLES, len(sample)))].mean(axis=1)
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(means, (tail, 100.0 - tail))
    return float(low), float(high)
