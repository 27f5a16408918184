"""A board with a servo on each channel, and a record of every pulse and of how the joints moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware_bridge.emulator.board import Pulse
from firmware_bridge.emulator.servo import HobbyServo
from firmware_bridge.joints import DEFAULT_CALIBRATION, ServoCalibration

STEP_NS = 1_000_000


class PulseBoard(Protocol):
    """What the rig needs of a board."""

    def advance(self, duration_ns: int) -> None:
        """Run for `duration_ns`."""

    def pulses(self) -> list[Pulse]:
        """Return the servo pulses that ended since the last call."""

    def set_feedback(self, joint: int, millivolts: float) -> None:
        """Set the voltage of a joint's position feedback."""


@dataclass(frozen=True)
class Moment:
    """Something recorded: when, and a position."""

    time_s: float
    position: float  # rad


class ServoRig:
    """Runs board and servos together, a millisecond at a time."""

    def __init__(
        self,
        board: PulseBoard,
        calibration: Sequence[ServoCalibration] = DEFAULT_CALIBRATION,
        start: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
    ) -> None:
        self.board = board
        self.servos = [HobbyServo(c, position) for c, position in zip(calibration, start, strict=True)]
        self.asked: list[list[Moment]] = [[] for _ in self.servos]
        """Per joint, what each pulse asked for."""
        self.moved: list[list[Moment]] = [[] for _ in self.servos]
        """Per joint, where it was, each millisecond."""
        self.now_ns = 0
        self._calibration = tuple(calibration)

    def advance(self, duration_ns: int) -> None:
        """Run for `duration_ns`, a multiple of a millisecond."""
        for _ in range(duration_ns // STEP_NS):
            for joint, servo in enumerate(self.servos):
                self.board.set_feedback(joint, servo.feedback_mv())
            self.board.advance(STEP_NS)
            self.now_ns += STEP_NS
            for pulse in self.board.pulses():
                self.servos[pulse.channel].pulse(pulse.width_us)
                position = self._calibration[pulse.channel].position_rad(pulse.width_us)
                self.asked[pulse.channel].append(Moment(pulse.end_us / 1e6, position))
            for joint, servo in enumerate(self.servos):
                servo.advance(STEP_NS / 1e9)
                self.moved[joint].append(Moment(self.now_ns / 1e9, servo.position))

    def run_until(self, now_ns: int) -> None:
        """Run up to `now_ns`, as far as whole milliseconds go, and keep no record."""
        self.advance((now_ns - self.now_ns) // STEP_NS * STEP_NS)
        self.forget()

    def forget(self) -> None:
        """Empty the record: a rig that runs for hours keeps nothing."""
        for moments in (*self.asked, *self.moved):
            moments.clear()

    @property
    def powered(self) -> bool:
        """Whether any servo follows pulses."""
        return any(servo.powered for servo in self.servos)
