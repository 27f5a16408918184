"""Takes the shiver out of a signal without lagging a nod: the one-euro filter.

A low-pass whose cutoff rises with the signal's own speed (Casiez, Roussel, Vogel 2012). A head at rest is averaged over
several frames; a nod moves at 30 degrees a second and more, which opens the filter so far that it lags by a sixth of a
frame. A Kalman filter with constant velocity overshoots where a nod turns round, and a median lags by half its window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from robot.bounds import AtLeastZero, Positive


@dataclass(frozen=True)
class SmoothingConfig:
    """Tuning for angles in rad."""

    rest_hz: Positive = 0.5  # cutoff at rest
    per_speed: AtLeastZero = 20.0  # Hz of cutoff for each rad/s
    speed_hz: Positive = 3.0  # cutoff of the speed itself: slower, and it has not seen a nod before the nod turns round


class OneEuro:
    """One number over time."""

    def __init__(self, config: SmoothingConfig) -> None:
        """Start empty: the first value passes as it is."""
        self._config = config
        self._value: float | None = None
        self._raw = 0.0
        self._speed = 0.0

    def push(self, value: float, dt: float) -> float:
        """Return the smoothed value, `dt` seconds after the last one."""
        if self._value is None or dt <= 0.0:
            self._value = self._raw = value
            return value
        speed = (value - self._raw) / dt
        self._raw = value
        self._speed += _share(self._config.speed_hz, dt) * (speed - self._speed)
        cutoff = self._config.rest_hz + self._config.per_speed * abs(self._speed)
        self._value += _share(cutoff, dt) * (value - self._value)
        return self._value


def _share(cutoff_hz: float, dt: float) -> float:
    """How much of a new value a first-order low-pass takes over in `dt`."""
    return 1.0 - math.exp(-2.0 * math.pi * cutoff_hz * dt)
