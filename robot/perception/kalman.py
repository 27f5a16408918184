"""A constant-velocity Kalman filter in the plane: where someone is and how they walk, with their uncertainty."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_MEASURE = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])


class WalkerFilter:
    """State (x, y, vx, vy) with white-noise acceleration; Bar-Shalom, Estimation with Applications, sec. 6.2.

    While nobody is measured the velocity fades, because people who are out of sight stop and turn.
    """

    def __init__(self, x: float, y: float, std_m: float, speed_std: float, acceleration_density: float) -> None:
        self.state: Vector = np.array([x, y, 0.0, 0.0])
        self.covariance: Vector = np.diag([std_m**2, std_m**2, speed_std**2, speed_std**2])
        self._acceleration_density = acceleration_density  # m²/s³

    @property
    def position(self) -> tuple[float, float]:
        """x, y (m)."""
        return float(self.state[0]), float(self.state[1])

    @property
    def velocity(self) -> tuple[float, float]:
        """vx, vy (m/s)."""
        return float(self.state[2]), float(self.state[3])

    @property
    def std_m(self) -> float:
        """Standard deviation of the position along an axis, averaged over both."""
        return math.sqrt(max(0.0, 0.5 * float(self.covariance[0, 0] + self.covariance[1, 1])))

    def predict(self, dt: float, fade_s: float | None = None) -> None:
        """Move `dt` seconds on; with `fade_s` the velocity decays with that time constant."""
        keep = 1.0 if fade_s is None else math.exp(-dt / fade_s)
        reach = dt if fade_s is None else fade_s * (1.0 - keep)
        transition = np.eye(4)
        transition[0, 2] = transition[1, 3] = reach
        transition[2, 2] = transition[3, 3] = keep
        q = self._acceleration_density
        noise = np.zeros((4, 4))
        noise[0, 0] = noise[1, 1] = q * dt**3 / 3.0
        noise[0, 2] = noise[2, 0] = noise[1, 3] = noise[3, 1] = q * dt**2 / 2.0
        noise[2, 2] = noise[3, 3] = q * dt
        self.state = transition @ self.state
        self.covariance = transition @ self.covariance @ transition.T + noise

    def distance2(self, x: float, y: float, std_m: float) -> float:
        """Return the squared Mahalanobis distance of a measurement."""
        innovation = np.array([x, y]) - self.state[:2]
        spread = self.covariance[:2, :2] + np.eye(2) * std_m**2
        return float(innovation @ np.linalg.solve(spread, innovation))

    def update(self, x: float, y: float, std_m: float) -> None:
        """Take a position measurement in."""
        spread = self.covariance[:2, :2] + np.eye(2) * std_m**2
        gain = np.linalg.solve(spread, _MEASURE @ self.covariance).T
        self.state = self.state + gain @ (np.array([x, y]) - self.state[:2])
        rest = np.eye(4) - gain @ _MEASURE
        self.covariance = rest @ self.covariance @ rest.T + gain @ gain.T * std_m**2  # Joseph form stays positive

    def ahead(self, dt: float) -> tuple[float, float]:
        """Return where the state's own velocity leads in `dt` seconds."""
        return float(self.state[0] + self.state[2] * dt), float(self.state[1] + self.state[3] * dt)
