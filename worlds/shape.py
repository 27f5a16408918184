"""The common currency of every room that needs to know what stands in a home: one solid primitive.

A home becomes a flat tuple of shapes. Physics, ray casting, maps, pictures and routes read nothing else, so a
new kind of furniture, a generated maze or an imported world needs no change anywhere but here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

ShapeKind = Literal["box", "cylinder", "sphere", "capsule"]
Semantic = Literal["floor", "wall", "door", "furniture", "clutter", "rug"]
Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Color = tuple[float, float, float, float]
UPRIGHT: Quaternion = (0.0, 0.0, 0.0, 1.0)
_CIRCLE = np.linspace(0.0, 2.0 * math.pi, 16, endpoint=False)
_RING = np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE), np.zeros_like(_CIRCLE)], axis=1)
_CORNERS = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], dtype=np.float64)


@dataclass(frozen=True)
class Shape:
    """One primitive, posed in the map frame (x east, y north, z up). Metres, radians.

    Attributes:
        name: unique within a world.
        kind: what `size` means.
        size: box: full extents (x, y, z); cylinder: (radius, length along local z); capsule: (radius, distance
            between the centres of its end spheres along local z); sphere: (radius,).
        position: centre.
        orientation: quaternion x, y, z, w.
        color: red, green, blue, alpha in 0..1.
        texture: name of a surface pattern (TEXTURES in worlds/schema.py) for renderers that draw one, or None.
        mass: kg; 0 is fixed to the world.
        solid: whether it collides. A rug does not.
        seen_by_lidar, seen_by_depth: False for glass, which still collides.
        owner: full name of the room, door, furniture or clutter it belongs to.
        semantic: what it is to a person.
    """

    name: str
    kind: ShapeKind
    size: tuple[float, ...]
    position: Vector
    orientation: Quaternion = UPRIGHT
    color: Color = (0.8, 0.8, 0.8, 1.0)
    texture: str | None = None
    mass: float = 0.0
    solid: bool = True
    seen_by_lidar: bool = True
    seen_by_depth: bool = True
    owner: str = ""
    semantic: Semantic = "furniture"

    @property
    def yaw(self) -> float:
        """Rotation about map z, radians in (-pi, pi]; exact for shapes that are only turned, not tilted."""
        x, y, z, w = self.orientation
        return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))

    def placed(self, x: float, y: float, z: float, yaw: float) -> Shape:
        """The same shape after its parent frame is turned by yaw and moved to (x, y, z)."""
        cos, sin = math.cos(yaw), math.sin(yaw)
        px, py, pz = self.position
        turned = multiply(quaternion_from_yaw(yaw), self.orientation)
        position = (x + cos * px - sin * py, y + sin * px + cos * py, z + pz)
        return replace(self, position=position, orientation=turned)

    def rotation(self) -> NDArray[np.float64]:
        """(3, 3) matrix that turns local into map coordinates."""
        x, y, z, w = self.orientation
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )

    def z_range(self) -> tuple[float, float]:
        """Lowest and highest point, metres above map z = 0."""
        up = self.rotation()[2]
        if self.kind == "box":
            reach = float(np.abs(up) @ (np.asarray(self.size) / 2.0))
        elif self.kind == "sphere":
            reach = self.size[0]
        else:
            radius, length = self.size
            cap = radius if self.kind == "capsule" else radius * math.sqrt(max(0.0, 1.0 - up[2] ** 2))
            reach = float(abs(up[2])) * length / 2.0 + cap
        return self.position[2] - reach, self.position[2] + reach

    def footprint(self) -> NDArray[np.float64]:
        """(N, 2) counter-clockwise convex outline seen from above, map frame, m (circles: 16 points). Read-only."""
        return _footprint(self)

    def _extremes(self) -> NDArray[np.float64]:
        """(N, 3) surface points in the map frame whose convex hull is the shape."""
        center = np.asarray(self.position)
        if self.kind == "sphere":
            return np.asarray(center + self.size[0] * _RING)
        if self.kind == "box":
            return np.asarray(center + (_CORNERS * np.asarray(self.size) / 2.0) @ self.rotation().T)
        radius, length = self.size
        axis = self.rotation()[:, 2] * length / 2.0
        disc = radius * _RING if self.kind == "capsule" else radius * _RING @ self.rotation().T
        return np.concatenate([center + axis + disc, center - axis + disc])


@lru_cache(maxsize=1024)  # who builds a world asks for each outline several times
def _footprint(shape: Shape) -> NDArray[np.float64]:
    points = shape._extremes()[:, :2].astype(np.float32)
    outline = np.asarray(cv2.convexHull(points, clockwise=False), dtype=np.float64).reshape(-1, 2)
    outline.flags.writeable = False
    return outline


def quaternion_from_yaw(yaw: float) -> Quaternion:
    """Rotation by yaw radians about z, as x, y, z, w."""
    return (0.0, 0.0, math.sin(yaw / 2.0), math.cos(yaw / 2.0))


def quaternion_from_rpy(roll: float, pitch: float, yaw: float) -> Quaternion:
    """Rotation by roll about x, then pitch about y, then yaw about z (rad, fixed axes: URDF, SDF), as x, y, z, w."""
    about_x: Quaternion = (math.sin(roll / 2.0), 0.0, 0.0, math.cos(roll / 2.0))
    about_y: Quaternion = (0.0, math.sin(pitch / 2.0), 0.0, math.cos(pitch / 2.0))
    return multiply(quaternion_from_yaw(yaw), multiply(about_y, about_x))


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """Hamilton product a·b (first b, then a), as x, y, z, w."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )
