"""The rover's wheels as a node: twists become wheel speeds on a servo board that has the rover's firmware."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from firmware_bridge.calibration import CalibrationFile
from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Reading, ServoDevice
from firmware_bridge.devices.emulated import EmulatedDesk
from firmware_bridge.emulator.board import ROVER
from firmware_bridge.emulator.loop_rig import LoopRig
from firmware_bridge.node import ServoConfig, ServoNode, board_kind, serial_opener
from firmware_bridge.wheels import US_PER_UNIT, Wheels, from_board, motor, to_board
from robot import topics
from robot.messages import WheelSpeeds
from robot.node import Inbox, Message, Topic


@dataclass(frozen=True)
class DriveConfig(ServoConfig):
    """As ServoConfig, and how the motors take pulses; calibration files are of displays."""

    left_us: int = US_PER_UNIT  # us per 10 rad/s of the wheel, forward
    right_us: int = -US_PER_UNIT


class DriveNode(ServoNode):
    """See the module's docstring. Frame of the twist: base_link."""

    inputs = (topics.CMD_VEL, topics.DEVICE_REQUEST)
    outputs = (topics.WHEEL_SPEEDS, topics.DEVICE_HEALTH, topics.LOG)

    def __init__(self, config: DriveConfig, rng: Generator) -> None:
        """Prepare the device. Raises ValueError where the port names an emulated board of a display."""
        self._wheels = Wheels((motor(config.left_us), motor(config.right_us)))
        super().__init__(config, rng)

    def asked(self, inbox: Inbox) -> Sequence[float] | None:
        """As ServoNode: what the newest twist means for the wheels."""
        twist = inbox.fresh(topics.CMD_VEL)
        return None if twist is None else to_board(self._wheels.speeds(twist.v, twist.omega))

    def said(self, reading: Reading) -> tuple[Topic[Any], Message]:
        """As ServoNode."""
        left, right = from_board(reading.commanded)
        return topics.WHEEL_SPEEDS, WheelSpeeds(stamp_ns=reading.stamp_ns, left=left, right=right)

    def open(self, port: str, calibration: CalibrationFile) -> ServoDevice:
        """Return the board that drives the wheels."""
        del calibration
        kind = board_kind(port)
        if kind is None:
            return BoardDevice(serial_opener(port), self._wheels.calibration)
        if not kind.endswith(ROVER):
            raise ValueError(f"port '{port}': has a display's firmware; a rover needs emulated:{kind}{ROVER}")
        return EmulatedDesk(kind, LoopRig, self._wheels.calibration)
