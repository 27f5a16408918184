"""DWA: the dynamic window approach (Fox, Burgard and Thrun, 1997), the baseline that MPPI is compared with.

The one idea: among the twists the base can reach within one window, take the arc with the best sum of heading,
distance to the first contact and speed. It aims at a point of the same global path that MPPI gets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.bounds import AtLeastZero, Count, Positive
from robot.geometry import wrap_angle
from robot.navigation import dwa_kernels as kernels
from robot.navigation.control import Limits, Scene, State, dense_path, in_grid
from robot.navigation.costmap import Footprint


@dataclass(frozen=True)
class DwaConfig:
    """Weights, and the grid of twists."""

    heading: AtLeastZero = 2.0
    distance: AtLeastZero = 0.8
    velocity: AtLeastZero = 0.6
    speeds: Count = 9
    turns: Count = 21
    window_s: Positive = 0.25  # within which the twist must be reached
    horizon_s: Positive = 1.5
    dt: Positive = 0.1
    aim_m: AtLeastZero = 0.5  # from where the arc ends at the present speed


class Dwa:
    """Has no memory: every command is chosen anew."""

    def __init__(self, config: DwaConfig, limits: Limits, footprint: Footprint) -> None:
        self.config = config
        self._limits = Limits(*map(float, limits))
        self._circles = footprint.circles()
        self._weights = np.array([config.heading, config.distance, config.velocity])

    def reset(self) -> None:
        """Forget nothing: there is nothing."""

    def rollouts(self, count: int) -> NDArray[np.float32]:
        """Return (0, 0, 2): it keeps none."""
        return np.zeros((0, 0, 2), np.float32)

    def command(self, state: State, scene: Scene) -> tuple[float, float]:
        """Return (v, omega) of the best arc; brakes where none is admissible."""
        c, limits, frame = self.config, self._limits, scene.costmap.frame
        aim, left = self._aim(state, scene)
        top = min(scene.max_speed, math.sqrt(1.4 * limits.braking * left))
        dv, domega = limits.acceleration * c.window_s, limits.angular_acceleration * c.window_s
        speeds = np.linspace(max(state.v - dv, 0.0), max(min(state.v + dv, top), 0.0), c.speeds)
        turns = np.linspace(
            max(state.omega - domega, -limits.omega_max), min(state.omega + domega, limits.omega_max), c.turns
        )
        bearing = wrap_angle(math.atan2(aim[1] - state.y, aim[0] - state.x) - state.yaw)
        if abs(bearing) > 1.0:  # turn first
            speeds = np.array([max(state.v - dv, 0.0)])
        movers = scene.movers_array()
        movers[:, :2] -= (frame.origin_x, frame.origin_y)
        start = in_grid(state, frame)
        v, omega, score = kernels.score_window(
            start, speeds, turns, aim[0] - frame.origin_x, aim[1] - frame.origin_y,
            scene.costmap.clearance, frame.resolution_m, self._circles, movers, limits,
            self._weights, c.horizon_s, c.dt,
        )  # fmt: skip
        if score == -math.inf:
            return max(state.v - dv, 0.0), 0.0
        return float(v), float(omega)

    def _aim(self, state: State, scene: Scene) -> tuple[tuple[float, float], float]:
        """Return the point of the path to head for, and the way left along the path, m."""
        path = dense_path(scene.plan.path)
        if len(path) < 2:
            face = scene.facing_point or scene.goal
            return face, 0.0
        away = np.hypot(path[:, 0] - state.x, path[:, 1] - state.y)
        beyond = np.flatnonzero(away > self.config.aim_m + abs(state.v) * self.config.horizon_s)
        index = int(beyond[0]) if len(beyond) else len(path) - 1
        return (float(path[index, 0]), float(path[index, 1])), scene.plan.length_m
