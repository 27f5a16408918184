"""A twist within the body's limits: scrubbed of NaN, clipped in speed, and ramped in acceleration and braking."""

from __future__ import annotations

import math
from typing import NamedTuple

from robot.bodies.rover.body import DriveLimits


class Twist(NamedTuple):
    """v, m/s forward; omega, rad/s counter-clockwise."""

    v: float
    omega: float


STILL = Twist(0.0, 0.0)


def is_finite(*values: float) -> bool:
    """Return whether no value is NaN or infinite."""
    return all(math.isfinite(value) for value in values)


def clip(twist: Twist, drive: DriveLimits) -> Twist:
    """Return the twist inside the body's speed limits. A curve keeps its curvature when v is cut."""
    v = min(max(twist.v, drive.v_min), drive.v_max)
    omega = twist.omega * (v / twist.v if twist.v else 1.0)
    return Twist(v, min(max(omega, -drive.omega_max), drive.omega_max))


def ramp(last: Twist, wanted: Twist, drive: DriveLimits, dt_s: float) -> Twist:
    """Return the twist nearest to `wanted` that the body may reach from `last` in `dt_s`."""
    turn = drive.angular_acceleration * dt_s
    omega = min(max(wanted.omega, last.omega - turn), last.omega + turn)
    return Twist(_ramp_speed(last.v, wanted.v, drive, dt_s), omega)


def _ramp_speed(last: float, wanted: float, drive: DriveLimits, dt_s: float) -> float:
    """Brake at the body's braking limit (through zero no further than zero), speed up at its acceleration."""
    if last < 0.0 or (last == 0.0 and wanted < 0.0):
        return -_ramp_speed(-last, -wanted, drive, dt_s)
    if wanted >= last:
        return min(wanted, last + drive.acceleration * dt_s)
    return max(wanted, last - drive.braking * dt_s, 0.0)
