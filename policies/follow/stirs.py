"""What moves beside a robot that searches: places that were free a second ago and are not now.

The lidar sees all around, the camera only ahead; whoever it does not know may be the one it looks for, so it turns to
them. People it knows are no part of the ground.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from policies.follow.ground import Ground
from robot.clock import NS_PER_S
from robot.geometry import Pose2

BEFORE_S, EVERY_S = 1.0, 0.5
NEAR_M = 2.5
FREE_M = 0.25  # clearance that the place had before
LEAST_CELLS = 2
LOOK_S, AGAIN_S = 1.5, 3.0  # how long to turn to it, and when to do so again


class Stirs:
    """Grounds of the last moments, and until when to look."""

    def __init__(self) -> None:
        self._before: deque[tuple[int, Ground]] = deque()
        self._began_ns: int | None = None

    def nearest(self, robot: Pose2, ground: Ground, now_ns: int, half_view_rad: float) -> tuple[float, float] | None:
        """Return the nearest place outside the camera's view where something moved, odom m; None when to look is over.

        Args:
            half_view_rad: half of what the camera sees; what moves inside, it would have shown.
        """
        before = self._ground_before(ground, now_ns)
        if before is None or (self._began_ns is not None and self._waits(now_ns)):
            return None
        points = _moved(robot, ground, before)
        if len(points) < LEAST_CELLS:
            return None
        x, y = points[int(np.argmin(np.hypot(points[:, 0] - robot.x, points[:, 1] - robot.y)))]
        if abs(robot.bearing_to(float(x), float(y))) < half_view_rad:
            return None
        if self._began_ns is None or now_ns - self._began_ns >= AGAIN_S * NS_PER_S:
            self._began_ns = now_ns
        return float(x), float(y)

    def _waits(self, now_ns: int) -> bool:
        assert self._began_ns is not None
        return LOOK_S * NS_PER_S < now_ns - self._began_ns < AGAIN_S * NS_PER_S

    def _ground_before(self, ground: Ground, now_ns: int) -> Ground | None:
        """Keep the ground, and return the one of about BEFORE_S ago."""
        if not self._before or now_ns - self._before[-1][0] >= EVERY_S * NS_PER_S:
            self._before.append((now_ns, ground))
        while len(self._before) > 1 and now_ns - self._before[1][0] >= BEFORE_S * NS_PER_S:
            self._before.popleft()
        stamp_ns, before = self._before[0]
        return before if now_ns - stamp_ns >= BEFORE_S * NS_PER_S else None


def _moved(robot: Pose2, ground: Ground, before: Ground) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the middles of occupied cells near the robot that were free and not beside an obstacle, (N, 2) m."""
    rows, columns = np.nonzero(ground.occupied)
    points = np.column_stack(
        (ground.origin_x + (columns + 0.5) * ground.cell_m, ground.origin_y + (rows + 0.5) * ground.cell_m)
    )
    points = points[np.hypot(points[:, 0] - robot.x, points[:, 1] - robot.y) < NEAR_M]
    was_free = (before.clearance_at(points) > FREE_M) & ~before.is_unknown(points)
    return np.asarray(points[was_free], dtype=np.float64)
