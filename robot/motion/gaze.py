"""Where the display looks: at the locked face, without fidgeting.

The base turns to the face's direction, the display pitches to its height. Small errors are left alone, and height is
followed so slowly that the caller's own nods do not move the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from robot.bounds import AtLeastZero, Positive


@dataclass(frozen=True)
class GazeConfig:
    """Angles in rad, times in s."""

    slack: AtLeastZero = math.radians(1.2)  # of direction that is left alone
    lead_s: AtLeastZero = 0.10
    speed_hz: AtLeastZero = 1.2
    height_s: Positive = 1.2
    height_slack: AtLeastZero = math.radians(2.5)
    boom: float = 0.05  # how the boom stands: a little forward


class Gaze:
    """Turns sightings of one face into where base and display shall point."""

    def __init__(self, config: GazeConfig) -> None:
        self._config = config
        self.yaw = 0.0
        self.rate = 0.0
        self.pitch = 0.0
        self._last: tuple[float, float] | None = None
        self._follows = False

    def push(self, t: float, azimuth: float, elevation: float) -> None:
        """Take the face's direction from base_link at time t (rad)."""
        config = self._config
        if self._last is not None and 0.0 < t - self._last[0] < 0.5:
            dt = t - self._last[0]
            speed = (azimuth - self._last[1]) / dt
            self.rate += (1.0 - math.exp(-2.0 * math.pi * config.speed_hz * dt)) * (speed - self.rate)
            low = elevation + self.pitch
            if abs(low) > config.height_slack:
                self.pitch -= (1.0 - math.exp(-dt / config.height_s)) * low
        else:
            self.rate, self.pitch = 0.0, -elevation if self._last is None else self.pitch
        self._last = (t, azimuth)
        ahead = azimuth + config.lead_s * self.rate
        error = ahead - self.yaw
        self._follows = abs(error) > (0.25 if self._follows else 1.0) * config.slack
        if self._follows:
            self.yaw = ahead
        if not self._follows:
            self.rate *= 0.5

    def rest(self) -> None:
        """The face is out of sight: wait where it was."""
        self.rate, self._last = 0.0, None if self._last is None else (-math.inf, self._last[1])
