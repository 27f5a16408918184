"""Small values that every Foxglove schema is built from: times, poses, colours."""

from __future__ import annotations

import math

from foxglove.messages import Color, Point3, Pose, Quaternion, Timestamp, Vector3

from robot.clock import NS_PER_S

ROBOT = Color(r=0.10, g=0.45, b=0.85, a=1.0)
PERSON = Color(r=0.90, g=0.45, b=0.10, a=0.8)
OTHER = Color(r=0.55, g=0.55, b=0.55, a=0.6)
PATH = Color(r=0.15, g=0.65, b=0.35, a=1.0)
WARNING = Color(r=0.85, g=0.15, b=0.15, a=1.0)


def timestamp(t_ns: int) -> Timestamp:
    """Return simulated nanoseconds as Foxglove's time."""
    return Timestamp(sec=t_ns // NS_PER_S, nsec=t_ns % NS_PER_S)


def quaternion(roll: float, pitch: float, yaw: float) -> Quaternion:
    """Return the rotation of intrinsic z-y-x angles (rad), REP 103."""
    cr, sr = math.cos(roll / 2), math.sin(roll / 2)
    cp, sp = math.cos(pitch / 2), math.sin(pitch / 2)
    cy, sy = math.cos(yaw / 2), math.sin(yaw / 2)
    return Quaternion(
        x=sr * cp * cy - cr * sp * sy,
        y=cr * sp * cy + sr * cp * sy,
        z=cr * cp * sy - sr * sp * cy,
        w=cr * cp * cy + sr * sp * sy,
    )


def pose(x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> Pose:
    """Return an upright pose: metres, radians."""
    return Pose(position=Vector3(x=x, y=y, z=z), orientation=quaternion(0.0, 0.0, yaw))


def points(xy: list[tuple[float, float]], z: float) -> list[Point3]:
    """Return points of the plane at height `z`."""
    return [Point3(x=x, y=y, z=z) for x, y in xy]
