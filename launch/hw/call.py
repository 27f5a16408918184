"""What a call says of devices, checked before anything is started: one line names what is missing and what to do."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.calibration import CalibrationError, load
from firmware_bridge.emulator.board import KINDS
from firmware_bridge.emulator.library import FirmwareMissing, built
from launch.errors import CallError, unknown
from launch.spec import Devices


def loop_devices(profile: str, hil: bool, board: str, calibration: Path | None) -> Devices:
    """Return the devices of a simulation. Raises CallError."""
    if calibration is not None and profile != "tabletop":
        raise CallError(f"--calibration: says where the display's servos stand; {profile} has none")
    file = checked_calibration(calibration)
    if not hil:
        return Devices(calibration=file)
    if profile != "tabletop":
        raise CallError(f"--hil: {profile} has no servos for a board to drive; there is: tabletop")
    if board not in KINDS:
        raise unknown("value of --board:", board, KINDS)
    try:
        built(f"{board}.hex")
        built("libboard.so")
    except FirmwareMissing as error:
        raise CallError(f"--hil: {error}") from error
    return Devices(hil=board, calibration=file)


def checked_calibration(path: Path | None) -> str:
    """Return the path of a calibration that suits the body, empty for None. Raises CallError."""
    if path is None:
        return ""
    try:
        load(path)
    except CalibrationError as error:
        raise CallError(f"--calibration {error}") from error
    return str(path.resolve())
