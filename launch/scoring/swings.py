"""Gestures of a display, read from what its joints truly did: swings there and back, by their sizes.

Says nothing of what was asked: a nod is a nod where the display nodded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST = math.radians(3.0)  # less is no swing
QUICK_S = 0.6  # the middle three fifths of a swing of a gesture take less: what tracks somebody is slower
PAUSE_S = 0.6  # between two swings of one gesture
BENT_S = (1.0, 4.0)  # how long a bow or a tilt may take, there and back
NOD, TURN, SHAKE, LEAN, BOW, SWAY = (math.radians(angle) for angle in (6.0, 10.0, 18.0, 10.0, 16.0, 8.0))


@dataclass(frozen=True)
class Swing:
    """From one turning point of a joint to the next; the times are those of its first and of its last fifth."""

    start_s: float
    end_s: float
    size: float  # rad, signed

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return self.end_s - self.start_s


def swings(times: Sequence[float], values: Sequence[float], least: float = LEAST) -> list[Swing]:
    """Return the swings of a joint that are larger than `least` (rad). A turn back by less ends none."""
    found: list[Swing] = []
    low = high = start = (times[0], values[0])
    way = 0
    for t, value in zip(times, values, strict=True):
        low = (t, value) if value <= low[1] else low
        high = (t, value) if value >= high[1] else high
        if way >= 0 and value < high[1] - least:
            found += [_swing(start, high)] if way else []
            start, way, low = high, -1, (t, value)
        elif way <= 0 and value > low[1] + least:
            found += [_swing(start, low)] if way else []
            start, way, high = low, 1, (t, value)
    if way:
        found.append(_swing(start, high if way > 0 else low))
    return [_trimmed(swing, times, values) for swing in found if abs(swing.size) > least]


def _trimmed(swing: Swing, times: Sequence[float], values: Sequence[float]) -> Swing:
    """Return a swing without the slow drift before and after it."""
    inside = [(t, v) for t, v in zip(times, values, strict=True) if swing.start_s <= t <= swing.end_s]
    first, last, near = inside[0][1], inside[-1][1], 0.2 * abs(swing.size)
    start = max(t for t, v in inside if abs(v - first) <= near)
    end = min(t for t, v in inside if t >= start and abs(v - last) <= near)
    return Swing(start, end, swing.size)


def gestures(times: Sequence[float], joints: Sequence[Sequence[float]]) -> list[str]:
    """Return what the display did, in order.

    Args:
        joints: (N, 4), rad: base_yaw, boom_pitch, display_pitch, display_roll.
    """
    yaw, down, roll = ([row[0] for row in joints], [row[1] + row[2] for row in joints], [row[3] for row in joints])
    turns, bends, leans = swings(times, yaw), swings(times, down), swings(times, roll)
    dances = [(a, b) for a, b in _runs(turns, 3, TURN) if sum(a <= s.end_s <= b + 0.5 for s in leans) >= 3]
    nods = [span for span in _runs(bends, 3, NOD) if _calm(turns, TURN, span) and _calm(leans, SWAY, span)]
    shakes = [span for span in _runs(turns, 2, SHAKE) if _calm(bends, NOD, span) and _calm(leans, SWAY, span)]
    bows = [span for span in _bent(bends, BOW) if _calm(turns, TURN, span) and _calm(leans, SWAY, span)]
    sides = _bent(leans, LEAN) + _bent(_mirrored(leans), LEAN)
    tilts = [span for span in sides if _calm(turns, TURN, span) and _calm(bends, NOD, span)]
    named = {"dance": dances, "nod": nods, "shake": shakes, "bow": bows, "tilt": tilts}
    found = sorted((span[0], span[1], name) for name, spans in named.items() for span in spans)
    return [name for start, _, name in found if name == "dance" or not any(a - 1 < start < b + 3 for a, b in dances)]


def _runs(found: Sequence[Swing], count: int, least: float) -> list[tuple[float, float]]:
    """Return the spans of so many quick swings one after another, each run once."""
    spans: list[tuple[float, float]] = []
    run: list[Swing] = []
    for swing in [*found, Swing(math.inf, math.inf, 0.0)]:
        if run and (abs(swing.size) < least or swing.seconds > QUICK_S or swing.start_s - run[-1].end_s > PAUSE_S):
            spans += [(run[0].start_s, run[-1].end_s)] if len(run) >= count else []
            run = []
        if abs(swing.size) >= least and swing.seconds <= QUICK_S:
            run.append(swing)
    return spans


def _bent(found: Sequence[Swing], least: float) -> list[tuple[float, float]]:
    """Return the spans of a swing up that lasts and is taken back as far."""
    return [
        (there.start_s, back.end_s)
        for there, back in pairwise(found)
        if there.size >= least and -back.size >= 0.8 * least and BENT_S[0] <= back.end_s - there.start_s <= BENT_S[1]
    ]


def _mirrored(found: Sequence[Swing]) -> list[Swing]:
    return [Swing(swing.start_s, swing.end_s, -swing.size) for swing in found]


def _calm(found: Sequence[Swing], least: float, span: tuple[float, float]) -> bool:
    """Whether a joint makes no quick swing there and back within a span; one is a look at somebody who moved."""
    inside = [swing for swing in found if span[0] <= swing.start_s and swing.end_s <= span[1]]
    return sum(abs(swing.size) >= least and swing.seconds <= QUICK_S for swing in inside) < 2


def _swing(start: tuple[float, float], end: tuple[float, float]) -> Swing:
    return Swing(start[0], end[0], end[1] - start[1])
