"""Legs in a planar scan: narrow clusters in front of free space, alone or in pairs, that were not always there.

Chair legs look like people's legs, so what is found here only ever keeps a known track alive (Arras, Mozos and
Burgard 2007 learn such clusters; here the camera has already said who is a person). What stood still while nobody was
near is furniture and is remembered as such.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.bounds import AtLeastZero, Positive
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import Scan

Points = NDArray[np.float64]

STRIDE = 1 << 24  # between the numbers of cells in neighbouring columns


@dataclass(frozen=True)
class LegConfig:
    """Sizes at 0.18 m above the floor, and how long a thing must stand still to be furniture."""

    jump_m: AtLeastZero = 0.12  # neighbouring rays further apart than this belong to different things
    width_min: AtLeastZero = 0.03
    width_max: AtLeastZero = 0.30  # two legs closed together, trouser legs, a skirt
    pair_max: AtLeastZero = 0.75  # between the legs of one stride
    radius: AtLeastZero = 0.06  # from the surface that is hit to the middle of the leg
    range_max: AtLeastZero = 5.0
    cell_m: Positive = 0.08
    furniture_s: AtLeastZero = 1.5  # hit for this long with nobody near: furniture
    forget_s: AtLeastZero = 20.0


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
        self._hits: dict[int, tuple[int, int]] = {}  # cell -> first and last hit (ns), least lately hit first

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
        c = self._config
        found = leg_clusters(
            points, ranges, sensor.x, sensor.y, c.jump_m, c.width_min, c.width_max, c.range_max, c.radius
        )
        return [(x, y) for x, y in found.tolist()]

    def _pairs(self, singles: list[tuple[float, float]]) -> list[Leg]:
        pairs = []
        for i, (ax, ay) in enumerate(singles):
            for bx, by in singles[i + 1 :]:
                if math.hypot(ax - bx, ay - by) <= self._config.pair_max:
                    pairs.append(Leg((ax + bx) / 2.0, (ay + by) / 2.0, True))
        return pairs

    def _is_furniture(self, point: tuple[float, float], now_ns: int) -> bool:
        """Whether any cell touching the point's was hit for long enough."""
        column, row = (math.floor(value / self._config.cell_m) for value in point)
        old = now_ns - int(self._config.furniture_s * NS_PER_S)
        around = (STRIDE * (column + dx) + row + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        return any(self._hits[cell][0] < old for cell in around if cell in self._hits)

    def _learn(self, points: Points, people: list[tuple[float, float]], now_ns: int) -> None:
        """Note the cells that are hit and not near a person; drop those not hit for long."""
        for px, py in people:
            points = points[np.hypot(points[:, 0] - px, points[:, 1] - py) > self._config.pair_max]
        columns_rows = np.floor(points / self._config.cell_m).astype(np.int64)
        hits, gone_ns = self._hits, int(self._config.furniture_s * NS_PER_S)
        for cell in np.unique(STRIDE * columns_rows[:, 0] + columns_rows[:, 1]).tolist():
            first, last = hits.pop(cell, (now_ns, now_ns))
            hits[cell] = (now_ns if now_ns - last > gone_ns else first, now_ns)  # or it was gone in between
        stale = now_ns - int(self._config.forget_s * NS_PER_S)
        while hits and hits[oldest := next(iter(hits))][1] < stale:
            del hits[oldest]


@njit(cache=True)
def leg_clusters(
    points: Points,
    ranges: Points,
    x: float,
    y: float,
    jump_m: float,
    width_min: float,
    width_max: float,
    range_max: float,
    radius: float,
) -> Points:
    """Return (K, 2) middles of legs among the returns of a scan; arguments as in points_of and LegConfig.

    Args:
        x, y: of the lidar, in the points' frame.
    """
    n = ranges.shape[0]
    found = np.empty((n, 2))
    count, stop = 0, 0
    while stop < n:
        start = stop
        stop += 1
        if not math.isfinite(points[start, 0]):
            continue
        near, sum_x, sum_y = ranges[start], points[start, 0], points[start, 1]
        while stop < n and math.hypot(points[stop, 0] - points[stop - 1, 0], points[stop, 1] - points[stop - 1, 1]) < (
            jump_m
        ):
            near = min(near, ranges[stop])
            sum_x += points[stop, 0]
            sum_y += points[stop, 1]
            stop += 1
        width = math.hypot(points[stop - 1, 0] - points[start, 0], points[stop - 1, 1] - points[start, 1])
        if stop - start < 2 and near > 2.0:
            width = width_min  # far off, a leg is one ray
        if not width_min <= width <= width_max or near > range_max:
            continue
        if ranges[(start - 1) % n] < near - jump_m or ranges[stop % n] < near - jump_m:
            continue  # partly behind something: its width is not known
        middle_x, middle_y = sum_x / (stop - start), sum_y / (stop - start)
        away = radius / max(math.hypot(middle_x - x, middle_y - y), 1e-6)
        found[count, 0] = middle_x + (middle_x - x) * away
        found[count, 1] = middle_y + (middle_y - y) * away
        count += 1
    return found[:count].copy()
