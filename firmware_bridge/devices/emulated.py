"""A body without hardware: an emulated board with its servos, run up to the time at which it is polled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Health, Reading
from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.joints import DEFAULT_CALIBRATION, ServoCalibration
from firmware_bridge.transports.emulated import EmulatedTransport


class Rig(Protocol):
    """What is on the board's channels."""

    def run_until(self, now_ns: int) -> None:
        """Let board and servos run up to `now_ns` since power-on."""


R = TypeVar("R", bound=Rig)


class EmulatedDesk(Generic[R]):
    """The interface is ServoDevice. Two runs with the same calls give the same bytes."""

    def __init__(
        self,
        kind: str,
        rig: Callable[[EmulatedBoard, Sequence[ServoCalibration]], R],
        calibration: Sequence[ServoCalibration] = DEFAULT_CALIBRATION,
    ) -> None:
        """Power the board on; raises FirmwareMissing before `make firmware`. The servos are as `calibration` says."""
        self.board = EmulatedBoard(kind)
        self.rig = rig(self.board, calibration)
        self.device = BoardDevice(lambda: EmulatedTransport(self.board), calibration)
        self._begun_ns: int | None = None

    def aim(self, now_ns: int, positions: Sequence[float]) -> bool:
        """As ServoDevice."""
        return self.device.aim(now_ns, positions)

    def poll(self, now_ns: int) -> list[Reading]:
        """As ServoDevice."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        self.rig.run_until(now_ns - self._begun_ns)
        return self.device.poll(now_ns)

    def enable(self, on: bool) -> None:
        """As ServoDevice."""
        self.device.enable(on)

    def clear_faults(self) -> None:
        """As ServoDevice."""
        self.device.clear_faults()

    def health(self) -> Health:
        """As ServoDevice."""
        return self.device.health()

    def close(self) -> None:
        """As ServoDevice."""
        self.device.close()
        self.board.close()
