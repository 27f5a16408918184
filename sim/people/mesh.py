"""Low-poly meshes from lofted rings and ellipsoids, coloured by swatches of a texture.

One texture per person holds the painted face and a strip of plain colours (see `atlas.py`), so a limb with skin,
sleeve and cuff is one mesh and one draw call. Normals are smooth across colours; vertices are doubled only where two
colours meet, because a vertex has one texture coordinate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.people.atlas import swatch_uv

Points = NDArray[np.float64]
Faces = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Triangles ready for a renderer: (N, 3) vertices and normals (m), (N, 2) texture coordinates, (M, 3) indices."""

    vertices: Points
    normals: Points
    uvs: Points
    faces: Faces


@dataclass(frozen=True)
class Ring:
    """One cross-section of a loft, across the z axis.

    Attributes:
        z: height (m); x, y: centre (m).
        depth, width: half sizes along x and y (m).
        swatch: colour of the band from this ring to the next.
        square: 2 is an ellipse, larger is boxier (superellipse exponent).
    """

    z: float
    depth: float
    width: float
    swatch: str
    x: float = 0.0
    y: float = 0.0
    square: float = 2.0


@dataclass
class MeshBuilder:
    """Collects coloured pieces; `build` merges them into one mesh."""

    _points: list[Points] = field(default_factory=list)
    _faces: list[Faces] = field(default_factory=list)
    _uvs: list[Points] = field(default_factory=list)  # one (M, 3, 2) per piece: texture coordinates per corner
    _count: int = 0

    def add(self, points: Points, faces: Faces, swatches: Sequence[str]) -> None:
        """Add a piece: (N, 3) points, (M, 3) faces counter-clockwise from outside, one swatch per face."""
        corners = np.array([swatch_uv(name) for name in swatches])
        self.add_textured(points, faces, np.repeat(corners[:, None, :], 3, axis=1))

    def add_textured(self, points: Points, faces: Faces, corner_uvs: Points) -> None:
        """Add a piece with (M, 3, 2) texture coordinates, one per corner of each face."""
        self._points.append(points)
        self._faces.append(faces + self._count)
        self._uvs.append(corner_uvs)
        self._count += len(points)

    def loft(self, rings: Sequence[Ring], sides: int) -> None:
        """Add a closed tube through `rings`, in order of rising or falling z, with flat ends."""
        rising = rings[-1].z >= rings[0].z
        angles = np.arange(sides) * (2.0 * np.pi / sides) + np.pi / sides
        points = [_ring_points(ring, angles) for ring in rings]
        ends = [points[0].mean(axis=0)[None], points[-1].mean(axis=0)[None]]
        faces, swatches = _loft_faces(len(rings), sides)
        names = [rings[min(i, len(rings) - 1)].swatch for i in swatches]
        self.add(np.vstack(points + ends), faces if rising else faces[:, ::-1], names)

    def ellipsoid(
        self, center: Sequence[float], radii: Sequence[float], swatch: str, rows: int = 5, sides: int = 8
    ) -> None:
        """Add an ellipsoid with axes along x, y, z."""
        tilt = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)
        (cx, cy, cz), (rx, ry, rz) = center, radii
        self.loft(
            [
                Ring(cz + rz * float(np.sin(a)), rx * float(np.cos(a)), ry * float(np.cos(a)), swatch, cx, cy)
                for a in tilt
            ],
            sides,
        )

    def build(self) -> Mesh:
        """Return the merged mesh; faces without area are dropped."""
        points, faces = np.vstack(self._points), np.vstack(self._faces)
        uvs = np.concatenate(self._uvs)
        span = np.cross(points[faces[:, 1]] - points[faces[:, 0]], points[faces[:, 2]] - points[faces[:, 0]])
        real = np.linalg.norm(span, axis=1) > 1e-10
        faces, uvs, span = faces[real], uvs[real], span[real]
        normals = np.zeros_like(points)
        for corner in range(3):
            np.add.at(normals, faces[:, corner], span)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        keys = np.concatenate([faces.reshape(-1, 1).astype(np.float64), uvs.reshape(-1, 2)], axis=1)
        unique, inverse = np.unique(keys, axis=0, return_inverse=True)
        source = unique[:, 0].astype(np.int64)
        return Mesh(points[source], normals[source], unique[:, 1:], inverse.reshape(-1, 3).astype(np.int64))


def _ring_points(ring: Ring, angles: Points) -> Points:
    c, s = np.cos(angles), np.sin(angles)
    power = 2.0 / ring.square
    x = ring.x + ring.depth * np.sign(c) * np.abs(c) ** power
    y = ring.y + ring.width * np.sign(s) * np.abs(s) ** power
    return np.stack([x, y, np.full_like(x, ring.z)], axis=1)


def _loft_faces(rings: int, sides: int) -> tuple[Faces, list[int]]:
    """Faces of a tube of `rings` rings and two end points, and the ring whose swatch each face takes."""
    faces: list[tuple[int, int, int]] = []
    owner: list[int] = []
    bottom, top = rings * sides, rings * sides + 1
    for j in range(sides):
        k = (j + 1) % sides
        for i in range(rings - 1):
            a, b, c, d = i * sides + j, i * sides + k, (i + 1) * sides + j, (i + 1) * sides + k
            faces += [(a, b, d), (a, d, c)]
            owner += [i, i]
        last = (rings - 1) * sides
        faces += [(bottom, k, j), (top, last + j, last + k)]
        owner += [0, rings - 2]
    return np.array(faces, dtype=np.int64), owner
