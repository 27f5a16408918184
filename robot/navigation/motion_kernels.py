"""How a differential drive moves under its limits, and how near its outline comes to things on the way."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled
from robot.navigation.costmap_kernels import body_margin

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

NEAR_MARGIN_M = 0.5  # centre's clearance beyond which the outline is not looked at in detail


class Limits(NamedTuple):
    """What the base may do: m/s, rad/s, m/s², rad/s²."""

    v_min: float = -0.3
    v_max: float = 1.0
    omega_max: float = 1.8
    acceleration: float = 1.0
    braking: float = 1.0
    angular_acceleration: float = 3.0


class State(NamedTuple):
    """Pose in odom (m, rad) and the twist the base has now (m/s, rad/s)."""

    x: float
    y: float
    yaw: float
    v: float
    omega: float


@compiled
def ramped(
    v: float, omega: float, v_wanted: float, omega_wanted: float, v_max: float, limits: Limits, dt: float
) -> tuple[float, float]:
    """Return the twist one step on, within the limits of speed and acceleration."""
    v_wanted = min(max(v_wanted, limits.v_min), v_max)
    omega_wanted = min(max(omega_wanted, -limits.omega_max), limits.omega_max)
    dv = (limits.acceleration if abs(v_wanted) > abs(v) else limits.braking) * dt
    domega = limits.angular_acceleration * dt
    return v + min(max(v_wanted - v, -dv), dv), omega + min(max(omega_wanted - omega, -domega), domega)


@compiled
def advance(state: State, v_wanted: float, omega_wanted: float, v_max: float, limits: Limits, dt: float) -> State:
    """Return the state one step on, within the limits of speed and acceleration."""
    v, omega = ramped(state.v, state.omega, v_wanted, omega_wanted, v_max, limits, dt)
    middle = state.yaw + 0.5 * omega * dt
    x, y = state.x + v * math.cos(middle) * dt, state.y + v * math.sin(middle) * dt
    return State(x, y, state.yaw + omega * dt, v, omega)


@compiled
def least_margin(
    start: State, controls: F32, steps: int, clearance: F32, resolution: float, circles: F64, limits: Limits, dt: float
) -> float:
    """Return the least clearance of the body's outline (m) over `steps` of controls and the braking that follows."""
    state = start
    least = 1e9
    i = 0
    while i < steps or abs(state.v) > 1e-3:
        v, omega = (controls[i, 0], controls[i, 1]) if i < steps else (0.0, state.omega)
        state = advance(state, v, omega, limits.v_max, limits, dt)
        margin = body_margin(
            clearance, state.x, state.y, math.cos(state.yaw), math.sin(state.yaw), resolution, circles, NEAR_MARGIN_M
        )
        least = min(least, margin)
        i += 1
    return least
