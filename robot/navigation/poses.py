"""Poses over the last moments, so that a sensor reading is placed where the robot was when it was taken."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque

from robot.geometry import Pose2, wrap_angle


class PoseBuffer:
    """The newest poses by time, interpolated in between."""

    def __init__(self, capacity: int = 120) -> None:
        self._times: deque[int] = deque(maxlen=capacity)
        self._poses: deque[Pose2] = deque(maxlen=capacity)

    def append(self, t_ns: int, pose: Pose2) -> None:
        """Add a pose; times must not go back (such a pose is dropped)."""
        if self._times and t_ns <= self._times[-1]:
            return
        self._times.append(t_ns)
        self._poses.append(pose)

    def at(self, t_ns: int) -> Pose2 | None:
        """Return the pose at `t_ns`, held beyond the newest; None before the oldest that is kept."""
        if not self._times or t_ns < self._times[0]:
            return None
        after = bisect_left(self._times, t_ns)
        if after == len(self._times):
            return self._poses[-1]
        if self._times[after] == t_ns:
            return self._poses[after]
        before = after - 1
        share = (t_ns - self._times[before]) / (self._times[after] - self._times[before])
        return between(self._poses[before], self._poses[after], share)


def between(a: Pose2, b: Pose2, share: float) -> Pose2:
    """Return the pose `share` (0 to 1) of the way from a to b."""
    turn = wrap_angle(b.yaw - a.yaw)
    return Pose2(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y), wrap_angle(a.yaw + share * turn))
