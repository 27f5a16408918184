"""The pinhole camera that faces are seen through, and what it is taken for when nobody says."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Intrinsics:
    """Focal length and principal point, px (optical frame: x right, y down, z forward)."""

    fx: float
    fy: float
    cx: float
    cy: float

    @staticmethod
    def guess(width: int, height: int) -> Intrinsics:
        """Return those of a camera nobody has calibrated: 53 degrees over the longer side, as webcams have."""
        focal = float(max(width, height))
        return Intrinsics(focal, focal, (width - 1) / 2.0, (height - 1) / 2.0)

    def bearing(self, x: float, y: float) -> tuple[float, float]:
        """Return where the pixel lies: to the left of and above the optical axis (rad)."""
        right, down = (x - self.cx) / self.fx, (y - self.cy) / self.fy
        return -math.atan(right), -math.atan2(down, math.hypot(1.0, right))
