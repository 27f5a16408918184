"""Poses as SDF writes them: x y z roll pitch yaw, turned about fixed axes in that order, one inside another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Placed:
    """Where a frame stands in map: (3, 3) rotation and (3,) position, m."""

    rotation: Floats
    position: Floats

    @staticmethod
    def here() -> Placed:
        """Return map's own frame."""
        return Placed(np.eye(3), np.zeros(3))

    def then(self, inner: Placed) -> Placed:
        """Return where a frame stands that stands at `inner` in this one."""
        return Placed(self.rotation @ inner.rotation, self.rotation @ inner.position + self.position)


def parse_pose(text: str) -> Placed:
    """Return the pose that six numbers write (m, rad). Raises ValueError saying what is wrong."""
    words = text.split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"must be x y z roll pitch yaw, not '{' '.join(words)}'") from None
    if len(numbers) != 6 or not all(math.isfinite(number) for number in numbers):
        raise ValueError(f"must be six finite numbers, x y z roll pitch yaw, not '{' '.join(words)}'")
    return Placed(rotation_of(*numbers[3:]), np.array(numbers[:3]))


def rotation_of(roll: float, pitch: float, yaw: float) -> Floats:
    """Return Rz(yaw) Ry(pitch) Rx(roll), (3, 3)."""
    cr, sr, cp, sp, cy, sy = (f(a) for a in (roll, pitch, yaw) for f in (math.cos, math.sin))
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def rpy_of(rotation: Floats) -> tuple[float, float, float]:
    """Return roll, pitch and yaw (rad) of a rotation; where the pitch is straight up, the roll is 0."""
    pitch = math.asin(max(-1.0, min(1.0, -float(rotation[2, 0]))))
    if abs(math.cos(pitch)) < 1e-6:
        return 0.0, pitch, math.atan2(-float(rotation[0, 1]), float(rotation[1, 1]))
    roll = math.atan2(float(rotation[2, 1]), float(rotation[2, 2]))
    return roll, pitch, math.atan2(float(rotation[1, 0]), float(rotation[0, 0]))
