"""Compiled scoring of arcs for the dynamic window approach. See `dwa.py`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled
from robot.navigation.costmap_kernels import body_margin
from robot.navigation.motion_kernels import NEAR_MARGIN_M, Limits, State

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


@compiled
def score_window(
    start: State,
    speeds: F64,
    turns: F64,
    aim_x: float,
    aim_y: float,
    clearance: F32,
    resolution: float,
    circles: F64,
    movers: F64,
    limits: Limits,
    weights: F64,
    horizon: float,
    dt: float,
) -> tuple[float, float, float]:
    """Return (v, omega, score) of the best admissible arc; score -inf where none is.

    Score = heading + distance + velocity, each 0 to 1 times its weight (Fox, Burgard and Thrun, 1997): heading toward
    the aim at the arc's end, distance along the arc to the first contact, and speed.
    """
    best_v, best_omega, best = 0.0, 0.0, -np.inf
    v_top = max(speeds.max(), 1e-6)
    c, s = math.cos(start.yaw), math.sin(start.yaw)
    touching = min(body_margin(clearance, start.x, start.y, c, s, resolution, circles, NEAR_MARGIN_M) - 0.005, 0.0)
    for i in range(speeds.shape[0]):
        for j in range(turns.shape[0]):
            v, omega = speeds[i], turns[j]
            x, y, yaw, t, free = start.x, start.y, start.yaw, 0.0, horizon
            while t < horizon - 1e-9:
                middle = yaw + 0.5 * omega * dt
                x, y, yaw, t = x + v * math.cos(middle) * dt, y + v * math.sin(middle) * dt, yaw + omega * dt, t + dt
                c, s = math.cos(yaw), math.sin(yaw)
                hit = body_margin(clearance, x, y, c, s, resolution, circles, NEAR_MARGIN_M) < touching
                for k in range(movers.shape[0]):
                    dx, dy = x - movers[k, 0] - t * movers[k, 2], y - movers[k, 1] - t * movers[k, 3]
                    hit = hit or math.sqrt(dx * dx + dy * dy) < movers[k, 4] + circles[0, 3]
                if hit:
                    free = t - dt
                    break
            if free < horizon and abs(v) > math.sqrt(2.0 * limits.braking * abs(v) * free):
                continue
            if free < horizon and abs(omega) > limits.angular_acceleration * free:
                continue
            bearing = math.atan2(aim_y - y, aim_x - x) - yaw
            bearing = math.atan2(math.sin(bearing), math.cos(bearing))
            score = weights[0] * (1.0 - abs(bearing) / math.pi) + weights[1] * free / horizon
            score += weights[2] * v / v_top
            if score > best:
                best_v, best_omega, best = v, omega, score
    return best_v, best_omega, best
