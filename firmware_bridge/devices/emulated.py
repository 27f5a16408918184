"""A body without hardware: an emulated board with four hobby servos, run up to the time at which it is polled."""

from __future__ import annotations

from collections.abc import Sequence

from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Health, Reading
from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.emulator.rig import STEP_NS, ServoRig
from firmware_bridge.joints import DEFAULT_CALIBRATION, ServoCalibration
from firmware_bridge.transports.emulated import EmulatedTransport


class EmulatedDesk:
    """The interface is ServoDevice. Two runs with the same calls give the same bytes."""

    def __init__(self, kind: str, calibration: Sequence[ServoCalibration] = DEFAULT_CALIBRATION) -> None:
        """Power the board on; raises FirmwareMissing before `make firmware`. The servos are as `calibration` says."""
        self.board = EmulatedBoard(kind)
        self.rig = ServoRig(self.board, calibration=calibration)
        self.device = BoardDevice(lambda: EmulatedTransport(self.board), calibration)
        self._begun_ns: int | None = None

    def aim(self, now_ns: int, positions: Sequence[float]) -> bool:
        """As ServoDevice."""
        return self.device.aim(now_ns, positions)

    def poll(self, now_ns: int) -> list[Reading]:
        """As ServoDevice."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        owed_ns = now_ns - self._begun_ns - self.rig.now_ns
        self.rig.advance(owed_ns // STEP_NS * STEP_NS)
        self.rig.forget()
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
