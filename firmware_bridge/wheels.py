"""The rover's wheels on a servo board: what the channels of its firmware mean, and how a twist becomes wheel speeds.

The protocol speaks of positions in units of 0.1 mrad; to a board with the rover's firmware (core/wheels.h) the same
numbers are speeds in mrad/s. So a wheel that turns at 10 rad/s is told as a "position" of 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from firmware_bridge.joints import ServoCalibration
from robot.bodies.rover.body import RoverBody

BODY = RoverBody()
UNIT = 10.0  # rad/s of a wheel that the board takes for one radian
SPEED_MAX = (BODY.drive.v_max + BODY.drive.omega_max * BODY.wheels.separation / 2.0) / BODY.wheels.radius
"""rad/s of a wheel; core/wheels.h says the same, and a test compares them."""
US_PER_UNIT = 400


def motor(us_per_unit: int) -> ServoCalibration:
    """Return how a motor controller takes pulses: 1500 us is rest. Nothing measures it."""
    return ServoCalibration(
        us_per_rad=us_per_unit,
        range_min_rad=-SPEED_MAX / UNIT,
        range_max_rad=SPEED_MAX / UNIT,
        feedback_centre_mv=0,
        feedback_mv_per_rad=0,
    )


@dataclass(frozen=True)
class Wheels:
    """Left and right: channels 0 and 1. The right motor is mounted the other way round."""

    calibration: tuple[ServoCalibration, ...] = (motor(US_PER_UNIT), motor(-US_PER_UNIT))

    def speeds(self, v: float, omega: float) -> tuple[float, float]:
        """Return left and right, rad/s, of a twist (m/s, rad/s); slower alike where one would pass its limit."""
        half = omega * BODY.wheels.separation / 2.0
        pair = ((v - half) / BODY.wheels.radius, (v + half) / BODY.wheels.radius)
        fastest = max(abs(speed) for speed in pair)
        share = SPEED_MAX / fastest if fastest > SPEED_MAX else 1.0
        return pair[0] * share, pair[1] * share


def to_board(speeds: Sequence[float]) -> tuple[float, ...]:
    """Return wheel speeds (rad/s) as the positions that the board's device takes."""
    return tuple(speed / UNIT for speed in speeds)


def from_board(positions: Sequence[float]) -> tuple[float, ...]:
    """Return the wheel speeds (rad/s) that a reading's positions mean; NaN stays NaN."""
    return tuple(position * UNIT if math.isfinite(position) else math.nan for position in positions)
