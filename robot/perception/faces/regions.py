"""Where a face is in a picture: as the detector boxes it, as the mesh outlines it, and the square it is looked for in.

Apart from the networks, so that who only speaks of faces need not load them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UPPER_LIP, LOWER_LIP, MOUTH_RIGHT, MOUTH_LEFT = 13, 14, 61, 291
RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263  # of the mesh
MARGIN = 1.5  # side of the mesh's crop over the longer side of the face's box, as the network was trained

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """A square of the picture, px; turned by `angle` (rad, clockwise on the screen) about its centre."""

    x: float
    y: float
    size: float
    angle: float = 0.0


@dataclass(frozen=True)
class Box:
    """A face as the detector sees it: corner and size (px), eyes (px), score 0 to 1, and how many px of the picture one
    px of the detector's was: the larger, the less exact all of it."""

    x: float
    y: float
    width: float
    height: float
    eyes: tuple[tuple[float, float], tuple[float, float]]
    score: float
    grain: float

    @property
    def region(self) -> Region:
        """The crop to run the mesh on, upright along the eyes."""
        (rx, ry), (lx, ly) = self.eyes
        size = MARGIN * max(self.width, self.height)
        return Region(self.x + self.width / 2.0, self.y + self.height / 2.0, size, math.atan2(ly - ry, lx - rx))


@dataclass(frozen=True)
class Mesh:
    """The points of a face: (468, 3) px of the picture, z in the same scale and growing away from the camera, and how
    sure the network is (0 to 1) that a face is there."""

    points: Floats
    presence: float

    @property
    def region(self) -> Region:
        """The crop in which the same face is looked for next, as MediaPipe's own tracking takes it."""
        right, left = self.points[RIGHT_EYE_CORNER], self.points[LEFT_EYE_CORNER]
        angle = math.atan2(left[1] - right[1], left[0] - right[0])
        c, s = math.cos(angle), math.sin(angle)
        along = self.points[:, :2] @ np.array([[c, -s], [s, c]])
        low, high = along.min(axis=0), along.max(axis=0)
        u, v = (low + high) / 2.0
        size = MARGIN * float((high - low).max())
        return Region(float(c * u - s * v), float(s * u + c * v), size, angle)

    @property
    def mouth(self) -> float:
        """How far the mouth is open, as a share of its width."""
        width = float(np.linalg.norm(self.points[MOUTH_RIGHT] - self.points[MOUTH_LEFT]))
        return float(np.linalg.norm(self.points[UPPER_LIP] - self.points[LOWER_LIP])) / max(width, 1.0)
