"""Poses and angles in the plane, REP 103: x forward, y left, yaw counter-clockwise, radians and metres."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray


def wrap_angle(angle: float) -> float:
    """Return the same direction in (-pi, pi]."""
    wrapped = math.fmod(angle + math.pi, 2.0 * math.pi)
    return wrapped + math.pi if wrapped <= 0.0 else wrapped - math.pi


class Pose2(msgspec.Struct, frozen=True):
    """A pose in the plane: position (m) and yaw (rad) of a child frame seen from its parent."""

    x: float = 0.0
    y: float = 0.0
    yaw: float = 0.0

    def __mul__(self, child: Pose2) -> Pose2:
        """Compose: the pose of `child`, given in this frame, seen from this frame's parent."""
        x, y = self.apply(child.x, child.y)
        return Pose2(x, y, wrap_angle(self.yaw + child.yaw))

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return the point (x, y) of this frame in the parent frame."""
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        return self.x + c * x - s * y, self.y + s * x + c * y

    def apply_all(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (N, 2) points of this frame in the parent frame."""
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        moved: NDArray[np.float64] = points @ np.array([[c, s], [-s, c]]) + np.array([self.x, self.y])
        return moved

    def inverse(self) -> Pose2:
        """Return the parent frame's pose seen from this frame."""
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        return Pose2(-c * self.x - s * self.y, s * self.x - c * self.y, wrap_angle(-self.yaw))

    def distance_to(self, x: float, y: float) -> float:
        """Return the distance (m) from this pose's origin to the point (x, y) of the parent frame."""
        return math.hypot(x - self.x, y - self.y)

    def bearing_to(self, x: float, y: float) -> float:
        """Return the angle (rad, left positive) from this pose's forward axis to the point (x, y)."""
        return wrap_angle(math.atan2(y - self.y, x - self.x) - self.yaw)
