"""What every controller is given and gives back, so that MPPI and DWA can stand in for each other.

Plain values in odom; a controller is a class with `command(state, scene)` and `reset()`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.navigation.costmap import Costmap, Mover
from robot.navigation.grid import Frame
from robot.navigation.motion_kernels import Limits, State, least_margin
from robot.navigation.search import Plan

__all__ = ["Controller", "Limits", "Scene", "State", "dense_path", "in_grid", "margin_ahead"]

PATH_STEP_M = 0.05  # spacing of the path a controller looks along


@dataclass(frozen=True)
class Scene:
    """What is around and what is wanted."""

    costmap: Costmap
    plan: Plan
    goal: tuple[float, float]
    tolerance_m: float = 0.2
    goal_yaw: float | None = None
    max_speed: float = 1.0
    look_at: tuple[float, float] | None = None
    separation_m: float = 0.0
    velocity: tuple[float, float] = (0.0, 0.0)
    """Of the goal and of look_at, m/s."""
    movers: list[Mover] = field(default_factory=list)

    @property
    def facing_point(self) -> tuple[float, float] | None:
        """Return the point to face at the goal: look_at, or one far along the goal's yaw; None = any."""
        if self.look_at is not None:
            return self.look_at
        if self.goal_yaw is None:
            return None
        return self.goal[0] + 100.0 * math.cos(self.goal_yaw), self.goal[1] + 100.0 * math.sin(self.goal_yaw)

    def movers_array(self) -> NDArray[np.float64]:
        """Return (M, 5): x, y, vx, vy, radius."""
        rows = [(m.x, m.y, m.vx, m.vy, m.radius) for m in self.movers]
        return np.array(rows, np.float64).reshape(-1, 5)


class Controller(Protocol):
    """Chooses the next twist."""

    def command(self, state: State, scene: Scene) -> tuple[float, float]:
        """Return (v m/s, omega rad/s) for the next period."""

    def reset(self) -> None:
        """Forget what was planned."""

    def rollouts(self, count: int) -> NDArray[np.float32]:
        """Return (1 + count, T, 2), odom m: the way last chosen, then ways it tried, from the best to the worst.

        (0, 0, 2) where none are kept.
        """


def dense_path(path: NDArray[np.float32], step_m: float = PATH_STEP_M) -> NDArray[np.float64]:
    """Return the polyline (N, 2) resampled every `step_m`, its end included."""
    corners = path.astype(np.float64)
    if len(corners) < 2:
        return corners
    along = np.zeros(len(corners))
    np.cumsum(np.hypot(*np.diff(corners, axis=0).T), out=along[1:])
    samples = np.append(np.arange(0.0, along[-1], step_m), along[-1])
    dense = np.empty((len(samples), 2))
    for i in (0, 1):
        dense[:, i] = np.interp(samples, along, corners[:, i])
    return dense


def in_grid(state: State, frame: Frame) -> State:
    """Return the state in axes that start at the grid's corner, all floats (kernels are compiled for nothing else)."""
    return State(
        float(state.x - frame.origin_x),
        float(state.y - frame.origin_y),
        float(state.yaw),
        float(state.v),
        float(state.omega),
    )


def margin_ahead(
    state: State,
    twists: NDArray[np.float32],
    steps: int,
    costmap: Costmap,
    circles: NDArray[np.float64],
    limits: Limits,
    dt: float,
) -> float:
    """Return the least clearance (m) of the body over `steps` of twists (T, 2) and the braking after them."""
    frame, start = costmap.frame, in_grid(state, costmap.frame)
    return float(least_margin(start, twists, steps, costmap.clearance, frame.resolution_m, circles, limits, dt))
