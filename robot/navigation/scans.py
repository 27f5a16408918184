"""A scan message as the plain values that odometry and mapping work on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.messages import Scan


def scan_values(scan: Scan) -> tuple[NDArray[np.float32], float, float, tuple[float, float]]:
    """Return ranges (N,) m, first angle and step between rays (rad), shortest and longest range (m)."""
    return scan.ranges, scan.angle_min, scan.angle_increment, (scan.range_min, scan.range_max)
