"""What stands around the robot, as points in odom: the newest scan, what of it arrived, and the local map.

Points are kept in odom and looked at from the newest pose, so a scan of 90 ms ago does not trail behind the robot.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from robot.bodies.rover.body import LidarMount, RoverBody
from robot.geometry import Pose2
from robot.messages import LocalMap, Odom, Scan
from robot.safety.arrivals import Arrivals
from robot.safety.points import Points, around, middles

UNSEEN, OCCUPIED, UNKNOWN = 50, 100, 255
REACH_M = 1.5  # nothing farther can be met within the look-ahead
NO_POINTS: Points = np.empty((0, 2))


class PoseHistory:
    """The last half second of odometry, to know where the robot was when a scan was taken."""

    def __init__(self) -> None:
        self._poses: deque[tuple[int, Pose2]] = deque(maxlen=30)

    def add(self, odom: Odom) -> None:
        """Remember a pose (once per stamp)."""
        if not self._poses or self._poses[-1][0] != odom.stamp_ns:
            self._poses.append((odom.stamp_ns, Pose2(odom.x, odom.y, odom.yaw)))

    def at(self, stamp_ns: int) -> Pose2:
        """Return the newest pose not later than `stamp_ns`, else the oldest known. Raises IndexError when empty."""
        for stamp, pose in reversed(self._poses):
            if stamp <= stamp_ns:
                return pose
        return self._poses[0][1]


def scan_points(scan: Scan, lidar: LidarMount) -> Points:
    """Return the scan's near returns in base_link, (N, 2) m. NaN, inf and out-of-range rays are left out."""
    ranges = scan.ranges
    near = np.isfinite(ranges) & (ranges >= scan.range_min) & (ranges <= min(REACH_M, scan.range_max))
    index = np.nonzero(near)[0]
    angle = scan.angle_min + index * scan.angle_increment
    distance = ranges[index].astype(np.float64)
    return np.column_stack((lidar.x + distance * np.cos(angle), lidar.y + distance * np.sin(angle)))


def map_points(local: LocalMap, pose: Pose2, *values: int) -> Points:
    """Return the middles of cells of these one or two values within reach of the robot, (N, 2) m in odom."""
    size = local.resolution_m
    rows, columns = local.cells.shape
    row = math.floor((pose.y - local.origin_y) / size)
    column = math.floor((pose.x - local.origin_x) / size)
    reach = math.ceil(REACH_M / size)
    top, left = max(row - reach, 0), max(column - reach, 0)
    found: Points = middles(
        local.cells,
        (top, min(row + reach + 1, rows)),
        (left, min(column + reach + 1, columns)),
        (local.origin_x, local.origin_y),
        size,
        (values[0], values[-1]),
    )
    return found


def seen_from(pose: Pose2, points: Points) -> Points:
    """Return odom points in the frame of `pose`, (N, 2) m."""
    return pose.inverse().apply_all(points)


def outside_body(points: Points, body: RoverBody, depth_m: float) -> Points:
    """Return the points (base_link) that are not deeper than `depth_m` inside the footprint."""
    inside = (np.abs(points[:, 0]) < body.length / 2 - depth_m) & (np.abs(points[:, 1]) < body.width / 2 - depth_m)
    kept: Points = points[~inside]
    return kept


class Obstacles:
    """Keeps the newest points of scan and map in odom."""

    def __init__(self, body: RoverBody, map_ignored_depth_m: float) -> None:
        self._body = body
        self._depth = map_ignored_depth_m
        self._poses = PoseHistory()
        self._scan = NO_POINTS
        self._map = NO_POINTS
        self._unseen = NO_POINTS
        self._arrivals = Arrivals(body.lidar)
        self._arrived = NO_POINTS

    def update(self, odom: Odom, scan: Scan | None, local: LocalMap | None) -> None:
        """Take in the newest pose, and scan and map where they are new."""
        self._poses.add(odom)
        if scan is not None:
            pose = self._poses.at(scan.stamp_ns)
            self._scan = pose.apply_all(scan_points(scan, self._body.lidar))
            self._arrived = self._arrivals.update(scan, pose)
        if local is not None:
            self._map = map_points(local, Pose2(odom.x, odom.y, odom.yaw), OCCUPIED)
            self._unseen = map_points(local, Pose2(odom.x, odom.y, odom.yaw), UNSEEN, UNKNOWN)

    def around(self, pose: Pose2, near: Points = NO_POINTS) -> Points:
        """Return all points seen from `pose`, and those `near` it, which are seen from there; (N, 2) m in base_link."""
        odom, body = pose.inverse(), self._body
        found: Points = around(
            self._scan,
            self._map,
            near,
            odom.x,
            odom.y,
            math.cos(odom.yaw),
            math.sin(odom.yaw),
            body.length / 2 - self._depth,
            body.width / 2 - self._depth,
        )
        return found

    def unseen(self, pose: Pose2) -> Points:
        """Return the middles of cells whose floor nothing has looked at, off the body, (N, 2) m in base_link."""
        points = outside_body(seen_from(pose, self._unseen), self._body, self._depth)
        return np.ascontiguousarray(points)

    def arrived(self, pose: Pose2) -> Points:
        """Return the points of legs (or of what was pushed here) seen from `pose`, (N, 2) m in base_link."""
        return seen_from(pose, self._arrived) if len(self._arrived) else NO_POINTS
