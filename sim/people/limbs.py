"""Where every part of a person is: forward kinematics from a state, and the capsules that stand for the parts.

Pure functions without the physics engine. The same capsules serve our ray caster (`capsules_in_map`) and the physics
engine's contact shapes, so a lidar beam and a bumper meet the same leg.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.people.gait import BodyPose, Leg, body_pose
from sim.people.skeleton import Skeleton
from sim.people.state import PersonState

PARTS = (
    "trunk", "head", "upper_arm_left", "upper_arm_right", "forearm_left", "forearm_right",
    "thigh_left", "thigh_right", "shank_left", "shank_right", "foot_left", "foot_right",
)  # fmt: skip
ARM_ABDUCTION = math.radians(8.0)

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]  # x, y, z, w
PartPose = tuple[Vector, Quaternion]


@dataclass(frozen=True)
class Capsule:
    """A capsule fixed to a part: axis from a to b in the part's frame (m), radius (m)."""

    part: str
    a: Vector
    b: Vector
    radius: float


def multiply(p: Quaternion, q: Quaternion) -> Quaternion:
    """Return the rotation q followed by p (Hamilton product p q), x y z w."""
    px, py, pz, pw = p
    qx, qy, qz, qw = q
    return (
        pw * qx + px * qw + py * qz - pz * qy,
        pw * qy - px * qz + py * qw + pz * qx,
        pw * qz + px * qy - py * qx + pz * qw,
        pw * qw - px * qx - py * qy - pz * qz,
    )


def rotate(q: Quaternion, v: Vector) -> Vector:
    """Return vector v turned by q."""
    x, y, z, w = q
    vx, vy, vz = v
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return (
        vx + w * tx + y * tz - z * ty,
        vy + w * ty + z * tx - x * tz,
        vz + w * tz + x * ty - y * tx,
    )


def about_x(angle: float) -> Quaternion:
    """Rotation about x."""
    return math.sin(0.5 * angle), 0.0, 0.0, math.cos(0.5 * angle)


def about_y(angle: float) -> Quaternion:
    """Rotation about y (positive pitches forward and down)."""
    return 0.0, math.sin(0.5 * angle), 0.0, math.cos(0.5 * angle)


def about_z(angle: float) -> Quaternion:
    """Rotation about z."""
    return 0.0, 0.0, math.sin(0.5 * angle), math.cos(0.5 * angle)


def place_parts(state: PersonState, bones: Skeleton) -> tuple[PartPose, ...]:
    """Return the pose of every part of PARTS in the map frame: (position, quaternion x y z w)."""
    pose = body_pose(state, bones)
    heading = about_z(state.yaw)
    hips = (state.x, state.y, state.z_floor + pose.hip_height)
    spine = multiply(heading, about_y(pose.lean))
    neck = _offset(hips, spine, (0.0, 0.0, bones.neck_up))
    # the eyes stay level when the trunk leans
    gaze = multiply(about_z(state.head_yaw), multiply(about_y(state.head_pitch), about_x(state.head_roll)))
    arms = [_arm(hips, spine, pose, bones, side) for side in (1, -1)]
    legs = [_leg(hips, heading, leg, bones, s) for leg, s in ((pose.left, 1), (pose.right, -1))]
    limbs = (part for pair in (*zip(*arms, strict=True), *zip(*legs, strict=True)) for part in pair)
    return ((hips, spine), (neck, multiply(heading, gaze)), *limbs)


def _offset(origin: Vector, turn: Quaternion, v: Vector) -> Vector:
    x, y, z = rotate(turn, v)
    return origin[0] + x, origin[1] + y, origin[2] + z


def _arm(hips: Vector, spine: Quaternion, pose: BodyPose, bones: Skeleton, side: int) -> tuple[PartPose, PartPose]:
    swing, bend = (pose.shoulder_left, pose.elbow_left) if side > 0 else (pose.shoulder_right, pose.elbow_right)
    shoulder = _offset(hips, spine, (0.0, side * bones.shoulder_side, bones.shoulder_up))
    upper = multiply(multiply(spine, about_x(side * ARM_ABDUCTION)), about_y(-swing))
    elbow = _offset(shoulder, upper, (0.0, 0.0, -bones.upper_arm))
    return (shoulder, upper), (elbow, multiply(upper, about_y(-bend)))


def _leg(
    hips: Vector, heading: Quaternion, leg: Leg, bones: Skeleton, side: int
) -> tuple[PartPose, PartPose, PartPose]:
    hip = _offset(hips, heading, (0.0, side * bones.hip_side, 0.0))
    thigh = multiply(heading, about_y(-leg.hip))
    knee = _offset(hip, thigh, (0.0, 0.0, -bones.thigh))
    shank = multiply(heading, about_y(leg.knee - leg.hip))
    ankle = _offset(knee, shank, (0.0, 0.0, -bones.shank))
    foot = multiply(heading, about_y(leg.knee - leg.hip - leg.ankle))
    return (hip, thigh), (knee, shank), (ankle, foot)


def part_capsules(bones: Skeleton) -> tuple[Capsule, ...]:
    """Return the capsules of one person, each in its part's frame."""
    h = bones.height
    up = bones.shoulder_up
    chest = 0.045 * h
    head = 0.46 * (h - bones.neck_up - 0.53 * h)
    capsules = [
        Capsule("trunk", (0.0, -chest, 0.0), (0.0, chest, 0.0), 0.062 * h),
        Capsule("trunk", (0.0, -chest, 0.45 * up), (0.0, chest, 0.45 * up), 0.060 * h),
        Capsule("trunk", (0.0, -chest, 0.80 * up), (0.0, chest, 0.80 * up), 0.064 * h),
        Capsule("head", (0.0, 0.0, 0.2 * head), (0.0, 0.0, 1.1 * head), 1.05 * head),
    ]
    for side in ("left", "right"):
        capsules += [
            Capsule(f"upper_arm_{side}", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.upper_arm), 0.025 * h),
            Capsule(f"forearm_{side}", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.forearm - 0.080 * h), 0.019 * h),
            Capsule(f"thigh_{side}", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.thigh), 0.044 * h),
            Capsule(f"shank_{side}", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.shank), 0.031 * h),
            Capsule(f"foot_{side}", (-0.012 * h, 0.0, -0.016 * h), (0.097 * h, 0.0, -0.016 * h), 0.023 * h),
        ]
    return tuple(capsules)


class CapsuleRig:
    """Moves one person's capsules: part frames in, map frame out, as one array operation."""

    def __init__(self, capsules: tuple[Capsule, ...]) -> None:
        """Prepare the lookup from capsules to parts."""
        self._part = np.array([PARTS.index(c.part) for c in capsules])
        self._ends = np.array([[c.a, c.b] for c in capsules])
        self._radius = np.array([c.radius for c in capsules])

    def in_map(self, parts: tuple[PartPose, ...]) -> NDArray[np.float64]:
        """Return (N, 7) capsules in the map frame: ax, ay, az, bx, by, bz, radius (m)."""
        rows = np.array([position + turn for position, turn in parts])[self._part]
        axis, w = rows[:, None, 3:6], rows[:, None, 6:7]
        twist = 2.0 * np.cross(axis, self._ends)
        ends = self._ends + w * twist + np.cross(axis, twist) + rows[:, None, :3]
        out = np.empty((len(self._radius), 7))
        out[:, :6] = ends.reshape(-1, 6)
        out[:, 6] = self._radius
        return out
