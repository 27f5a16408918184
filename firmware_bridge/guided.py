"""Guided calibration of a board's servos: jog each joint to its zero and to both its ends, and say where that is.

The board is driven by the calibration the firmware assumes, so what is asked of a joint is a known pulse; from the
pulses at two known angles follow centre, scale and direction, and from the third the range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from firmware_bridge.calibration import FORMAT, CalibrationFile
from firmware_bridge.devices.device import Reading, ServoDevice
from firmware_bridge.joints import DEFAULT_CALIBRATION, TABLETOP, JointLimits, ServoCalibration

SETTLE_TICKS = 150  # of 10 ms, for the joint to arrive and its feedback to rest
SMALLEST_DEG = 5.0  # between zero and an end: nearer, the scale would be a guess


class AnswerError(ValueError):
    """What was typed cannot be used; the text says at which joint and why."""


class Talk(Protocol):
    """A person. Waiting for them must keep `JogBench.tick` going, or the board's watchdog takes the servos' power."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, prompt: str) -> str:
        """Return the line typed in answer."""


class JogBench:
    """A device held where it was last jogged to."""

    def __init__(self, device: ServoDevice, clock_ns: Callable[[], int]) -> None:
        self._device = device
        self._clock_ns = clock_ns
        self.positions = [0.0] * len(TABLETOP)
        self.reading: Reading | None = None
        self.words: list[str] = []

    def tick(self) -> None:
        """Exchange what is due; call every 10 ms."""
        now_ns = self._clock_ns()
        for reading in self._device.poll(now_ns):
            self.reading = reading
        health = self._device.health()
        self.words += health.words
        if health.state in ("starting", "running", "holding"):
            self._device.aim(now_ns, self.positions)

    def settle(self) -> None:
        """Give a joint time to arrive."""
        for _ in range(SETTLE_TICKS):
            self.tick()

    def enable(self) -> str | None:
        """Give the servos power; return why that failed, None where it did not."""
        self._device.enable(True)
        for _ in range(2 * SETTLE_TICKS):
            self.tick()
            if self._device.health().state == "running":
                return None
        return "; ".join(self.words) or "the board does not answer"


def calibrate(bench: JogBench, talk: Talk, body: str, limits: Sequence[JointLimits] = TABLETOP) -> CalibrationFile:
    """Return what the person and the servos say. Raises AnswerError; the file is not checked here, `save` does that."""
    talk.say("Each joint is jogged with numbers of microseconds (12 or -30); an empty line says that it stands there.")
    joints = {joint.name: _joint(bench, talk, index, joint) for index, joint in enumerate(limits)}
    payload = _number(talk, "mass at the end of the boom, kg: ", "payload")
    return CalibrationFile(FORMAT, body, payload, joints)


def _joint(bench: JogBench, talk: Talk, index: int, limits: JointLimits) -> ServoCalibration:
    centre_us, centre_mv = _jog(bench, talk, index, f"{limits.name}: to its zero mark")
    far_us, far_mv = _jog(bench, talk, index, f"{limits.name}: near its upper end")
    degrees = _number(talk, f"{limits.name}: degrees from zero: ", limits.name)
    if degrees < SMALLEST_DEG:
        raise AnswerError(f"{limits.name}: the upper end must be {SMALLEST_DEG:g} degrees or more above zero")
    if far_us == centre_us:
        raise AnswerError(f"{limits.name}: the joint was not moved from its zero mark")
    far = math.radians(degrees)
    low_us, _ = _jog(bench, talk, index, f"{limits.name}: near its lower end")
    bench.positions[index] = 0.0
    us_per_rad = (far_us - centre_us) / far
    return ServoCalibration(
        centre_us=round(centre_us),
        us_per_rad=round(us_per_rad),
        range_min_rad=round((low_us - centre_us) / us_per_rad, 4),
        range_max_rad=round(far, 4),
        feedback_centre_mv=round(centre_mv) if math.isfinite(centre_mv) else 0,
        feedback_mv_per_rad=round((far_mv - centre_mv) / far) if math.isfinite(far_mv - centre_mv) else 0,
    )


def _jog(bench: JogBench, talk: Talk, index: int, what: str) -> tuple[float, float]:
    """Return the pulse and the feedback at which the person is content."""
    assumed, limits = DEFAULT_CALIBRATION[index], TABLETOP[index]
    while True:
        pulse = assumed.pulse_us(bench.positions[index])
        answer = talk.ask(f"{what} ({pulse:.0f} us): ").strip()
        if not answer:
            break
        wanted = assumed.position_rad(pulse + _parse(answer, what))
        bench.positions[index] = min(max(wanted, limits.min_rad), limits.max_rad)
        if wanted != bench.positions[index]:
            talk.say("the firmware lets this joint go no further")
    bench.settle()
    measured = math.nan if bench.reading is None else bench.reading.measured[index]
    return assumed.pulse_us(bench.positions[index]), assumed.feedback_centre_mv + assumed.feedback_mv_per_rad * measured


def _number(talk: Talk, prompt: str, what: str) -> float:
    return _parse(talk.ask(prompt).strip(), what)


def _parse(answer: str, what: str) -> float:
    try:
        number = float(answer)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise AnswerError(f"{what}: '{answer}' is no number")
    return number
