"""What a head does, as what a display shall do: the same nod, at the same time, of the same size.

Pitch goes to pitch. Roll goes to the same side as seen (a mirror) or to the same side of the body. What counts is
motion, not posture: how the head is held while it rests is its habit, learnt slowly and taken off, so somebody who sits
bowed does not bow the display; a nod, which goes one way only, leaves the habit as it is. The head's speed goes along
with its angle, so that the joints follow without a standing lag. To foresee the angle itself by the delay of camera and
servo was tried and left: it copies a quick nod a third too large. A head at rest leaves the motors still: within a few
tenths of a degree nothing is asked of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from robot.bounds import AtLeastZero, Positive

AWAY_S = 0.5  # a head not seen for so long has no speed


@dataclass(frozen=True)
class MimicConfig:
    """The mapping. Angles in rad, times in s."""

    on: bool = True
    gain: AtLeastZero = 0.96  # of the angle: the speed that goes along makes a nod 4 % larger, measured on the arm
    side: Literal["mirror", "same"] = "mirror"
    pitch_limit: AtLeastZero = math.radians(13.0)  # further, and the camera loses the face it nods to
    roll_limit: AtLeastZero = math.radians(18.0)
    habit_s: Positive = 5.0  # how slowly a posture becomes the habit
    ahead: AtLeastZero = 0.7  # share of the head's speed that the joints get: all of it overshoots where a nod turns
    speed_hz: AtLeastZero = 8.0  # low-pass of that speed
    stir: AtLeastZero = math.radians(1.6)  # a head that moves less has not moved
    stir_shivers: AtLeastZero = 5.0  # nor one that moves less than so many times its shiver at rest, as in dim light
    shiver_s: Positive = 3.0  # over which the shiver at rest is learnt
    calm_s: AtLeastZero = 0.35  # after which it is at rest again


class AngleMimic:
    """One angle of the head, and of the display."""

    def __init__(self, config: MimicConfig, limit: float) -> None:
        self._config, self._limit = config, limit
        self._habit = self._rest = 0.0  # rad: how the head is held, and where it last was when it stirred
        self._last: tuple[float, float] | None = None
        self._speed = 0.0
        self._held = 0.0
        self._stirred_s = -math.inf
        self._moves = False
        self._shiver = 0.0  # rad, mean distance from where it rests
        self.rate = 0.0

    def push(self, t: float, angle: float) -> float:
        """Take the head's angle at time t; return where the display's shall be. `rate` is how fast it moves there."""
        if self._last is None:
            self._habit = self._rest = angle
        if self._last is None or t - self._last[0] > AWAY_S:
            self._last, self._speed = (t, angle), 0.0
        dt, config = t - self._last[0], self._config
        if dt > 0.0:
            share = 1.0 - math.exp(-2.0 * math.pi * config.speed_hz * dt)
            self._speed += share * ((angle - self._last[1]) / dt - self._speed)
        self._last = (t, angle)
        if abs(angle - self._rest) > max(config.stir, config.stir_shivers * self._shiver):
            self._stirred_s, self._rest = t, angle
        return self._moving(angle) if t - self._stirred_s <= config.calm_s else self._resting(angle, dt)

    def _moving(self, angle: float) -> float:
        """The display goes along."""
        self._moves = True
        asked = self._config.gain * (angle - self._habit)
        self._held = max(-self._limit, min(self._limit, asked))
        self.rate = self._config.gain * self._config.ahead * self._speed if asked == self._held else 0.0
        return self._held

    def _resting(self, angle: float, dt: float) -> float:
        """The motors are still, but for what a posture that becomes the habit takes away."""
        if self._moves:
            self._moves, self._rest = False, angle
        away = abs(angle - self._rest)
        self._shiver += (1.0 - math.exp(-dt / self._config.shiver_s)) * (away - self._shiver)
        share = 1.0 - math.exp(-dt / self._config.habit_s)
        self._habit += share * (angle - self._habit)
        self._rest += share * (angle - self._rest)
        self._held -= share * self._held
        self.rate = 0.0
        return self._held


class HeadMimic:
    """Pitch and roll of a head as offsets of a display that looks back at it."""

    def __init__(self, config: MimicConfig) -> None:
        self._config = config
        self._pitch = AngleMimic(config, config.pitch_limit)
        self._roll = AngleMimic(config, config.roll_limit)

    def push(self, t: float, pitch: float, roll: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return (pitch, its rate) and (roll, its rate) of the display's joints, rad and rad/s.

        Args:
            pitch: of the head, positive looking down.
            roll: positive toward the person's left shoulder.
        """
        down = self._pitch.push(t, pitch)
        lean = self._roll.push(t, roll)
        # The person's left is the display's right, and positive display_roll tips to its right: a mirror has one sign.
        sign = 1.0 if self._config.side == "mirror" else -1.0
        return (down, self._pitch.rate), (sign * lean, sign * self._roll.rate)
