"""The calibration file: where each servo of one real body stands. Versioned, refused where it contradicts the body.

Everything that reads such a file checks all of it against the body's limits first; nothing is mended silently.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec

from firmware_bridge.joints import (
    DEFAULT_CALIBRATION,
    PAYLOAD_MAX_KG,
    PULSE_MAX_US,
    PULSE_MIN_US,
    TABLETOP,
    US_PER_RAD_MAX,
    JointLimits,
    ServoCalibration,
)

FORMAT = 1
FEEDBACK_MAX_MV = 5000


class CalibrationError(ValueError):
    """A file that is no calibration of this body; the text names file, joint and reason."""


class CalibrationFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds."""

    format: int
    body: str
    payload_kg: float  # at the end of the boom
    joints: dict[str, ServoCalibration]


def defaults(body: str = "tabletop") -> CalibrationFile:
    """Return what the firmware assumes, as a file would say it."""
    joints = {limits.name: joint for limits, joint in zip(TABLETOP, DEFAULT_CALIBRATION, strict=True)}
    return CalibrationFile(FORMAT, body, 1.1, joints)


def load(path: Path, limits: Sequence[JointLimits] = TABLETOP) -> CalibrationFile:
    """Return the calibration in `path`.

    Raises:
        CalibrationError: it cannot be read, has another format, or contradicts the limits.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=CalibrationFile)
    except OSError as error:
        raise CalibrationError(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise CalibrationError(f"{path}: {error}") from error
    check(found, str(path), limits)
    return found


def save(path: Path, calibration: CalibrationFile, limits: Sequence[JointLimits] = TABLETOP) -> None:
    """Write `calibration`, whole or not at all. Raises CalibrationError as `load` would, before anything is written."""
    check(calibration, str(path), limits)
    text = msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n"
    draft = path.with_suffix(path.suffix + ".new")
    try:
        draft.write_bytes(text)
        draft.replace(path)
    except OSError as error:
        raise CalibrationError(f"{path}: {error.strerror}") from error


def check(calibration: CalibrationFile, where: str, limits: Sequence[JointLimits]) -> None:
    """Raise CalibrationError where `calibration` is not one of a body with these joints."""
    if calibration.format != FORMAT:
        raise CalibrationError(f"{where}: format {calibration.format}, this program reads {FORMAT}: calibrate again")
    if not 0.0 <= calibration.payload_kg <= PAYLOAD_MAX_KG:
        raise CalibrationError(
            f"{where}: payload of {calibration.payload_kg:g} kg; the body carries 0 to {PAYLOAD_MAX_KG}"
        )
    names = [joint.name for joint in limits]
    if sorted(names) != sorted(calibration.joints):
        raise CalibrationError(f"{where}: joints {', '.join(calibration.joints)}; the body has {', '.join(names)}")
    for joint in limits:
        wrong = contradiction(calibration.joints[joint.name], joint)
        if wrong:
            raise CalibrationError(f"{where}: {joint.name}: {wrong}")


def contradiction(servo: ServoCalibration, joint: JointLimits) -> str | None:
    """Return why `servo` cannot drive `joint`, or None where it can."""
    if not all(math.isfinite(end) for end in (servo.range_min_rad, servo.range_max_rad)):
        return "its range is not finite"
    if not servo.range_min_rad < 0.0 < servo.range_max_rad:
        return f"its range {_degrees(servo.range_min_rad)} to {_degrees(servo.range_max_rad)} does not hold 0"
    if servo.range_min_rad < joint.min_rad or servo.range_max_rad > joint.max_rad:
        return (
            f"its range {_degrees(servo.range_min_rad)} to {_degrees(servo.range_max_rad)} passes the body's limits "
            f"{_degrees(joint.min_rad)} to {_degrees(joint.max_rad)}"
        )
    if not 0 < abs(servo.us_per_rad) <= US_PER_RAD_MAX:
        return f"{servo.us_per_rad} us/rad; it must be 1 to {US_PER_RAD_MAX}, or as much the other way"
    pulses = [servo.pulse_us(end) for end in (servo.range_min_rad, servo.range_max_rad)]
    if min(pulses) < PULSE_MIN_US or max(pulses) > PULSE_MAX_US:
        return f"pulses of {min(pulses):.0f} to {max(pulses):.0f} us; servos take {PULSE_MIN_US} to {PULSE_MAX_US}"
    if not 0 <= servo.feedback_centre_mv <= FEEDBACK_MAX_MV or abs(servo.feedback_mv_per_rad) > FEEDBACK_MAX_MV:
        feedback = f"{servo.feedback_centre_mv} mV and {servo.feedback_mv_per_rad} mV/rad"
        return f"feedback of {feedback}; the board reads 0 to 5 V"
    return None


def in_order(calibration: CalibrationFile, limits: Sequence[JointLimits] = TABLETOP) -> tuple[ServoCalibration, ...]:
    """Return the joints' calibrations in the order of the servo channels."""
    return tuple(calibration.joints[joint.name] for joint in limits)


def _degrees(angle: float) -> str:
    return f"{math.degrees(angle):.1f}°"
