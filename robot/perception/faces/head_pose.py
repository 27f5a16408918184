"""Which way a head points, from the 468 points of its face mesh and the camera's own intrinsics.

The canonical face is laid over the points by Gauss-Newton on the reprojection error, from a start by orthogonal
Procrustes on the mesh's own depth (Kabsch 1976). Points that move when one speaks or chews (lips, chin, jaw) are left
out. Angles are those of the head in a frame that looks from the face to the camera when all are zero: pitch positive
looking down, yaw positive to the person's left, roll positive toward the person's left shoulder, turned in the order
yaw, pitch, roll.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot.perception.faces.camera import Intrinsics

Floats = NDArray[np.float64]

MODEL = Path(__file__).with_name("canonical_face.npz")
STEPS = 4  # of Gauss-Newton; from the Procrustes start the fourth changes less than 0.01 degrees
EVERY = 3  # of the points; more cost time and tell nothing new
# The mesh network draws a face it sees from above or below too frontal: against heads rendered at known angles (eight
# people, 0.5 to 1.5 m), pitch against the line of sight comes out as SHRINK of the true one plus BIAS. Yaw and
# roll need nothing.
PITCH_SHRINK, PITCH_BIAS = 0.79, math.radians(1.6)
# fmt: off
_SOFT = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 78, 191, 80, 81, 82, 13,
    312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95, 152, 148, 176, 149, 150, 136, 172, 58, 132, 377,
    400, 378, 379, 365, 397, 288, 361, 199, 200, 18, 83, 313, 208, 428, 175, 171, 396, 201, 421, 194, 418, 32, 262, 140,
    369, 182, 406,
)
# fmt: on
FACING_CAMERA = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])  # head axes in the optical frame
_MODEL_OF_HEAD = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])  # x left, y up, z out of the face


@dataclass(frozen=True)
class HeadPose:
    """Angles of a head (rad) and its place in the optical frame (m; the scale is that of an average adult's face)."""

    yaw: float
    pitch: float
    roll: float
    position: tuple[float, float, float]

    @property
    def rotation(self) -> Floats:
        """Axes of the head (columns: out of the face, to the person's left, up) in the optical frame."""
        return FACING_CAMERA @ turned(self.yaw, self.pitch, self.roll)


def turned(yaw: float, pitch: float, roll: float) -> Floats:
    """Return the (3, 3) rotation of a head by yaw, then pitch, then roll (rad)."""
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(-roll), math.sin(-roll)
    about_z = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    about_y = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cr, -sr], [0.0, sr, cr]])
    rotation: Floats = about_z @ about_y @ about_x
    return rotation


def angles(rotation: Floats) -> tuple[float, float, float]:
    """Return yaw, pitch and roll (rad) of what `turned` gives."""
    yaw = math.atan2(rotation[1, 0], rotation[0, 0])
    pitch = math.asin(min(1.0, max(-1.0, -rotation[2, 0])))
    return yaw, pitch, -math.atan2(rotation[2, 1], rotation[2, 2])


class HeadPoseSolver:
    """Fits the canonical face to meshes."""

    def __init__(self) -> None:
        """Read the canonical face, cm."""
        with np.load(MODEL) as stored:
            points = stored["points"].astype(np.float64)
        self._rigid = np.array([i for i in range(len(points)) if i not in _SOFT][::EVERY])
        self._model = points[self._rigid]

    def solve(self, points: Floats, camera: Intrinsics) -> HeadPose | None:
        """Return the pose of the head with these (468, 3) mesh points (px), None where no head fits them."""
        if not np.isfinite(points).all():
            return None
        seen = points[self._rigid]
        rotation, place = self._start(seen, camera)
        for _ in range(STEPS):
            rotation, place = self._improve(rotation, place, seen, camera)
            if not (place[2] > 1.0 and np.isfinite(rotation).all()):
                return None
        yaw, pitch, roll = angles(FACING_CAMERA.T @ rotation @ _MODEL_OF_HEAD)
        x, y, z = (0.01 * float(v) for v in place)
        below = math.atan2(y, z)  # of the optical axis: from there a level head is seen as if it looked down as much
        return HeadPose(yaw, (pitch + below - PITCH_BIAS) / PITCH_SHRINK - below, roll, (x, y, z))

    def _start(self, seen: Floats, camera: Intrinsics) -> tuple[Floats, Floats]:
        """Return the rotation model → optical and the place (cm) by Procrustes, as if seen from far away."""
        model, mesh = self._model - self._model.mean(axis=0), seen - seen.mean(axis=0)
        u, spread, vt = np.linalg.svd(mesh.T @ model)
        rotation = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt
        scale = max(float(spread.sum() / (model**2).sum()), 1e-6)  # px per cm
        depth = camera.fx / scale
        x, y = seen[:, :2].mean(axis=0)
        middle = depth * np.array([(x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1.0])
        return rotation, middle - rotation @ self._model.mean(axis=0)

    def _improve(self, rotation: Floats, place: Floats, seen: Floats, camera: Intrinsics) -> tuple[Floats, Floats]:
        """One step of Gauss-Newton on the reprojection error in all points."""
        arms = self._model @ rotation.T
        x, y, z = (arms + place).T
        z = np.maximum(z, 1.0)
        u, v = camera.fx * x / z + camera.cx, camera.fy * y / z + camera.cy
        error = np.concatenate([u - seen[:, 0], v - seen[:, 1]])
        ax, ay, az = arms.T
        a, b = camera.fx / z, -camera.fx * x / z**2  # of u by the point's x and z
        c, d = camera.fy / z, -camera.fy * y / z**2  # of v by its y and z
        zero = np.zeros_like(z)
        du = (ay * b, az * a - ax * b, -ay * a, a, zero, b)  # the first three: arm x gradient
        dv = (ay * d - az * c, -ax * d, ax * c, zero, c, d)
        jacobian = np.hstack([np.array(du), np.array(dv)]).T
        step = np.linalg.solve(jacobian.T @ jacobian + 1e-9 * np.eye(6), -jacobian.T @ error)
        return _rotation_by(step[:3]) @ rotation, place + step[3:]


def _rotation_by(vector: NDArray[np.float64]) -> Floats:
    """Return the rotation about a vector by its length (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation: Floats = np.eye(3) + math.sin(angle) * cross + (1.0 - math.cos(angle)) * (cross @ cross)
    return rotation
