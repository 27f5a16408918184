"""How far the footprint can go along a commanded arc before it comes too near a point, and how fast it may go there.

The one idea: scaling a twist keeps its arc, so a limit is one factor between 0 and 1. Points nearer than the margin
already do not forbid motion that leads away from them: only a shrinking distance counts.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.bodies.rover.body import DriveLimits
from robot.footprint import box_distance
from robot.safety.limits import Twist


@njit(cache=True)
def pose_on_arc(v: float, omega: float, t: float) -> tuple[float, float, float]:
    """Return x, y (m), yaw (rad) after `t` seconds of a constant twist from the origin."""
    yaw = omega * t
    if abs(omega) < 1e-6:
        return v * t, 0.0, yaw
    return v / omega * math.sin(yaw), v / omega * (1.0 - math.cos(yaw)), yaw


@njit(cache=True)
def free_time(
    points: NDArray[np.float64],
    v: float,
    omega: float,
    half_length: float,
    half_width: float,
    margin: float,
    horizon: float,
    samples: int,
) -> float:
    """Return the seconds along the twist until the footprint comes within `margin` of a point.

    Args:
        points: (N, 2) m, in base_link.
        v: m/s. omega: rad/s.
        half_length, half_width: of the footprint, m.
        margin: m. horizon: s. samples: poses looked at along the arc.

    Returns:
        Seconds, linear between samples; inf when nothing comes near within the horizon.
    """
    reach = math.hypot(half_length, half_width) + margin + abs(v) * horizon
    dt = horizon / samples
    first = math.inf
    poses = np.empty((samples + 1, 4))
    for k in range(1, samples + 1):
        x, y, yaw = pose_on_arc(v, omega, k * dt)
        poses[k] = x, y, math.cos(yaw), math.sin(yaw)
    for i in range(points.shape[0]):
        px = points[i, 0]
        py = points[i, 1]
        if px * px + py * py > reach * reach:
            continue
        before = box_distance(px, py, half_length, half_width)
        limit = min(margin, before - 1e-4)
        for k in range(1, samples + 1):
            if (k - 1) * dt >= first:
                break
            c, s = poses[k, 2], poses[k, 3]
            rx = px - poses[k, 0]
            ry = py - poses[k, 1]
            now = box_distance(c * rx + s * ry, c * ry - s * rx, half_length, half_width)
            if now < limit:
                part = (before - limit) / (before - now)
                first = min(first, (k - 1 + part) * dt)
                break
            before = now
    return first


def speed_factor(free_s: float, twist: Twist, drive: DriveLimits, reaction_s: float) -> float:
    """Return the largest share of `twist` from which the body can still stop within `free_s` along its arc.

    With a share k of the twist and b = min(braking / |v|, angular acceleration / |omega|), stopping takes
    k * reaction + k^2 / (2 b) of the twist's own seconds.
    """
    if math.isinf(free_s) or (twist.v == 0.0 and twist.omega == 0.0):
        return 1.0
    fade = min(
        drive.braking / abs(twist.v) if twist.v else math.inf,
        drive.angular_acceleration / abs(twist.omega) if twist.omega else math.inf,
    )
    share = fade * (math.sqrt(reaction_s**2 + 2.0 * max(free_s, 0.0) / fade) - reaction_s)
    return min(1.0, share)
