"""Feetech's packets: FF FF id length instruction parameters checksum; one byte addresses, the sign in bit 15."""

from __future__ import annotations

import math
from collections.abc import Iterator

from firmware_bridge.emulator.servo_bus import EmulatedServo, Instruction, ServoBusEmulator

HEADER = b"\xff\xff"
SIGN = 0x8000


class FeetechEmulator(ServoBusEmulator):
    """STS servos."""

    counts_per_rad = 4096 / (2 * math.pi)
    torque_address = 40
    goal_address = 42
    goal_size = 2

    def instructions(self) -> Iterator[Instruction]:
        """As ServoBusEmulator."""
        data = self._in
        while len(data) >= 6:
            size = data[3] + 4
            if data[:2] != HEADER or data[3] < 2:
                del data[0]
                self.unreadable += 1
                continue
            if len(data) < size:
                return
            packet = bytes(data[:size])
            if checksum(packet[2:-1]) != packet[-1]:
                del data[0]
                self.unreadable += 1
                continue
            del data[:size]
            yield Instruction(packet[2], packet[4], packet[5:-1])

    def status(self, servo: int, error: int, parameters: bytes) -> bytes:
        """As ServoBusEmulator."""
        body = bytes((servo, len(parameters) + 2, error)) + parameters
        return HEADER + body + bytes((checksum(body),))

    def goal(self, servo: EmulatedServo) -> int:
        """As ServoBusEmulator."""
        word = int.from_bytes(servo.table[42:44], "little")
        return -(word & ~SIGN) if word & SIGN else word

    def refresh(self, servo: EmulatedServo) -> int:
        """As ServoBusEmulator."""
        counts = round(servo.counts)
        servo.table[56:58] = (abs(counts) | (SIGN if counts < 0 else 0)).to_bytes(2, "little")
        servo.table[62], servo.table[63] = round(servo.volts * 10), round(servo.celsius)
        return servo.faults

    def range_read(self, parameters: bytes) -> tuple[int, int]:
        """As ServoBusEmulator."""
        return parameters[0], parameters[1]

    def data_written(self, parameters: bytes) -> tuple[int, bytes]:
        """As ServoBusEmulator."""
        return parameters[0], parameters[1:]

    def sync_blocks(self, parameters: bytes) -> tuple[int, dict[int, bytes]]:
        """As ServoBusEmulator."""
        address, size, rest = parameters[0], parameters[1], parameters[2:]
        return address, {rest[at]: rest[at + 1 : at + 1 + size] for at in range(0, len(rest), size + 1)}


def checksum(body: bytes) -> int:
    """Return the complement of the sum."""
    return ~sum(body) & 0xFF
