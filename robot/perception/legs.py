"""Legs in a planar scan: narrow clusters in front of free space, alone or in pairs, that were not always there.

Chair legs look like people's legs, so what is found here only ever keeps a known track alive (Arras, Mozos and
Burgard 2007 learn such clusters; here the camera has already said who is a person). What stood still while nobody was
near is furniture and is remembered as such.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.geometry import Pose2
from robot.messages import Scan

Points = NDArray[np.float64]


@dataclass(frozen=True)
class LegConfig:
    """Sizes at 0.18 m above the floor, and how long a thing must stand still to be furniture."""

    jump_m: float = 0.12  # neighbouring rays further apart than this belong to different things
    width_min: float = 0.03
    width_max: float = 0.30  # two legs closed together, trouser legs, a skirt
    pair_max: float = 0.75  # between the legs of one stride
    radius: float = 0.06  # from the surface that is hit to the middle of the leg
    range_max: float = 5.0
    cell_m: float = 0.08
    furniture_s: float = 1.5  # hit for this long with nobody near: furniture
    forget_s: float = 20.0


@dataclass(frozen=True)
class Leg:
    """A leg or a pair of legs, in odom."""

    x: float
    y: float
    pair: bool


def points_of(scan: Scan, sensor: Pose2) -> tuple[Points, Points]:
    """Return the scan's returns as (N, 2) points in the frame `sensor` is given in, and their (N,) ranges.

    Rays without a return come out as inf in both, so that neighbours stay neighbours.
    """
    ranges = scan.ranges.astype(np.float64)
    good = np.isfinite(ranges) & (ranges >= scan.range_min) & (ranges <= scan.range_max)
    angles = sensor.yaw + scan.angle_min + scan.angle_increment * np.arange(len(ranges))
    points = np.full((len(ranges), 2), np.inf)
    points[good, 0] = sensor.x + ranges[good] * np.cos(angles[good])
    points[good, 1] = sensor.y + ranges[good] * np.sin(angles[good])
    return points, np.where(good, ranges, np.inf)


class LegFinder:
    """Finds legs scan by scan and learns what is furniture."""

    def __init__(self, config: LegConfig) -> None:
        self._config = config
        self._first_hit: dict[tuple[int, int], int] = {}
        self._last_hit: dict[tuple[int, int], int] = {}

    def find(self, scan: Scan, sensor: Pose2, people: list[tuple[float, float]]) -> list[Leg]:
        """Return legs and pairs of legs (odom, m).

        Args:
            sensor: pose of the lidar in odom at the scan's stamp.
            people: where tracked people are; what stands near them is not learnt as furniture.
        """
        points, ranges = points_of(scan, sensor)
        singles = self._singles(points, ranges, sensor)
        moving = [p for p in singles if not self._is_furniture(p, scan.stamp_ns)]
        self._learn(points[np.isfinite(ranges)], people, scan.stamp_ns)
        return self._pairs(moving) + [Leg(x, y, False) for x, y in moving]

    def _singles(self, points: Points, ranges: Points, sensor: Pose2) -> list[tuple[float, float]]:
        """Return the middles of clusters as wide as a leg that stand in front of what is beside them."""
        config, found = self._config, []
        for start, stop in _runs(points, config.jump_m):
            cluster = points[start:stop]
            width = float(np.hypot(*(cluster[-1] - cluster[0])))
            near = float(ranges[start:stop].min())
            if len(cluster) < 2 and near > 2.0:
                width = config.width_min  # far off, a leg is one ray
            if not config.width_min <= width <= config.width_max or near > config.range_max:
                continue
            if ranges[start - 1] < near - config.jump_m or ranges[stop % len(ranges)] < near - config.jump_m:
                continue  # partly behind something: its width is not known
            x, y = cluster.mean(axis=0)
            away = config.radius / max(math.hypot(x - sensor.x, y - sensor.y), 1e-6)
            found.append((float(x + (x - sensor.x) * away), float(y + (y - sensor.y) * away)))
        return found

    def _pairs(self, singles: list[tuple[float, float]]) -> list[Leg]:
        pairs = []
        for i, (ax, ay) in enumerate(singles):
            for bx, by in singles[i + 1 :]:
                if math.hypot(ax - bx, ay - by) <= self._config.pair_max:
                    pairs.append(Leg((ax + bx) / 2.0, (ay + by) / 2.0, True))
        return pairs

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return math.floor(x / self._config.cell_m), math.floor(y / self._config.cell_m)

    def _is_furniture(self, point: tuple[float, float], now_ns: int) -> bool:
        """Whether any cell touching the point's was hit for long enough."""
        cx, cy = self._cell(*point)
        old = now_ns - int(self._config.furniture_s * 1e9)
        return any(self._first_hit.get((cx + dx, cy + dy), now_ns) < old for dx in (-1, 0, 1) for dy in (-1, 0, 1))

    def _learn(self, points: Points, people: list[tuple[float, float]], now_ns: int) -> None:
        """Note the cells that are hit and not near a person; drop those not hit for long."""
        for px, py in people:
            points = points[np.hypot(points[:, 0] - px, points[:, 1] - py) > self._config.pair_max]
        for cell in {self._cell(float(x), float(y)) for x, y in points}:
            if now_ns - self._last_hit.get(cell, now_ns) > int(self._config.furniture_s * 1e9):
                self._first_hit[cell] = now_ns  # it was gone in between
            self._first_hit.setdefault(cell, now_ns)
            self._last_hit[cell] = now_ns
        stale = now_ns - int(self._config.forget_s * 1e9)
        for cell in [c for c, seen in self._last_hit.items() if seen < stale]:
            del self._first_hit[cell], self._last_hit[cell]


def _runs(points: Points, jump_m: float) -> list[tuple[int, int]]:
    """Return [start, stop) of the runs of neighbouring returns without a jump."""
    finite = np.isfinite(points[:, 0])
    joined = np.zeros(len(points), dtype=bool)
    both = finite[1:] & finite[:-1]
    steps = np.zeros(len(points) - 1)
    steps[both] = np.hypot(*(points[1:][both] - points[:-1][both]).T)
    joined[1:] = both & (steps < jump_m)
    starts = np.flatnonzero(finite & ~joined)
    stops = np.flatnonzero(finite & ~np.append(joined[1:], False)) + 1
    return list(zip(starts.tolist(), stops.tolist(), strict=True))
