"""What a person does, resolved to map coordinates: the segments a `Walker` runs one after the other."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.people.compiled import compiled

Point = tuple[float, float]


@dataclass(frozen=True)
class WalkSegment:
    """Walk along a polyline (map, m) at a speed (m/s); the way to its first point is straight."""

    points: tuple[Point, ...]
    speed: float = 0.7


@dataclass(frozen=True)
class StopSegment:
    """Stand still for some seconds."""

    seconds: float


@dataclass(frozen=True)
class TurnSegment:
    """Turn on the spot to a direction in map, or by an angle (rad, left positive; may exceed a turn)."""

    to_yaw: float | None = None
    by: float | None = None

    def __post_init__(self) -> None:
        """Exactly one of the two."""
        if (self.to_yaw is None) == (self.by is None):
            raise ValueError("a turn needs either to_yaw or by")


@dataclass(frozen=True)
class LookAtSegment:
    """Turn head (and trunk, where the neck does not reach) to a point in map for some seconds."""

    x: float
    y: float
    seconds: float
    z: float | None = None  # m; none: level


@dataclass(frozen=True)
class SitSegment:
    """Sit down where one stands in front of a seat, stay, stand up again. (x, y) is where the hips rest."""

    x: float
    y: float
    yaw: float
    seat_height: float
    seconds: float


@dataclass(frozen=True)
class NodSegment:
    """Nod some times."""

    times: int = 2


@dataclass(frozen=True)
class ShakeSegment:
    """Shake the head some times."""

    times: int = 2


@dataclass(frozen=True)
class TalkSegment:
    """Talk for some seconds."""

    seconds: float


Segment = WalkSegment | StopSegment | TurnSegment | LookAtSegment | SitSegment | NodSegment | ShakeSegment | TalkSegment


class Blocker(NamedTuple):
    """Something on the floor that a person will not walk into: centre (map, m), radius (m).

    `keeps_aside` marks other people, for whom one steps aside early; for anything else one stops first.
    `right_of_way` says who goes first: "theirs" makes the walker wait or stand aside for a person who is walking,
    "mine" lets the walker count on that, "shared" makes both do half.
    """

    x: float
    y: float
    radius: float
    keeps_aside: bool = False
    right_of_way: Literal["shared", "mine", "theirs"] = "shared"


class Polyline:
    """A path by arc length."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        """Repeated points are dropped; ValueError for no points."""
        if not points:
            raise ValueError("a path needs at least one point")
        self.points = [points[0]] + [b for a, b in pairwise(points) if math.dist(a, b) > 1e-6]
        self._starts = [0.0]
        for a, b in pairwise(self.points):
            self._starts.append(self._starts[-1] + math.dist(a, b))
        self._corners, self._along = np.array(self.points, np.float64), np.array(self._starts)

    @property
    def length(self) -> float:
        """Whole length (m)."""
        return self._starts[-1]

    def at(self, s: float) -> tuple[Point, Point]:
        """Return the point at arc length s (clamped to the path) and the unit direction of travel there."""
        if len(self.points) == 1:
            return self.points[0], (1.0, 0.0)
        s = min(max(s, 0.0), self.length)
        i = min(max(bisect_right(self._starts, s) - 1, 0), len(self.points) - 2)
        (ax, ay), (bx, by) = self.points[i], self.points[i + 1]
        span = self._starts[i + 1] - self._starts[i]
        t = (s - self._starts[i]) / span
        return (ax + t * (bx - ax), ay + t * (by - ay)), ((bx - ax) / span, (by - ay) / span)

    def project(self, x: float, y: float, near: float, window: float = 0.6) -> float:
        """Return the arc length closest to (x, y) between `near` and `window` after it: progress never shrinks, so a
        path that turns back on itself is not confused with its own return leg."""
        first = max(min(bisect_right(self._starts, near) - 1, len(self.points) - 2), 0)
        return float(_projected(self._corners, self._along, first, x, y, near, near + window))

    def between(self, start: float, end: float) -> tuple[Point, ...]:
        """Return the points of the path from one arc length to another, backward where end < start."""
        low, high = min(start, end), max(start, end)
        inner = [p for p, s in zip(self.points, self._starts, strict=True) if low < s < high]
        points = (self.at(low)[0], *inner, self.at(high)[0])
        return points if end >= start else points[::-1]


@compiled
def _projected(
    corners: NDArray[np.float64], starts: NDArray[np.float64], first: int, x: float, y: float, near: float, far: float
) -> float:
    """Return the arc length between `near` and `far` closest to (x, y), on segments from the `first` on.

    Args:
        corners: (N, 2) m. starts: (N,) arc length of each.
    """
    best, best_gap = near, math.inf
    for i in range(first, corners.shape[0] - 1):
        low, high = max(starts[i], near), min(starts[i + 1], far)
        if low > high:
            break
        ax, ay = corners[i]
        wx, wy, span = corners[i + 1, 0] - ax, corners[i + 1, 1] - ay, starts[i + 1] - starts[i]
        along = ((x - ax) * wx + (y - ay) * wy) / span + starts[i]
        s = min(max(along, low), high)
        t = (s - starts[i]) / span
        gap = math.hypot(ax + t * wx - x, ay + t * wy - y)
        if gap < best_gap:
            best, best_gap = s, gap
    return best
