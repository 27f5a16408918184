"""Nods, shakes and tilts from the angles of one head over time.

A nod is a swing of pitch there and back again: an excursion from rest that comes back to it within the time a nod
takes, without staying out there (that is a look at a phone, a book or a keyboard), without yaw or roll swinging more
(that is a shake, a walk or a look around). A shake is the same in yaw, to both sides; a tilt is a lean of the head
toward one shoulder that lasts. Each gesture is one event however often it repeats, told at the end of its first cycle.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from robot.bounds import AtLeastZero, Positive, Share

Gesture = Literal["nod", "shake", "tilt"]
AWAY = 0.3  # share of a swing beyond which the head is away from rest
_AXES: tuple[tuple[Gesture, int], ...] = (("nod", 1), ("shake", 0))


@dataclass(frozen=True)
class GestureConfig:
    """Tuning. Angles in rad, times in s."""

    history_s: Positive = 2.6
    nod_depth: Positive = math.radians(4.2)
    speech_depth: AtLeastZero = math.radians(9.0)  # of a nod while the mouth moves: speakers beat time with their heads
    speech_opening: AtLeastZero = 0.05  # by which the mouth's opening (of its width) changes in speech
    speech_s: AtLeastZero = 1.2
    shake_width: Positive = math.radians(9.0)  # from one side to the other: eyes that read take the head along by less
    speech_width: AtLeastZero = math.radians(14.0)  # of a shake while the mouth moves
    shake_max_s: AtLeastZero = 1.5  # for one cycle
    tilt_angle: AtLeastZero = math.radians(11.0)
    tilt_s: AtLeastZero = 0.35  # a head leans for so long before it is a tilt
    cycle_min_s: AtLeastZero = 0.20
    cycle_max_s: Positive = 1.9
    back: AtLeastZero = 0.35  # of the swing's size, by which its ends may differ
    idle: Share = 0.4  # share of a cycle that is spent away, at least: rest before or after it is no part of it
    lopsided: Share = 0.2  # share of the cycle within which of its ends a nod does not turn round
    linger: Share = 0.74  # share of the time away (beyond 0.3 of the swing) that is spent beyond 0.7 of it
    before_s: AtLeastZero = 0.4
    whole: Share = 0.7  # share of the motion since `before_s` before the swing that the swing must be
    cross: AtLeastZero = 0.65  # of the swing, by which another angle may swing meanwhile
    quiet_s: AtLeastZero = 0.5  # without a swing for so long,
    quiet_share: Share = 0.6  # and this share of the last swing, the gesture is over


@dataclass(frozen=True)
class _Sample:
    t: float
    yaw: float
    pitch: float
    roll: float
    mouth: float


@dataclass(frozen=True)
class _Swing:
    """When the head left its rest, when it was back (s), and how long the whole took with the rest around it."""

    left_s: float
    back_s: float
    length_s: float


class GestureWatcher:
    """One head."""

    def __init__(self, config: GestureConfig) -> None:
        """Start without a past."""
        self._config = config
        self._past: deque[_Sample] = deque()
        self._busy_until = -math.inf
        self._leaning_since: float | None = None
        self._leant = False
        self._rest_roll = 0.0

    def push(self, t: float, yaw: float, pitch: float, roll: float, mouth: float = 0.0) -> Gesture | None:
        """Take one frame's angles (rad) and the mouth's opening at time t (s); return what is recognised now."""
        if self._past and (t <= self._past[-1].t or t - self._past[-1].t > 0.5):
            self._past.clear()  # the head was away
        self._past.append(_Sample(t, yaw, pitch, roll, mouth))
        while self._past[-1].t - self._past[0].t > self._config.history_s:
            self._past.popleft()
        for name, axis in _AXES:
            swing = self._swung(axis)
            if swing is not None:
                fresh = swing.left_s > self._busy_until
                over_s = swing.back_s + self._config.quiet_s + self._config.quiet_share * swing.length_s
                self._busy_until = max(self._busy_until, over_s)
                if fresh:
                    return name
        return self._tilted(t, roll)

    def _swung(self, axis: int) -> _Swing | None:
        """Return the full swing of yaw (axis 0) or pitch (axis 1) that ends at the newest sample."""
        config, past = self._config, list(self._past)
        values = [(s.yaw, s.pitch, s.roll)[axis] for s in past]
        end = len(values) - 1
        depth, longest = self._least(axis)
        for start in range(end - 2, -1, -1):
            length = past[end].t - past[start].t
            if length > longest:
                return None
            if length < config.cycle_min_s or not self._is_cycle(values[start:], depth, axis):
                continue
            if self._pure(start, axis) and self._whole(values, start):
                base = 0.5 * (values[start] + values[-1])
                most = max(abs(v - base) for v in values[start:])
                out = [i for i in range(start, end + 1) if abs(values[i] - base) > AWAY * most]
                return _Swing(past[out[0]].t, past[out[-1]].t, length)
        return None

    def _least(self, axis: int) -> tuple[float, float]:
        """Return how large (rad) a swing must be at least, and how long (s) one cycle may take."""
        config, speaks = self._config, self._speaks()
        if axis == 0:
            return config.speech_width if speaks else config.shake_width, config.shake_max_s
        return config.speech_depth if speaks else config.nod_depth, config.cycle_max_s

    def _is_cycle(self, values: Sequence[float], depth: float, axis: int) -> bool:
        """Whether the values leave, turn round and are back."""
        config = self._config
        if axis == 0:
            return _both_sides(values, depth, config.back)
        base = 0.5 * (values[0] + values[-1])
        offsets = [v - base for v in values]
        peak = max(offsets, key=abs)
        size = abs(peak)
        if size < depth or abs(values[-1] - values[0]) > config.back * size:
            return False
        turns = offsets.index(peak) / len(offsets)
        if not self._config.lopsided < turns < 1.0 - self._config.lopsided:
            return False
        other_way = -min(o * math.copysign(1.0, peak) for o in offsets)
        if other_way > 0.8 * size:
            return False
        far, away = (sum(o * math.copysign(1.0, peak) > share * size for o in offsets) for share in (0.7, AWAY))
        return config.idle * len(values) <= away and far <= config.linger * away

    def _whole(self, values: Sequence[float], start: int) -> bool:
        """Whether the swing is all of the motion just now, and not the shiver on the crest of a larger one."""
        past = self._past
        before = next(i for i, s in enumerate(past) if s.t >= past[start].t - self._config.before_s)
        swing, all_of_it = values[start:], values[before:]
        return max(swing) - min(swing) >= self._config.whole * (max(all_of_it) - min(all_of_it))

    def _speaks(self) -> bool:
        """Whether the mouth has been moving."""
        since = self._past[-1].t - self._config.speech_s
        openings = [s.mouth for s in self._past if s.t >= since]
        return max(openings) - min(openings) > self._config.speech_opening

    def _pure(self, start: int, axis: int) -> bool:
        """Whether the other angles swing less meanwhile."""
        past = list(self._past)[start:]
        spans = [max(v) - min(v) for v in ([s.yaw for s in past], [s.pitch for s in past], [s.roll for s in past])]
        own = spans[axis]
        return all(span <= self._config.cross * own for i, span in enumerate(spans) if i != axis)

    def _tilted(self, t: float, roll: float) -> Gesture | None:
        """A lean of the head against its own habit."""
        leans = abs(roll - self._rest_roll) > self._config.tilt_angle
        if not leans:
            self._leaning_since, self._leant = None, False
            self._rest_roll += 0.02 * (roll - self._rest_roll)
            return None
        if self._leaning_since is None:
            self._leaning_since = t
        if self._leant or t - self._leaning_since < self._config.tilt_s:
            return None
        self._leant = True
        return "tilt"


def _both_sides(values: Sequence[float], width: float, back: float) -> bool:
    """Whether the values go to one side, to the other, and back to the middle."""
    high, low = max(values), min(values)
    size = high - low
    base = 0.5 * (values[0] + values[-1])
    if size < width or abs(values[-1] - values[0]) > back * size:
        return False
    return high - base > 0.25 * size and base - low > 0.25 * size
