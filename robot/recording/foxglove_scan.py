"""The lidar: for Foxglove as the scan it is, and as a point cloud for Rerun, which draws no scans."""

from __future__ import annotations

import numpy as np
from foxglove.messages import LaserScan, PackedElementField, PackedElementFieldNumericType, PointCloud

from robot.messages import Scan
from robot.recording.foxglove_values import pose, timestamp

LIDAR_FRAME = "lidar"
_FIELDS = [
    PackedElementField(name=name, offset=offset, type=PackedElementFieldNumericType.Float32)
    for name, offset in (("x", 0), ("y", 4), ("z", 8))
]


def scan(message: Scan, t_ns: int) -> LaserScan:
    """Return the ranges in the lidar's frame; inf and NaN stay what they are."""
    last = message.angle_min + message.angle_increment * max(len(message.ranges) - 1, 0)
    return LaserScan(
        timestamp=timestamp(t_ns),
        frame_id=LIDAR_FRAME,
        pose=pose(0.0, 0.0),
        start_angle=message.angle_min,
        end_angle=last,
        ranges=message.ranges.tolist(),
    )


def points(message: Scan, t_ns: int) -> PointCloud:
    """Return what the lidar hit, in its frame."""
    hit = np.flatnonzero(np.isfinite(message.ranges))
    angles, ranges = message.angle_min + message.angle_increment * hit, message.ranges[hit]
    xyz = np.zeros((len(hit), 3), "<f4")
    xyz[:, 0], xyz[:, 1] = ranges * np.cos(angles), ranges * np.sin(angles)
    return PointCloud(
        timestamp=timestamp(t_ns),
        frame_id=LIDAR_FRAME,
        pose=pose(0.0, 0.0),
        point_stride=12,
        fields=_FIELDS,
        data=xyz.tobytes(),
    )
