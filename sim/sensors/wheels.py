"""Wheel encoders: what the wheels turned, with the errors that odometry really suffers from, in whole ticks.

Slip between wheel and floor is physics; here come a radius error that stays for the whole run and a small relative
error of every sample (soft rubber, carpets).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from robot.bodies.rover.body import WheelModel
from robot.messages import WheelState
from sim.base import BaseState


class WheelEncoders:
    """Both encoders of the drive."""

    def __init__(self, model: WheelModel, rng: Generator) -> None:
        """Draw the run's radius errors."""
        self._rng, self._slip_std = rng, model.slip_std
        self._tick = 2.0 * math.pi / model.ticks_per_turn
        self._scale = 1.0 + rng.normal(0.0, model.scale_std, 2)
        self._true: np.ndarray[tuple[int], np.dtype[np.float64]] | None = None
        self._told = np.zeros(2)

    def sample(self, now_ns: int, state: BaseState) -> WheelState:
        """Return the encoders' angles now."""
        true = np.array([state.wheel_left, state.wheel_right])
        if self._true is not None:
            rolled = true - self._true
            self._told += rolled * self._scale * (1.0 + self._rng.normal(0.0, self._slip_std, 2))
        self._true = true
        left, right = (np.floor(self._told / self._tick) * self._tick).tolist()
        return WheelState(stamp_ns=now_ns, left_rad=left, right_rad=right)
