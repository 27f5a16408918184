"""Whether the lidar has data where the robot wants to go. Asked every step, worked out once per scan."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.messages import Scan

AHEAD, BEHIND = 0.0, math.pi  # rad, base_link


class Blindness:
    """The newest scan's rays without data (NaN). Blind before the first scan."""

    def __init__(self, most: float, half_sector: float) -> None:
        """Blind where more than the share `most` of the rays within `half_sector` rad of a bearing are empty."""
        self._most, self._half_sector = most, half_sector
        self._anywhere = self._ahead = self._behind = True

    def update(self, scan: Scan) -> None:
        """Take a new scan."""
        self._anywhere = blind_share(scan, AHEAD, math.pi) > self._most
        self._ahead = blind_share(scan, AHEAD, self._half_sector) > self._most
        self._behind = blind_share(scan, BEHIND, self._half_sector) > self._most

    def toward(self, v: float) -> bool:
        """Return whether there is no data in all, or none toward a motion with speed v (m/s)."""
        return self._anywhere or (v > 0.0 and self._ahead) or (v < 0.0 and self._behind)


def blind_share(scan: Scan, toward: float, half_sector: float) -> float:
    """Return the share of rays without data within `half_sector` rad of the bearing `toward`; 1 if there are none."""
    return float(_nan_share(scan.ranges, scan.angle_min - toward, scan.angle_increment, half_sector))


@njit(cache=True)
def _nan_share(ranges: NDArray[np.float32], first: float, increment: float, half_sector: float) -> float:
    count, empty = 0, 0
    for i in range(ranges.size):
        off = (first + i * increment + math.pi) % (2.0 * math.pi) - math.pi
        if abs(off) <= half_sector:
            count += 1
            empty += math.isnan(ranges[i])
    return empty / count if count else 1.0
