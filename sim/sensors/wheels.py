"""Wheel encoders: what the wheels turned, with the errors that odometry really suffers from, in whole ticks.

Slip between wheel and floor is physics; here come a radius error that stays for the whole run and a small relative
error of every sample (soft rubber, carpets).
"""

from __future__ import annotations

import math

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
        self._scale: list[float] = (1.0 + rng.normal(0.0, model.scale_std, 2)).tolist()
        self._true: tuple[float, float] | None = None
        self._told = [0.0, 0.0]

    def sample(self, now_ns: int, state: BaseState) -> WheelState:
        """Return the encoders' angles now."""
        true = (state.wheel_left, state.wheel_right)
        if self._true is not None:
            slips: list[float] = self._rng.normal(0.0, self._slip_std, 2).tolist()
            for i, slip in enumerate(slips):
                self._told[i] += (true[i] - self._true[i]) * self._scale[i] * (1.0 + slip)
        self._true = true
        left, right = (math.floor(told / self._tick) * self._tick for told in self._told)
        return WheelState(stamp_ns=now_ns, left_rad=left, right_rad=right)
