"""Dynamixel X servos, protocol 2, through their maker's package (dynamixel-sdk, of the extra `servos`).

Addresses are those of the XL430 control table, which the X series shares. The Bus Watchdog is armed with the torque: a
servo to which nobody has spoken for as long as the firmware's command watchdog waits stops by itself, with torque.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

import dynamixel_sdk

from firmware_bridge.devices.bus import ServoSample
from firmware_bridge.devices.sdk_port import DEFAULT_BAUD, SdkBus
from firmware_bridge.transports.transport import Transport

TORQUE = 64
ERROR_STATUS = 70
WATCHDOG = 98  # in 20 ms; 0 clears it and switches it off, and it says TRIPPED when it has stopped the servo
WATCHDOG_UNITS = 10
TRIPPED = 0xFF
GOAL = 116
PRESENT = 132  # position 4, two trajectories 4 each, voltage 2, temperature 1
PRESENT_SIZE = 15
BEFORE = PRESENT - WATCHDOG  # the watchdog and the present state are read at once
ALERT = 0x80  # in a status packet: look at ERROR_STATUS
FAULTS = {0: "supply", 2: "overheat", 3: "encoder", 4: "overcurrent", 5: "overload"}
PROTOCOL = 2.0


class DynamixelBus(SdkBus):
    """The interface is ServoBus."""

    counts_per_rad = 4096 / (2 * math.pi)

    def __init__(
        self,
        opener: Callable[[], Transport],
        baud: int = DEFAULT_BAUD,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(opener, baud, clock_s)
        self._handler = dynamixel_sdk.PacketHandler(PROTOCOL)

    def read(self, servo: int) -> ServoSample | None:
        """As ServoBus. A servo with an alert is asked for its cause too; where that fails, the read has failed."""
        answer = self._read(servo, WATCHDOG, BEFORE + PRESENT_SIZE)
        if answer is None:
            return None
        (watchdog, data), error = (answer[0][0], answer[0][BEFORE:]), answer[1]
        faults: tuple[str, ...] = ()
        if error & ALERT:
            cause = self._read(servo, ERROR_STATUS, 1)
            if cause is None:
                return None
            faults = tuple(name for bit, name in FAULTS.items() if cause[0][0] >> bit & 1)
        counts = int.from_bytes(data[0:4], "little", signed=True)
        stopped = watchdog == TRIPPED
        if stopped:
            self._arm(servo)
        return ServoSample(counts, int.from_bytes(data[12:14], "little") / 10, float(data[14]), faults, stopped)

    def write_goals(self, goals: Mapping[int, int]) -> bool:
        """As ServoBus."""
        parameters = [
            byte for servo, counts in goals.items() for byte in (servo, *counts.to_bytes(4, "little", signed=True))
        ]
        result = self._handler.syncWriteTxOnly(self._port, GOAL, 4, parameters, len(parameters))
        return bool(result == dynamixel_sdk.COMM_SUCCESS)

    def torque(self, servo: int, on: bool) -> bool:
        """As ServoBus. A servo whose watchdog cannot be armed gets no torque."""
        if on and not self._arm(servo):
            return False
        return self._write(servo, TORQUE, int(on))

    def clear(self, servo: int) -> bool:
        """As ServoBus: only a reboot clears what such a servo has latched."""
        try:
            result, _ = self._handler.reboot(self._port, servo)
        except IndexError:
            return False
        return bool(result == dynamixel_sdk.COMM_SUCCESS)

    def _arm(self, servo: int) -> bool:
        return self._write(servo, WATCHDOG, 0) and self._write(servo, WATCHDOG, WATCHDOG_UNITS)

    def _write(self, servo: int, address: int, value: int) -> bool:
        try:
            result, error = self._handler.write1ByteTxRx(self._port, servo, address, value)
        except IndexError:
            return False
        return bool(result == dynamixel_sdk.COMM_SUCCESS and not error & ~ALERT)

    def _read(self, servo: int, address: int, size: int) -> tuple[bytes, int] | None:
        try:
            data, result, error = self._handler.readTxRx(self._port, servo, address, size)
        except IndexError:  # the package trusts a status packet's length
            return None
        if result != dynamixel_sdk.COMM_SUCCESS or len(data) != size:
            return None
        return bytes(data), error
