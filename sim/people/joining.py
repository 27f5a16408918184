"""How somebody who is not where their next walk begins gets onto it: straight over to where it leads, not back first.

People stop short of a place that is taken, and step aside. Their next walk was laid from where they should have stood;
who first went back there would walk into whoever had taken the place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.people.plan import Point
from sim.people.yielding import Free

MISSED_M = 0.3  # off where one should stand, from which one does not go back there first
SKIPPED_M = 3.0  # of a walk, at most: it may be meant to lead around something
STRIDE_M = 0.1  # between points checked


def joined(at: Point, meant: Point, way: Sequence[Point], free: Free) -> tuple[Point, ...]:
    """Return what is walked of `way` by somebody who stands `at` a point and was `meant` to stand at another: the
    whole where they stand about there, else from where a straight walk joins it best."""
    if math.dist(at, meant) < MISSED_M:
        return tuple(way)
    best, most, skipped = 0, -math.inf, 0.0
    for i, point in enumerate(way):
        skipped += math.dist(way[max(0, i - 1)], point)
        if skipped > SKIPPED_M:
            break
        saved = skipped - math.dist(at, point)
        if saved > most and _straight(at, point, free):
            best, most = i, saved
    return tuple(way[best:])


def _straight(start: Point, end: Point, free: Free) -> bool:
    """Whether the floor is free on the straight way."""
    (x, y), steps = start, max(1, math.ceil(math.dist(start, end) / STRIDE_M))
    return all(free(x + (end[0] - x) * i / steps, y + (end[1] - y) * i / steps) for i in range(1, steps + 1))
