"""A board whose servos are simulated elsewhere: pulses out, potentiometers in, as many cycles as it is told."""

from __future__ import annotations

from collections.abc import Sequence

from firmware_bridge.devices.device import NAN
from firmware_bridge.emulator.rig import PulseBoard
from firmware_bridge.emulator.servo import PATIENCE_S
from firmware_bridge.joints import ServoCalibration

US_PER_S = 1e6


class LoopRig:
    """In the place of ServoRig, with nothing on the channels."""

    def __init__(self, board: PulseBoard, calibration: Sequence[ServoCalibration]) -> None:
        self.now_ns = 0
        self._board = board
        self._calibration = tuple(calibration)
        self._widths_us = [NAN] * len(self._calibration)
        self._ended_us = [NAN] * len(self._calibration)
        self.feel([0.0] * len(self._calibration))

    def feel(self, positions: Sequence[float]) -> None:
        """Turn the potentiometers to where the joints are, rad."""
        for joint, (servo, position) in enumerate(zip(self._calibration, positions, strict=True)):
            self._board.set_feedback(joint, servo.feedback_mv(position))

    def run_until(self, now_ns: int) -> None:
        """Run up to `now_ns`: as many cycles as that lasts, fractions kept."""
        self._board.advance(now_ns - self.now_ns)
        self.now_ns = now_ns
        for pulse in self._board.pulses():
            if pulse.channel >= len(self._calibration):
                continue
            self._widths_us[pulse.channel], self._ended_us[pulse.channel] = pulse.width_us, pulse.end_us

    @property
    def widths_us(self) -> tuple[float, ...]:
        """The last pulse of each channel, NaN where none came for so long that a servo is limp."""
        oldest_us = self.now_ns / 1e3 - PATIENCE_S * US_PER_S
        return tuple(w if e >= oldest_us else NAN for w, e in zip(self._widths_us, self._ended_us, strict=True))

    @property
    def asked(self) -> tuple[float, ...]:
        """The position that each of those asks for, rad."""
        return tuple(servo.position_rad(w) for servo, w in zip(self._calibration, self.widths_us, strict=True))
