"""Where every part of a person is: forward kinematics from a state, and the capsules that stand for the parts.

Pure functions without the physics engine. The same capsules serve our ray caster and the physics engine's contact
shapes, so a lidar beam and a bumper meet the same leg.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.people.compiled import compiled
from sim.people.gait import Leg, body_pose
from sim.people.skeleton import Skeleton
from sim.people.state import PersonState

PARTS = (
    "trunk", "head", "upper_arm_left", "upper_arm_right", "forearm_left", "forearm_right",
    "thigh_left", "thigh_right", "shank_left", "shank_right", "foot_left", "foot_right",
)  # fmt: skip
TRUNK, HEAD, UPPER_ARM, FOREARM, THIGH, SHANK, FOOT = 0, 1, 2, 4, 6, 8, 10  # of limbs, the left one; right is next
ARM_ABDUCTION = math.radians(8.0)

Floats = NDArray[np.float64]
Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]  # x, y, z, w


@dataclass(frozen=True)
class Capsule:
    """A capsule fixed to a part: axis from a to b in the part's frame (m), radius (m)."""

    part: str
    a: Vector
    b: Vector
    radius: float


@compiled
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


@compiled
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


@compiled
def about_x(angle: float) -> Quaternion:
    """Rotation about x."""
    return math.sin(0.5 * angle), 0.0, 0.0, math.cos(0.5 * angle)


@compiled
def about_y(angle: float) -> Quaternion:
    """Rotation about y (positive pitches forward and down)."""
    return 0.0, math.sin(0.5 * angle), 0.0, math.cos(0.5 * angle)


@compiled
def about_z(angle: float) -> Quaternion:
    """Rotation about z."""
    return 0.0, 0.0, math.sin(0.5 * angle), math.cos(0.5 * angle)


def place_parts(state: PersonState, bones: Skeleton) -> Floats:
    """Return the pose of every part of PARTS in the map frame: (12, 7) x, y, z, quaternion x, y, z, w."""
    root = (float(state.x), float(state.y), float(state.z_floor), float(state.yaw))
    head = (float(state.head_yaw), float(state.head_pitch), float(state.head_roll))
    gait = (float(state.gait_phase), float(state.speed), float(state.sitting), float(state.seat_height))
    return _place(root, head, gait, bones)


@compiled
def _place(root: Quaternion, head: Vector, gait: Quaternion, bones: Skeleton) -> Floats:
    """Chain the joints; `root` is x, y, z of the floor and yaw, `gait` what `body_pose` takes."""
    pose = body_pose(gait[0], gait[1], gait[2], gait[3], bones)
    out = np.empty((12, 7))
    heading = about_z(root[3])
    hips = (root[0], root[1], root[2] + pose.hip_height)
    spine = multiply(heading, about_y(pose.lean))
    _write(out, TRUNK, hips, spine)
    # the head turns against the heading, not the trunk: the eyes stay level when one leans
    gaze = multiply(about_z(head[0]), multiply(about_y(head[1]), about_x(head[2])))
    _write(out, HEAD, _offset(hips, spine, (0.0, 0.0, bones.neck_up)), multiply(heading, gaze))
    _place_arm(out, 0, hips, spine, pose.shoulder_left, pose.elbow_left, bones)
    _place_arm(out, 1, hips, spine, pose.shoulder_right, pose.elbow_right, bones)
    _place_leg(out, 0, hips, heading, pose.left, bones)
    _place_leg(out, 1, hips, heading, pose.right, bones)
    return out


@compiled
def _write(out: Floats, row: int, position: Vector, turn: Quaternion) -> None:
    for i in range(3):
        out[row, i] = position[i]
    for i in range(4):
        out[row, 3 + i] = turn[i]


@compiled
def _offset(origin: Vector, turn: Quaternion, v: Vector) -> Vector:
    x, y, z = rotate(turn, v)
    return origin[0] + x, origin[1] + y, origin[2] + z


@compiled
def _place_arm(
    out: Floats, right: int, hips: Vector, spine: Quaternion, swing: float, bend: float, bones: Skeleton
) -> None:
    side = 1.0 - 2.0 * right
    shoulder = _offset(hips, spine, (0.0, side * bones.shoulder_side, bones.shoulder_up))
    upper = multiply(multiply(spine, about_x(side * ARM_ABDUCTION)), about_y(-swing))
    _write(out, UPPER_ARM + right, shoulder, upper)
    elbow = _offset(shoulder, upper, (0.0, 0.0, -bones.upper_arm))
    _write(out, FOREARM + right, elbow, multiply(upper, about_y(-bend)))


@compiled
def _place_leg(out: Floats, right: int, hips: Vector, heading: Quaternion, leg: Leg, bones: Skeleton) -> None:
    hip = _offset(hips, heading, (0.0, (1.0 - 2.0 * right) * bones.hip_side, 0.0))
    thigh = multiply(heading, about_y(-leg.hip))
    knee = _offset(hip, thigh, (0.0, 0.0, -bones.thigh))
    shank = multiply(heading, about_y(leg.knee - leg.hip))
    ankle = _offset(knee, shank, (0.0, 0.0, -bones.shank))
    _write(out, THIGH + right, hip, thigh)
    _write(out, SHANK + right, knee, shank)
    _write(out, FOOT + right, ankle, multiply(heading, about_y(leg.knee - leg.hip - leg.ankle)))


