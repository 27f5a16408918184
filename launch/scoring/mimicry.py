"""Lag, gain and correlation between a head and the display that copies it, by cross-correlation while the head nods."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HABIT_S = 3.0  # slower than this is posture, not motion
LAG_MAX_S = 0.4
AROUND_S = 0.35  # before and after a nod
SMALLEST = math.radians(4.0)  # of head motion that says something
LIMIT = math.radians(13.0)  # deeper nods are not copied whole (robot/motion/mimicry.py), and say nothing of the gain


def mimic_figures(t: NDArray[np.float64], signals: NDArray[np.float64], doing: Sequence[str]) -> dict[str, float]:
    """Return mimic_lag_ms (display behind head, at the peak of the correlation), mimic_gain and mimic_r there.

    Args:
        t: (N,) evenly spaced, s.
        signals: (2, N) pitch of the head and of the display, rad.
        doing: (N,) what the head does; only nods within `LIMIT` count.
    """
    nothing = {"mimic_lag_ms": math.nan, "mimic_gain": math.nan, "mimic_r": math.nan}
    if len(t) < 100 or "nod" not in doing:
        return nothing
    dt = float(t[1] - t[0])
    head, display = (_moved(s, round(HABIT_S / dt)) for s in signals)
    nods = _whole_nods(signals[0], doing).astype(float)
    if not nods.any():
        return nothing
    wide = np.convolve(nods, np.ones(2 * round(AROUND_S / dt) + 1), mode="same") > 0
    if np.ptp(head[wide]) < SMALLEST:
        return nothing
    lags = range(round(LAG_MAX_S / dt))
    fits = [_fit(head[wide[: len(head)]], _shifted(display, lag)[wide]) for lag in lags]
    best = max(lags, key=lambda lag: fits[lag][1])
    lag = best + _peak([fits[i][1] for i in range(best - 1, best + 2)] if 0 < best < len(lags) - 1 else [])
    return {"mimic_lag_ms": 1000.0 * lag * dt, "mimic_gain": fits[best][0], "mimic_r": fits[best][1]}


def _peak(around: Sequence[float]) -> float:
    """Return how far (samples) the top of the parabola through three neighbouring values is from the middle one."""
    if len(around) < 3:
        return 0.0
    bend = around[0] - 2.0 * around[1] + around[2]
    return 0.5 * (around[0] - around[2]) / bend if bend < 0.0 else 0.0


def _whole_nods(head: NDArray[np.float64], doing: Sequence[str]) -> NDArray[np.bool_]:
    """Return where the head makes a nod that is no deeper than `LIMIT`."""
    nods = np.array([kind == "nod" for kind in doing])
    starts = np.flatnonzero(np.diff(nods.astype(int), prepend=0) == 1)
    ends = np.flatnonzero(np.diff(nods.astype(int), append=0) == -1) + 1
    for start, end in zip(starts, ends, strict=True):
        if np.ptp(head[start:end]) > LIMIT:
            nods[start:end] = False
    return nods


def _moved(signal: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return the signal without its slow part (running mean)."""
    padded = np.pad(signal, window // 2, mode="edge")
    total = np.cumsum(np.concatenate([[0.0], padded]))
    mean = (total[window:] - total[:-window]) / window
    moved: NDArray[np.float64] = signal - mean[: len(signal)]
    return moved


def _shifted(signal: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    """Return the signal `by` samples earlier."""
    return np.concatenate([signal[by:], np.full(by, signal[-1])])


def _fit(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope (total least squares for equal errors is close to this ratio of spreads) and correlation."""
    x, y = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((x**2).sum() * (y**2).sum()))
    r = float((x * y).sum()) / spread if spread > 0.0 else 0.0
    return float((x * y).sum() / (x**2).sum()), r
