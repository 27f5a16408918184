"""The firmware in two forms with one face: its image on an emulated board, and its core as a sanitized program."""

from __future__ import annotations

import subprocess
from pathlib import Path

from firmware_bridge.emulator.board import EmulatedBoard, Pulse

STEP_NS = 5_000_000
BYTES_PER_STEP = 125  # at 250 kbaud
FRAME_STEPS = 3  # control steps between two pulses, about


class CoreBoard:
    """The control core as a host program; runs in whole control steps."""

    def __init__(self, folder: Path, reset_faults: int = 0, program: str = "core_host") -> None:
        self._process = subprocess.Popen(
            [folder / program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._feedback = [2500.0] * 4
        self._supply, self._estop = 6000.0, 0
        self._coming = bytearray()
        self._sent = bytearray()
        self._owed_ns = self._steps = 0
        self._found: list[Pulse] = []
        self.reset(reset_faults=reset_faults)

    def advance(self, duration_ns: int) -> None:
        self._owed_ns += duration_ns
        while self._owed_ns >= STEP_NS:
            self._owed_ns -= STEP_NS
            self.step(STEP_NS // 1000)

    def step(self, duration_us: int) -> None:
        """One control step after `duration_us`, which is not always the period."""
        data, self._coming = self._coming[:BYTES_PER_STEP], self._coming[BYTES_PER_STEP:]
        if data:
            self._ask(f"rx {data.hex()}")
        feedback = " ".join(str(round(mv)) for mv in self._feedback)
        self._ask(f"in {self._estop} {round(self._supply)} {feedback}")
        widths = self._ask(f"step {duration_us}")
        self._steps += 1
        if self._steps % FRAME_STEPS == 0:
            end = self._steps * STEP_NS / 1e3
            self._found += [Pulse(channel, end, width / 2) for channel, width in enumerate(widths) if width]

    def write(self, data: bytes) -> int:
        self._coming += data
        return len(data)

    def read(self) -> bytes:
        data, self._sent = bytes(self._sent), bytearray()
        return data

    def pulses(self) -> list[Pulse]:
        found, self._found = self._found, []
        return found

    def set_feedback(self, joint: int, millivolts: float) -> None:
        self._feedback[joint] = min(max(millivolts, 0.0), 65_535.0)

    def set_supply(self, millivolts: float) -> None:
        self._supply = millivolts

    def set_estop(self, *, open_circuit: bool) -> None:
        self._estop = int(open_circuit)

    def reset(self, *, brown_out: bool = False, reset_faults: int = 0) -> None:
        self._coming.clear()
        self._ask(f"init 0 {reset_faults or 32 * brown_out}")

    def busy(self, busy: bool) -> None:
        """The line from the board takes nothing more."""
        self._ask(f"busy {int(busy)}")

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        errors = self._process.stderr.read() if self._process.stderr else ""
        assert self._process.wait(10) == 0, errors
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _ask(self, line: str) -> list[int]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError(f"core_host ended: {self._process.stderr and self._process.stderr.read()}")
        sent, *widths = answer.split()
        if sent != "-":
            self._sent += bytes.fromhex(sent)
        return [int(width) for width in widths]


Board = CoreBoard | EmulatedBoard


def make_board(kind: str, folder: Path) -> Board:
    return CoreBoard(folder) if kind == "core" else EmulatedBoard(kind, folder=folder)