def part_capsules(bones: Skeleton) -> tuple[Capsule, ...]:
    """Return the 14 capsules of one person, each in its part's frame."""
    h, up = bones.height, bones.shoulder_up
    chest = 0.045 * h
    head = 0.46 * (h - bones.neck_up - 0.53 * h)
    trunk = [
        Capsule("trunk", (0.0, -chest, share * up), (0.0, chest, share * up), radius * h)
        for share, radius in ((0.0, 0.062), (0.45, 0.060), (0.80, 0.064))
    ]
    limbs = [
        Capsule(f"{part}_{side}", a, b, radius * h)
        for side in ("left", "right")
        for part, a, b, radius in (
            ("upper_arm", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.upper_arm), 0.025),
            ("forearm", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.forearm - 0.080 * h), 0.019),
            ("thigh", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.thigh), 0.044),
            ("shank", (0.0, 0.0, 0.0), (0.0, 0.0, -bones.shank), 0.031),
            ("foot", (-0.012 * h, 0.0, -0.016 * h), (0.097 * h, 0.0, -0.016 * h), 0.023),
        )
    ]
    return (*trunk, Capsule("head", (0.0, 0.0, 0.2 * head), (0.0, 0.0, 1.1 * head), 1.05 * head), *limbs)


def capsule_frame(capsule: Capsule) -> tuple[Vector, Quaternion, float]:
    """Return the middle, the rotation that brings z onto the axis, and the length between the cap centres."""
    a, b = np.array(capsule.a), np.array(capsule.b)
    length = float(np.linalg.norm(b - a))
    x, y, z = (b - a) / length
    middle = 0.5 * (a + b)
    center = (float(middle[0]), float(middle[1]), float(middle[2]))
    if z < -0.999999:
        return center, (1.0, 0.0, 0.0, 0.0), length
    half = np.array([-y, x, 0.0, 1.0 + z])
    half /= np.linalg.norm(half)
    return center, (float(half[0]), float(half[1]), 0.0, float(half[3])), length


class CapsuleRig:
    """Moves one person's capsules from their part's frame to the map frame.

    Attributes:
        half: (14, 3) half extents of each capsule's box, round ends included, along its own axes (z is its axis).
    """

    def __init__(self, capsules: tuple[Capsule, ...]) -> None:
        """Prepare the lookup from capsules to parts."""
        frames = [capsule_frame(c) for c in capsules]
        self._part = np.array([PARTS.index(c.part) for c in capsules], dtype=np.int64)
        self._local = np.array([center + turn for center, turn, _ in frames])
        self._radius = np.array([c.radius for c in capsules])
        self._length = np.array([length for _, _, length in frames])
        self.half = np.stack([self._radius, self._radius, 0.5 * self._length + self._radius], axis=1)

    def write_frames(self, parts: Floats, center: Floats, rotation: Floats) -> None:
        """Fill (14, 3) centres and (14, 3, 3) rotations local to map, as the ray caster keeps them."""
        _frames(parts, self._part, self._local, center, rotation)

    def in_map(self, parts: Floats) -> Floats:
        """Return (14, 7) capsules in the map frame: ax, ay, az, bx, by, bz, radius (m)."""
        capsules = np.empty((len(self._part), 7))
        self.write_in_map(parts, capsules)
        return capsules

    def write_in_map(self, parts: Floats, capsules: Floats) -> None:
        """Fill (14, 7) with what `in_map` returns."""
        _in_map(parts, self._part, self._local, self._length, self._radius, capsules)


@compiled
def _frames(parts: Floats, part: NDArray[np.int64], local: Floats, center: Floats, rotation: Floats) -> None:
    for i in range(len(part)):
        p = parts[part[i]]
        turn = (p[3], p[4], p[5], p[6])
        offset = rotate(turn, (local[i, 0], local[i, 1], local[i, 2]))
        x, y, z, w = multiply(turn, (local[i, 3], local[i, 4], local[i, 5], local[i, 6]))
        for k in range(3):
            center[i, k] = p[k] + offset[k]
        rotation[i, 0, 0], rotation[i, 0, 1] = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - z * w)
        rotation[i, 0, 2], rotation[i, 1, 0] = 2.0 * (x * z + y * w), 2.0 * (x * y + z * w)
        rotation[i, 1, 1], rotation[i, 1, 2] = 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - x * w)
        rotation[i, 2, 0], rotation[i, 2, 1] = 2.0 * (x * z - y * w), 2.0 * (y * z + x * w)
        rotation[i, 2, 2] = 1.0 - 2.0 * (x * x + y * y)


@compiled
def _in_map(
    parts: Floats, part: NDArray[np.int64], local: Floats, length: Floats, radius: Floats, capsules: Floats
) -> None:
    count = len(part)
    center, rotation = np.empty((count, 3)), np.empty((count, 3, 3))
    _frames(parts, part, local, center, rotation)
    for i in range(count):
        for k in range(3):
            reach = rotation[i, k, 2] * (0.5 * length[i])
            capsules[i, k], capsules[i, 3 + k] = center[i, k] - reach, center[i, k] + reach
        capsules[i, 6] = radius[i]
