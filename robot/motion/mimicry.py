"""What a head does, as what a display shall do: the same nod, at the same time, of the same size.

Pitch goes to pitch. Roll goes to the same side as seen (a mirror) or to the same side of the body. What counts is
motion, not posture: the head's habit is learnt slowly and taken off, so somebody who sits bowed does not bow the
display. Camera, network and servos are late by a known time; the head is foreseen by that much from its speed. A head
at rest leaves the motors still: within a few tenths of a degree nothing is asked of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MimicConfig:
    """The mapping. Angles in rad, times in s."""

    on: bool = True
    gain: float = 1.0
    side: Literal["mirror", "same"] = "mirror"
    pitch_limit: float = math.radians(13.0)  # further, and the camera loses the face it nods to
    roll_limit: float = math.radians(18.0)
    habit_s: float = 5.0  # how slowly a posture becomes the habit
    lead_s: float = 0.07  # that the head is foreseen by: half the frame, the network, the servo
    lead_limit: float = math.radians(5.0)
    speed_hz: float = 5.0  # low-pass of the speed that foresight uses
    stir: float = math.radians(1.6)  # a head that moves less has not moved
    calm_s: float = 0.35  # after which it is at rest again


class AngleMimic:
    """One angle of the head, and of the display."""

    def __init__(self, config: MimicConfig, limit: float) -> None:
        self._config, self._limit = config, limit
        self._habit: float | None = None
        self._last = (0.0, 0.0)
        self._speed = 0.0
        self._held = self._rest = 0.0
        self._stirred_s = -math.inf
        self.rate = 0.0

    def push(self, t: float, angle: float) -> float:
        """Take the head's angle at time t; return where the display's shall be. `rate` is how fast it moves there."""
        config = self._config
        if self._habit is None or t - self._last[0] > 0.5:
            self._habit = angle if self._habit is None else self._habit
            self._last, self._speed = (t, angle), 0.0
        dt = t - self._last[0]
        if dt > 0.0:
            share = 1.0 - math.exp(-2.0 * math.pi * config.speed_hz * dt)
            self._speed += share * ((angle - self._last[1]) / dt - self._speed)
            self._habit += (1.0 - math.exp(-dt / config.habit_s)) * (angle - self._habit)
        self._last = (t, angle)
        lead = max(-config.lead_limit, min(config.lead_limit, self._speed * config.lead_s))
        moved = config.gain * (angle - self._habit)
        return self._calmed(t, moved, max(-self._limit, min(self._limit, moved + config.gain * lead)))

    def _calmed(self, t: float, moved: float, asked: float) -> float:
        """Hold still what hardly moves."""
        if abs(moved - self._rest) > self._config.stir:
            self._stirred_s, self._rest = t, moved
        if t - self._stirred_s <= self._config.calm_s:
            self.rate = self._config.gain * self._speed if abs(asked) < self._limit else 0.0
            self._held = asked
        else:
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
