"""An Arduino with our firmware on it: bytes in and out, pulse widths out, voltages in, and time only as it is told.

`advance` runs as many processor cycles as the time it is given, so a board in step with a physics engine gives the same
bytes in every run.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.library import BUILD, Edge, built, load
from firmware_bridge.protocol.description import load as load_protocol

CLOCK_HZ = 16_000_000
CYCLES_PER_US = CLOCK_HZ // 1_000_000
SUPPLY_INPUT = 4
SUPPLY_DIVIDER = 3  # 20 k over 10 k before the pin
BATCH = 4096


@dataclass(frozen=True)
class BoardKind:
    """What the emulator must know of a board: the processor, and what hal/uno.c and hal/mega.c connect where."""

    processor: str
    servo_units: str  # timer and compare unit of each channel
    estop_pin: str


KINDS = {
    "uno": BoardKind("atmega328p", "1A1B2A2B", "D4"),
    "mega": BoardKind("atmega2560", "1A1B3A3B", "G5"),
}
ROVER = "_rover"
KINDS |= {f"{name}{ROVER}": kind for name, kind in KINDS.items()}
"""The same boards with the rover's limits in their firmware."""


@dataclass(frozen=True)
class Pulse:
    """One servo pulse that ended."""

    channel: int
    end_us: float  # board time since power-on
    width_us: float


class BoardStopped(RuntimeError):
    """The processor stopped for good: a crash that no reset ends."""


class EmulatedBoard:
    """One board. Not thread-safe; close it."""

    def __init__(self, kind: str, image: str | None = None, folder: Path = BUILD) -> None:
        """Flash `image` (default: the firmware of this kind) and power the board on.

        Raises:
            FirmwareMissing: `make firmware` was not run.
            ValueError: simavr cannot load it.
        """
        self.kind = KINDS[kind]
        self._library = load(folder)
        self.image = built(image or f"{kind}.hex", folder)
        self._handle = self._library.board_new(
            self.kind.processor.encode(),
            str(self.image).encode(),
            self.kind.servo_units.encode(),
            CLOCK_HZ,
            load_protocol().framing.baud,
        )
        if not self._handle:
            raise ValueError(f"simavr knows no {self.kind.processor} or cannot load its image")
        self._run_ns = 0
        self._run_cycles = 0
        self._rise: dict[int, int] = {}
        self._bytes = ctypes.create_string_buffer(BATCH)
        self._edges = (Edge * BATCH)()
        self.set_estop(open_circuit=False)
        self.set_supply(6000)

    @property
    def time_us(self) -> float:
        """Board time since power-on."""
        return float(self._library.board_cycle(self._handle)) / CYCLES_PER_US

    def advance(self, duration_ns: int) -> None:
        """Run for `duration_ns`. Fractions of a cycle add up. Raises BoardStopped."""
        self._run_ns += duration_ns
        cycles = self._run_ns * CLOCK_HZ // 1_000_000_000 - self._run_cycles
        self._run_cycles += cycles
        if self._library.board_run(self._handle, cycles):
            raise BoardStopped("the emulated processor stopped")

    def write(self, data: bytes) -> int:
        """Put bytes on the line to the board; they arrive at the line's pace. Returns how many it could take."""
        return int(self._library.board_send(self._handle, data, len(data)))

    def read(self) -> bytes:
        """Return the bytes the board has sent since the last call."""
        out = bytearray()
        while count := self._library.board_receive(self._handle, self._bytes, BATCH):
            out += self._bytes.raw[:count]
        return bytes(out)

    def pulses(self) -> list[Pulse]:
        """Return the servo pulses that ended since the last call, in order."""
        found: list[Pulse] = []
        while count := self._library.board_edges(self._handle, self._edges, BATCH):
            for edge in self._edges[:count]:
                if edge.level:
                    self._rise[edge.channel] = edge.cycle
                elif edge.channel in self._rise:
                    width = (edge.cycle - self._rise.pop(edge.channel)) / CYCLES_PER_US
                    found.append(Pulse(edge.channel, edge.cycle / CYCLES_PER_US, width))
        return found

    @property
    def lost(self) -> int:
        """Bytes and edges that nobody fetched in time."""
        return int(self._library.board_lost(self._handle))

    @property
    def stack_bytes(self) -> int:
        """The most bytes its stack ever had."""
        return int(self._library.board_stack(self._handle))

    def set_feedback(self, joint: int, millivolts: float) -> None:
        """Set the voltage of a joint's position feedback."""
        self._library.board_analog(self._handle, joint, round(millivolts))

    def set_supply(self, millivolts: float) -> None:
        """Set the servo supply, before its divider."""
        self._library.board_analog(self._handle, SUPPLY_INPUT, round(millivolts / SUPPLY_DIVIDER))

    def set_estop(self, *, open_circuit: bool) -> None:
        """Press (open) or release the e-stop, a normally closed switch to ground."""
        self._library.board_pin(self._handle, self.kind.estop_pin.encode(), int(open_circuit))

    def reset(self, *, brown_out: bool = False) -> None:
        """Reset the processor, as its button does or as its brown-out detector."""
        self._library.board_reset(self._handle, int(brown_out))

    def hang(self) -> None:
        """Make the program jump on the spot from its next instruction on."""
        self._library.board_hang(self._handle)

    def heal(self) -> None:
        """Undo `hang`; the processor still stands where it stood until something resets it."""
        self._library.board_heal(self._handle)

    def close(self) -> None:
        """Release the board."""
        if self._handle:
            self._library.board_free(self._handle)
            self._handle = None
