"""The lidar for Foxglove and Rerun."""

from __future__ import annotations

from foxglove.messages import LaserScan

from robot.messages import Scan
from robot.recording.foxglove_values import pose, timestamp

LIDAR_FRAME = "lidar"


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
