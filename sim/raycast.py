"""The world as the ray caster sees it: rows of primitives, fixed ones first, then those that move.

The idea: rows never move between arrays. Things that move (loose clutter, people's limbs) own a slice of rows that is
overwritten in place, so casting costs no packing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.raycast_kernels import BOX, CAPSULE, CYLINDER, SPHERE, cast_fan, cast_image, cast_rays
from worlds.shape import Shape

Floats = NDArray[np.float64]
KINDS = {"box": BOX, "cylinder": CYLINDER, "sphere": SPHERE, "capsule": CAPSULE}


@dataclass(frozen=True)
class Pinhole:
    """Intrinsics of an image, px; pixel centres are at whole numbers."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @staticmethod
    def of(width: int, height: int, half_fov: float) -> Pinhole:
        """Return the intrinsics of a camera with square pixels and this half horizontal field of view (rad).

        The centre is where Bullet's software renderer has it: rendered depth and ray-cast depth then agree to some
        micrometres, and are off by half a pixel with the textbook's centre.
        """
        focal = width / 2.0 / math.tan(half_fov)
        return Pinhole(width, height, focal, focal, width / 2.0, height / 2.0 - 1.0)

    def every(self, n: int) -> Pinhole:
        """Return the intrinsics of the image made of every n-th pixel of this one."""
        return Pinhole(self.width // n, self.height // n, self.fx / n, self.fy / n, self.cx / n, self.cy / n)


def half_extents(shape: Shape) -> tuple[float, float, float]:
    """Return half the sides (m) of the shape's bounding box in its own frame."""
    if shape.kind == "box":
        return shape.size[0] / 2.0, shape.size[1] / 2.0, shape.size[2] / 2.0
    radius = shape.size[0]
    if shape.kind == "sphere":
        return radius, radius, radius
    return radius, radius, shape.size[1] / 2.0 + (radius if shape.kind == "capsule" else 0.0)


class RayScene:
    """Primitives to cast rays at.

    Attributes:
        kind, center, rotation, half: the rows (see raycast_kernels).
        names: of the shape in each row.
        lidar_rows, depth_rows, solid_rows: which rows count for what (glass counts only as solid).
    """

    def __init__(self, shapes: Sequence[Shape], movers: int = 0) -> None:
        """Hold `shapes`, and `movers` more capsule rows that wait far below the floor until they are placed."""
        self.fixed = len(shapes)
        total = self.fixed + movers
        self.kind = np.full(total, CAPSULE, dtype=np.int8)
        self.center = np.full((total, 3), -1000.0)
        self.rotation = np.tile(np.eye(3), (total, 1, 1))
        self.half = np.full((total, 3), 0.01)
        self.names = [shape.name for shape in shapes] + [""] * movers
        for row, shape in enumerate(shapes):
            self.kind[row] = KINDS[shape.kind]
            self.center[row] = shape.position
            self.rotation[row] = shape.rotation()
            self.half[row] = half_extents(shape)
        extra = np.arange(self.fixed, total)
        self.lidar_rows = self._rows([s.seen_by_lidar for s in shapes], extra)
        self.depth_rows = self._rows([s.seen_by_depth for s in shapes], extra)
        self.solid_rows = self._rows([s.solid for s in shapes], extra)

    @staticmethod
    def _rows(wanted: Sequence[bool], extra: NDArray[np.int64]) -> NDArray[np.int64]:
        rows: NDArray[np.int64] = np.concatenate([np.flatnonzero(np.asarray(wanted, dtype=bool)), extra])
        return rows

    def move(self, row: int, center: Sequence[float], rotation: Floats) -> None:
        """Place the shape in `row` anew: centre (m, map) and (3, 3) rotation local to map."""
        self.center[row] = center
        self.rotation[row] = rotation

    def fan(
        self,
        origin: Floats,
        axes: Floats,
        directions: Floats,
        angle_min: float,
        increment: float,
        reach: float,
    ) -> Floats:
        """Return (N,) lidar ranges (m, inf = nothing); arguments as in cast_fan."""
        out: Floats = cast_fan(
            origin, axes, directions, angle_min, increment, reach,
            self.kind, self.center, self.rotation, self.half, self.lidar_rows,
        )  # fmt: skip
        return out

    def image(self, origin: Floats, axes: Floats, camera: Pinhole, reach: float) -> Floats:
        """Return (height, width) depths along the optical axis (m, inf = nothing); arguments as in cast_image."""
        out: Floats = cast_image(
            origin, axes, camera.width, camera.height, camera.fx, camera.fy, camera.cx, camera.cy, reach,
            self.kind, self.center, self.rotation, self.half, self.depth_rows,
        )  # fmt: skip
        return out

    def rays(
        self, origins: Floats, ends: Floats, rows: NDArray[np.int64] | None = None
    ) -> tuple[Floats, NDArray[np.int64]]:
        """Return per ray how far of its way is free (fraction, inf = all of it) and the row it meets (-1)."""
        rows = self.solid_rows if rows is None else rows
        out: tuple[Floats, NDArray[np.int64]] = cast_rays(
            origins, ends, self.kind, self.center, self.rotation, self.half, rows
        )
        return out
