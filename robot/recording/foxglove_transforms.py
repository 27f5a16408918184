"""Frames for Foxglove and Rerun: map → odom → base_link → lidar, camera → camera_optical (REP 105, REP 103)."""

from __future__ import annotations

import math

from foxglove.messages import FrameTransform, FrameTransforms, Vector3

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.messages import Odom, WorldTruth
from robot.recording.foxglove_images import CAMERA_FRAME
from robot.recording.foxglove_scan import LIDAR_FRAME
from robot.recording.foxglove_values import quaternion, timestamp


def mounts(body: RoverBody) -> FrameTransforms:
    """Return where the sensors sit on `body`; constant in a run."""
    lidar, camera = body.lidar, body.camera
    return FrameTransforms(
        transforms=[
            _transform("base_link", LIDAR_FRAME, 0, (lidar.x, lidar.y, lidar.z)),
            _transform("base_link", "camera", 0, (camera.x, camera.y, camera.z), (0.0, camera.pitch, 0.0)),
            _transform("camera", CAMERA_FRAME, 0, (0.0, 0.0, 0.0), (-math.pi / 2, 0.0, -math.pi / 2)),
        ]
    )


def odom_in_map(truth: WorldTruth, t_ns: int) -> FrameTransforms:
    """Return map → odom from the first truth: odom starts where the robot starts. Its drift then shows."""
    position = (truth.x, truth.y, truth.z)
    return FrameTransforms(transforms=[_transform("map", "odom", t_ns, position, (0.0, 0.0, truth.yaw))])


def odom_start(start: Pose2) -> FrameTransforms:
    """Return map → odom of a robot that started at `start` in map, where no truth says so."""
    return FrameTransforms(transforms=[_transform("map", "odom", 0, (start.x, start.y, 0.0), (0.0, 0.0, start.yaw))])


def base_in_odom(odom: Odom, t_ns: int) -> FrameTransforms:
    """Return odom → base_link."""
    return FrameTransforms(
        transforms=[_transform("odom", "base_link", t_ns, (odom.x, odom.y, 0.0), (0.0, 0.0, odom.yaw))]
    )


def _transform(
    parent: str,
    child: str,
    t_ns: int,
    position: tuple[float, float, float],
    angles: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> FrameTransform:
    x, y, z = position
    return FrameTransform(
        timestamp=timestamp(t_ns),
        parent_frame_id=parent,
        child_frame_id=child,
        translation=Vector3(x=x, y=y, z=z),
        rotation=quaternion(*angles),
    )
