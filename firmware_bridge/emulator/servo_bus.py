"""Bus servos as bytes: packets in, status packets out, a control table and a motor behind each.

Two makers' forms of it are written from their protocol pages and share no code with their packages, so that a mistake
in one is not repeated in the other. It is a transport: what a driver writes, its servos read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PING, READ, WRITE, REBOOT, SYNC_WRITE = 1, 2, 3, 8, 0x83
BROADCAST = 0xFE
TABLE_SIZE = 256
SPEED = 6.0  # rad/s


@dataclass
class Instruction:
    """One packet to a servo."""

    servo: int
    code: int
    parameters: bytes


@dataclass
class EmulatedServo:
    """One servo: its table, and a joint that moves to the goal while there is torque."""

    counts: float = 2048.0
    volts: float = 7.4
    celsius: float = 31.0
    faults: int = 0  # bits, as the maker numbers them
    table: bytearray = field(default_factory=lambda: bytearray(TABLE_SIZE))
    goals: list[int] = field(default_factory=list)
    """Every goal it was sent."""
    silent_s: float = 0.0
    """Since anybody spoke on the bus."""


@dataclass
class BusTrouble:
    """What goes wrong on the bus; may be changed at any time. Every n-th answer, 0 for none."""

    mute: set[int] = field(default_factory=set)  # servos that do not answer
    lose_every: int = 0
    corrupt_every: int = 0
    foreign_every: int = 0  # an answer with another servo's id comes first
    cut_every: int = 0  # half an answer


class ServoBusEmulator(ABC):
    """The bus with its servos; subclasses know a maker's packets and table."""

    counts_per_rad: float
    torque_address: int
    goal_address: int
    goal_size: int

    def __init__(self, servos: Iterable[int]) -> None:
        self.servos = {servo: EmulatedServo() for servo in servos}
        self.trouble = BusTrouble()
        self.answered = 0
        self.unreadable = 0
        """Bytes that were part of no good packet."""
        self._in = bytearray()
        self._out = bytearray()

    def read(self) -> bytes:
        """As Transport."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def write(self, data: bytes) -> None:
        """As Transport."""
        self._in += data
        for instruction in self.instructions():
            self._perform(instruction)

    def close(self) -> None:  # noqa: B027  # nothing is held
        """As Transport."""

    def advance(self, duration_s: float) -> None:
        """Move every servo with torque toward its goal."""
        for servo in self.servos.values():
            if servo.table[self.torque_address]:
                way = SPEED * duration_s * self.counts_per_rad
                servo.counts += max(-way, min(way, self.goal(servo) - servo.counts))

    def deaf(self, servo: EmulatedServo) -> bool:
        """Return whether a servo takes no goal: its own watchdog has stopped it."""
        return False

    @abstractmethod
    def instructions(self) -> Iterator[Instruction]:
        """Take the whole packets out of what came."""

    @abstractmethod
    def status(self, servo: int, error: int, parameters: bytes) -> bytes:
        """Return a status packet."""

    @abstractmethod
    def goal(self, servo: EmulatedServo) -> int:
        """Return the goal in a servo's table, counts."""

    @abstractmethod
    def refresh(self, servo: EmulatedServo) -> int:
        """Write what the servo measures into its table; return the error of its status packets."""

    def _perform(self, instruction: Instruction) -> None:
        for listening in self.servos.values():
            listening.silent_s = 0.0
        if instruction.code == SYNC_WRITE:
            self._sync_write(instruction.parameters)
            return
        servo = self.servos.get(instruction.servo)
        if servo is None:
            return
        error, parameters = self.refresh(servo), b""
        if instruction.code == READ:
            address, size = self.range_read(instruction.parameters)
            parameters = bytes(servo.table[address : address + size])
        elif instruction.code == WRITE:
            address, data = self.data_written(instruction.parameters)
            self._store(servo, address, data)
        elif instruction.code == REBOOT:
            servo.faults = 0
            servo.table[self.torque_address] = 0
        self._answer(instruction.servo, error, parameters)

    @abstractmethod
    def range_read(self, parameters: bytes) -> tuple[int, int]:
        """Return address and size that a READ asks for."""

    @abstractmethod
    def data_written(self, parameters: bytes) -> tuple[int, bytes]:
        """Return address and data of a WRITE."""

    @abstractmethod
    def sync_blocks(self, parameters: bytes) -> tuple[int, dict[int, bytes]]:
        """Return the address of a SYNC_WRITE and each servo's data."""

    def _sync_write(self, parameters: bytes) -> None:
        address, blocks = self.sync_blocks(parameters)
        for servo, data in blocks.items():
            if servo in self.servos:
                self._store(self.servos[servo], address, data)

    def _store(self, servo: EmulatedServo, address: int, data: bytes) -> None:
        if address == self.goal_address and self.deaf(servo):
            return
        servo.table[address : address + len(data)] = data
        if address == self.goal_address:
            servo.goals.append(self.goal(servo))

    def _answer(self, servo: int, error: int, parameters: bytes) -> None:
        trouble = self.trouble
        if servo in trouble.mute:
            return
        self.answered += 1
        packet = bytearray(self.status(servo, error, parameters))
        if _due(self.answered, trouble.lose_every):
            return
        if _due(self.answered, trouble.foreign_every):
            self._out += self.status((servo + 1) % BROADCAST, 0, parameters)
        if _due(self.answered, trouble.corrupt_every):
            packet[-3] ^= 0x10
        if _due(self.answered, trouble.cut_every):
            del packet[len(packet) // 2 :]
        self._out += packet


def _due(count: int, every: int) -> bool:
    return every > 0 and count % every == 0
