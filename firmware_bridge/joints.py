"""The joints that servos drive: their limits, as the firmware has them too, and where a servo stands at which position.

The limits here and in firmware/core/limits.h are equal; a test compares them through the firmware itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class JointLimits:
    """What a joint may do."""

    name: str
    min_rad: float
    max_rad: float
    rate: float  # rad/s


TABLETOP = (
    JointLimits("base_yaw", -2.7925, 2.7925, 2.5),
    JointLimits("boom_pitch", -0.6, 0.9, 1.5),
    JointLimits("display_pitch", -0.8, 0.8, 3.0),
    JointLimits("display_roll", -0.6, 0.6, 3.0),
)
"""In the order of the servo channels."""

PULSE_MIN_US = 500  # as in limits.h: what hobby servos take without running into their stops
PULSE_MAX_US = 2500
US_PER_RAD_MAX = 2000
PAYLOAD_MAX_KG = 1.5  # display and camera at the end of the boom


@dataclass(frozen=True)
class ServoCalibration:
    """Where a hobby servo stands. Pulse = centre_us + us_per_rad * position; feedback likewise."""

    centre_us: int = 1500
    us_per_rad: int = 637  # negative where the servo turns the other way
    range_min_rad: float = -0.5
    range_max_rad: float = 0.5
    feedback_centre_mv: int = 2500
    feedback_mv_per_rad: int = 1200  # 0 where the servo brings out no feedback

    def pulse_us(self, position_rad: float) -> float:
        """Return the pulse for a position."""
        return self.centre_us + self.us_per_rad * position_rad

    def position_rad(self, pulse_us: float) -> float:
        """Return the position a pulse asks for."""
        return (pulse_us - self.centre_us) / self.us_per_rad

    def feedback_mv(self, position_rad: float) -> float:
        """Return the voltage that the servo's potentiometer brings out at a position."""
        return self.feedback_centre_mv + self.feedback_mv_per_rad * position_rad


def whole_range(limits: JointLimits, us_per_rad: int = 637, feedback_mv_per_rad: int = 1200) -> ServoCalibration:
    """Return an ideal servo's calibration over all of a joint's limits."""
    return ServoCalibration(
        us_per_rad=us_per_rad,
        range_min_rad=limits.min_rad,
        range_max_rad=limits.max_rad,
        feedback_mv_per_rad=feedback_mv_per_rad,
    )


DEFAULT_CALIBRATION = (
    whole_range(TABLETOP[0], 350, 700),  # geared: the servo turns less than the joint
    *(whole_range(limits) for limits in TABLETOP[1:]),
)
"""What the firmware assumes until it is told better."""
