"""The rows of a servo board, and what its calibration tells the other nodes."""

from __future__ import annotations

from firmware_bridge.calibration import CalibrationError, CalibrationFile
from firmware_bridge.drive import DriveConfig
from firmware_bridge.loop import LoopConfig
from firmware_bridge.node import ServoConfig, calibrated
from firmware_bridge.operator import OperatorConfig
from launch.errors import CallError
from launch.spec import RunSpec, in_loop, row


def calibration(run: RunSpec) -> CalibrationFile:
    """Return where the run's servos stand and what its boom carries. Raises CallError where the file is wrong."""
    try:
        return calibrated(run.devices.calibration)
    except CalibrationError as error:
        raise CallError(f"--calibration {error}") from error


def loop_config(run: RunSpec) -> LoopConfig:
    """The emulated board of a simulation."""
    return LoopConfig(port=f"emulated:{run.devices.hil}", calibration=run.devices.calibration)


def port_config(run: RunSpec) -> ServoConfig:
    """The board at a port."""
    return ServoConfig(port=run.devices.port, calibration=run.devices.calibration)


def drive_config(run: RunSpec) -> DriveConfig:
    """The board that drives a rover's wheels."""
    return DriveConfig(port=run.devices.port)


def operator_config(run: RunSpec) -> OperatorConfig:
    """What the person who started the run asked for."""
    return OperatorConfig(clear_faults=run.devices.clear_faults)


LOOP_ROWS = (
    row("servos", "firmware_bridge.loop:BoardInLoop", when=in_loop, config=loop_config),
    row("operator", "firmware_bridge.operator:Operator", when=in_loop, config=operator_config),
)
