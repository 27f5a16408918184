"""Feetech STS and SCS servos through their maker's package (feetech-servo-sdk, of the extra `servos`).

Addresses are those of the STS3215 and SCS0009 memory tables; STS numbers are little-endian with a sign in bit 15, SCS
numbers big-endian.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import scservo_sdk

from firmware_bridge.devices.bus import ServoSample
from firmware_bridge.devices.sdk_port import DEFAULT_BAUD, SdkBus
from firmware_bridge.transports.transport import Transport

TORQUE = 40
GOAL = 42
PRESENT = 56  # position 2, speed 2, load 2, voltage 1, temperature 1
PRESENT_SIZE = 8
FAULTS = {0: "supply", 1: "encoder", 2: "overheat", 3: "overcurrent", 5: "overload"}  # bits of a status packet
SIGN = 15


@dataclass(frozen=True)
class Series:
    """What differs between the series."""

    big_endian: int
    counts_per_rad: float
    signed: bool


STS = Series(0, 4096 / (2 * math.pi), True)
SCS = Series(1, 1024 / math.radians(300), False)


class FeetechBus(SdkBus):
    """The interface is ServoBus."""

    def __init__(
        self,
        opener: Callable[[], Transport],
        series: Series = STS,
        baud: int = DEFAULT_BAUD,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts_per_rad = series.counts_per_rad
        self._series = series
        super().__init__(opener, baud, clock_s)
        self._handler = scservo_sdk.PacketHandler(series.big_endian)

    def read(self, servo: int) -> ServoSample | None:
        """As ServoBus."""
        try:
            data, result, error = self._handler.readTxRx(self._port, servo, PRESENT, PRESENT_SIZE)
        except IndexError:  # the package trusts a status packet's length
            return None
        if result != scservo_sdk.COMM_SUCCESS or len(data) != PRESENT_SIZE:
            return None
        counts = self._word(data[0], data[1])
        if self._series.signed:
            counts = scservo_sdk.SCS_TOHOST(counts, SIGN)
        faults = tuple(name for bit, name in FAULTS.items() if error >> bit & 1)
        return ServoSample(counts, data[6] / 10, float(data[7]), faults)

    def write_goals(self, goals: Mapping[int, int]) -> bool:
        """As ServoBus."""
        parameters: list[int] = []
        for servo, counts in goals.items():
            number = scservo_sdk.SCS_TOSCS(counts, SIGN) if self._series.signed else max(0, min(1023, counts))
            low, high = number & 0xFF, number >> 8 & 0xFF
            parameters += [servo, *((high, low) if self._series.big_endian else (low, high))]
        result = self._handler.syncWriteTxOnly(self._port, GOAL, 2, parameters, len(parameters))
        return bool(result == scservo_sdk.COMM_SUCCESS)

    def torque(self, servo: int, on: bool) -> bool:
        """As ServoBus."""
        return self._write(servo, TORQUE, int(on))

    def clear(self, servo: int) -> bool:
        """As ServoBus: these servos clear what has passed when the torque is switched off."""
        return self._write(servo, TORQUE, 0)

    def _write(self, servo: int, address: int, value: int) -> bool:
        try:
            result, _ = self._handler.write1ByteTxRx(self._port, servo, address, value)
        except IndexError:
            return False
        return bool(result == scservo_sdk.COMM_SUCCESS)

    def _word(self, first: int, second: int) -> int:
        return first << 8 | second if self._series.big_endian else second << 8 | first
