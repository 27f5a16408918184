"""Gyro and accelerometer in base_link: white noise, and a gyro bias that stays for the whole run."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import ImuModel
from robot.clock import NS_PER_S
from robot.messages import Imu
from sim.base import BaseState
from sim.scene import GRAVITY


class ImuSensor:
    """Acceleration is the change of velocity since the last sample, as an integrating sensor gives it."""

    def __init__(self, model: ImuModel, rng: Generator) -> None:
        """Draw the run's gyro bias."""
        self._model, self._rng = model, rng
        self._bias = rng.normal(0.0, model.gyro_bias_std, 3)
        self._last: tuple[int, NDArray[np.float64]] | None = None

    def sample(self, now_ns: int, state: BaseState) -> Imu:
        """Return the sample of now."""
        model, rng = self._model, self._rng
        acceleration = np.array([0.0, 0.0, GRAVITY])
        if self._last is not None and now_ns > self._last[0]:
            acceleration += (state.velocity - self._last[1]) * (NS_PER_S / (now_ns - self._last[0]))
        self._last = (now_ns, state.velocity)
        noise = rng.standard_normal(6)
        gyro = state.angular @ state.rotation + self._bias + model.gyro_std * noise[:3]
        force = acceleration @ state.rotation + model.accel_std * noise[3:]
        return Imu(stamp_ns=now_ns, angular_velocity=_triple(gyro), linear_acceleration=_triple(force))


def _triple(v: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = v.tolist()
    return x, y, z
