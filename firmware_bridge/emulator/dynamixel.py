"""Dynamixel's protocol 2: FF FF FD 00 id length instruction parameters CRC-16; two byte addresses, stuffed headers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from firmware_bridge.emulator.servo_bus import EmulatedServo, Instruction, ServoBusEmulator

HEADER = b"\xff\xff\xfd\x00"
STATUS = 0x55
ALERT = 0x80
POLYNOMIAL = 0x8005
ERROR_STATUS = 70
WATCHDOG, WATCHDOG_UNIT_S, TRIPPED = 98, 0.02, 0xFF


class DynamixelEmulator(ServoBusEmulator):
    """X servos."""

    counts_per_rad = 4096 / (2 * math.pi)
    torque_address = 64
    goal_address = 116
    goal_size = 4

    def advance(self, duration_s: float) -> None:
        """As ServoBusEmulator, with each servo's Bus Watchdog: it stops where it is, with torque."""
        for servo in self.servos.values():
            servo.silent_s += duration_s
            limit = servo.table[WATCHDOG]
            if servo.table[self.torque_address] and 0 < limit < TRIPPED and servo.silent_s > limit * WATCHDOG_UNIT_S:
                servo.table[WATCHDOG] = TRIPPED
                servo.table[116:120] = round(servo.counts).to_bytes(4, "little", signed=True)
        super().advance(duration_s)

    def deaf(self, servo: EmulatedServo) -> bool:
        """As ServoBusEmulator."""
        return servo.table[WATCHDOG] == TRIPPED

    def instructions(self) -> Iterator[Instruction]:
        """As ServoBusEmulator."""
        data = self._in
        while len(data) >= 10:
            size = int.from_bytes(data[5:7], "little") + 7
            if data[:4] != HEADER or size < 10:
                del data[0]
                self.unreadable += 1
                continue
            if len(data) < size:
                return
            packet = bytes(data[:size])
            if crc(packet[:-2]) != int.from_bytes(packet[-2:], "little"):
                del data[0]
                self.unreadable += 1
                continue
            del data[:size]
            yield Instruction(packet[4], packet[7], packet[8:-2].replace(b"\xff\xff\xfd\xfd", b"\xff\xff\xfd"))

    def status(self, servo: int, error: int, parameters: bytes) -> bytes:
        """As ServoBusEmulator."""
        body = bytes((STATUS, error)) + parameters.replace(b"\xff\xff\xfd", b"\xff\xff\xfd\xfd")
        packet = HEADER + bytes((servo,)) + (len(body) + 2).to_bytes(2, "little") + body
        return packet + crc(packet).to_bytes(2, "little")

    def goal(self, servo: EmulatedServo) -> int:
        """As ServoBusEmulator."""
        return int.from_bytes(servo.table[116:120], "little", signed=True)

    def refresh(self, servo: EmulatedServo) -> int:
        """As ServoBusEmulator."""
        servo.table[132:136] = round(servo.counts).to_bytes(4, "little", signed=True)
        servo.table[144:146] = round(servo.volts * 10).to_bytes(2, "little")
        servo.table[146] = round(servo.celsius)
        servo.table[ERROR_STATUS] = servo.faults
        if servo.faults:
            servo.table[self.torque_address] = 0  # it shuts its motor down by itself
        return ALERT if servo.faults else 0

    def range_read(self, parameters: bytes) -> tuple[int, int]:
        """As ServoBusEmulator."""
        return int.from_bytes(parameters[:2], "little"), int.from_bytes(parameters[2:4], "little")

    def data_written(self, parameters: bytes) -> tuple[int, bytes]:
        """As ServoBusEmulator."""
        return int.from_bytes(parameters[:2], "little"), parameters[2:]

    def sync_blocks(self, parameters: bytes) -> tuple[int, dict[int, bytes]]:
        """As ServoBusEmulator."""
        address, size = self.range_read(parameters)
        rest = parameters[4:]
        return address, {rest[at]: rest[at + 1 : at + 1 + size] for at in range(0, len(rest), size + 1)}


def crc(data: bytes) -> int:
    """Return the CRC-16 of protocol 2, bit by bit (CRC-16/UMTS: polynomial 0x8005, initial 0)."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ POLYNOMIAL if value & 0x8000 else value << 1) & 0xFFFF
    return value
