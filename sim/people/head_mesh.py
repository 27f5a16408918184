"""A head: the canonical face mesh in front, a skull grown backward from its rim, ears, and hair over the skull.

Frame: origin at the neck pivot, x forward (out of the face), y to the person's left, z up, metres. The face's own
coordinates are the canonical model's: centimetres, x to the person's left, y up, z out of the face.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.people.appearance import ASSETS, Appearance
from sim.people.atlas import face_uv
from sim.people.mesh import Faces, Mesh, MeshBuilder, Points

NECK_PIVOT_CM = np.array([0.0, -4.0, -3.0])  # under the skull, between the ears, in face coordinates
_SKULL_CENTER = np.array([0.0, 2.2, -2.6])
_SKULL_RADII = np.array([7.5, 10.3, 9.6])
_BACK_POLE = np.array([0.0, -0.12, -1.0])
_CROWN_RING_SHARE = (0.25, 0.48, 0.68, 0.86, 1.0)
_UPPER_LIP_EDGE = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)  # person's right to left
_LOWER_LIP_EDGE = (324, 318, 402, 317, 14, 87, 178, 88, 95)  # and back
_MOUTH_AHEAD_CM = 0.8
_HAIR_CM = {"bald": 0.0, "short": 0.9, "curly": 2.4, "bob": 1.4, "long": 1.2, "bun": 0.8, "ponytail": 0.9}


@lru_cache(maxsize=1)
def canonical_face() -> tuple[Points, NDArray[np.float64], Faces]:
    """Return MediaPipe's canonical face: (468, 3) points (cm), (468, 2) texture coordinates (v down), faces."""
    points, uvs, faces = [], [], []
    for line in (ASSETS / "canonical_face.obj").read_text(encoding="ascii").splitlines():
        kind, *rest = line.split()
        if kind == "v":
            points.append([float(x) for x in rest])
        elif kind == "vt":
            uvs.append([float(rest[0]), 1.0 - float(rest[1])])
        elif kind == "f":
            faces.append([int(corner.split("/")[0]) - 1 for corner in rest])
    return np.array(points), np.array(uvs), np.array(faces, dtype=np.int64)


def head_mesh(look: Appearance) -> Mesh:
    """Return the head of one person in its neck frame."""
    builder = MeshBuilder()
    points, uvs, faces = canonical_face()
    corner_uvs = np.array([face_uv(u, v) for u, v in uvs])[faces]
    builder.add_textured(_to_neck(points, look), faces, corner_uvs)
    _add_skull(builder, look)
    if look.hair_style not in ("bob", "long"):
        for side in (-1.0, 1.0):
            _add_blob(builder, look, (side * 7.7, 0.6, -2.8), (1.1, 3.0, 1.7), "skin", rows=4, sides=6)
    _add_locks(builder, look)
    return builder.build()


def mouth_mesh(look: Appearance) -> Mesh:
    """Return the dark opening of a speaking mouth, a little in front of the lips, in the neck frame."""
    points, _, _ = canonical_face()
    upper, lower = points[list(_UPPER_LIP_EDGE)], points[list(_LOWER_LIP_EDGE)]
    droop = np.sin(np.linspace(0.0, np.pi, len(lower) + 2)[1:-1])
    lower = lower + np.outer(droop, [0.0, -0.9, 0.0])
    rim = np.vstack([upper, lower])
    rim[:, 2] = rim[:, 2] + _MOUTH_AHEAD_CM
    grid = np.vstack([rim, rim.mean(axis=0)[None] + [0.0, 0.0, 0.2]])
    count = len(rim)
    faces = np.array([(count, (i + 1) % count, i) for i in range(count)], dtype=np.int64)
    builder = MeshBuilder()
    builder.add(_to_neck(grid, look), faces, ["mouth"] * count)
    return builder.build()


def _to_neck(points_cm: Points, look: Appearance) -> Points:
    """Canonical face coordinates (cm) to the neck frame (m)."""
    scaled = (points_cm - NECK_PIVOT_CM) * (0.01 * look.head_scale)
    return np.asarray(scaled[:, [2, 0, 1]])


def _rim(points: Points, faces: Faces) -> list[int]:
    """Boundary of the face mesh as an ordered loop of vertices, counter-clockwise seen from the front."""
    edges = {(int(a), int(b)) for f in faces for a, b in ((f[0], f[1]), (f[1], f[2]), (f[2], f[0]))}
    follow = {a: b for a, b in edges if (b, a) not in edges}
    start = min(follow)
    loop = [start]
    while follow[loop[-1]] != start:
        loop.append(follow[loop[-1]])
    return loop


def _add_skull(builder: MeshBuilder, look: Appearance) -> None:
    """Rings from the face's rim to the back of the head, raised where hair grows."""
    points, _, faces = canonical_face()
    rim = points[_rim(points, faces)]
    rings = [rim] + [_skull_ring(rim, share) for share in _CROWN_RING_SHARE]
    hairy = [_hair_weight(ring, look) for ring in rings]
    thick = _HAIR_CM[look.hair_style]
    raised = [
        ring + (ring - _SKULL_CENTER) / np.linalg.norm(ring - _SKULL_CENTER, axis=1, keepdims=True) * thick * w[:, None]
        for ring, w in zip(rings, hairy, strict=True)
    ]
    raised[0] = rim
    sides = len(rim)
    grid = np.vstack(raised)
    quads = [(i, j) for i in range(len(rings) - 1) for j in range(sides)]
    triangles: list[tuple[int, int, int]] = []
    swatches: list[str] = []
    for i, j in quads:
        k = (j + 1) % sides
        a, b, c, d = i * sides + j, i * sides + k, (i + 1) * sides + j, (i + 1) * sides + k
        triangles += [(b, a, c), (b, c, d)]
        swatches += [_skull_swatch(0.25 * (rings[i][j] + rings[i][k] + rings[i + 1][j] + rings[i + 1][k]), look)] * 2
    builder.add(_to_neck(grid, look), np.array(triangles, dtype=np.int64), swatches)


def _skull_ring(rim: Points, share: float) -> Points:
    """Points `share` of the way (along the skull's surface) from the rim to the pole at the back."""
    local = (rim - _SKULL_CENTER) / _SKULL_RADII
    length = np.linalg.norm(local, axis=1, keepdims=True)
    start = local / length
    pole = _BACK_POLE / np.linalg.norm(_BACK_POLE)
    angle = np.arccos(np.clip(start @ pole, -1.0, 1.0))[:, None]
    way = (np.sin((1.0 - share) * angle) * start + np.sin(share * angle) * pole) / np.sin(angle)
    settled = length + (1.0 - length) * min(1.0, 1.4 * share)
    return np.asarray(way * settled * _SKULL_RADII + _SKULL_CENTER)


def _hairline(point: NDArray[np.float64], look: Appearance) -> float:
    """How far (cm) a point of the skull lies above the lower edge of the hair."""
    _, y, z = point
    if look.hair_style == "bald":  # a wreath around the back
        return float(min(4.5 - y, y + 5.0, -1.5 - z))
    front = 6.6 if z > 1.0 else 6.6 - (1.0 - z) * 3.4  # temples, then behind the ears
    return float(y - max(front, -6.5))


def _hair_weight(ring: Points, look: Appearance) -> NDArray[np.float64]:
    return np.array([min(1.0, max(0.0, _hairline(point, look) / 1.5 + 0.4)) for point in ring])


def _skull_swatch(point: NDArray[np.float64], look: Appearance) -> str:
    if _hairline(point, look) > 0.0:
        return "hair" if point[1] > 0.0 else "hair_shade"
    if look.beard > 0.4 and point[1] < -3.0 and point[2] > -4.0:
        return "jaw"
    return "skin" if point[1] > -6.0 else "skin_shade"


def _add_locks(builder: MeshBuilder, look: Appearance) -> None:
    """Hair that stands off the skull."""
    if look.hair_style == "bun":
        _add_blob(builder, look, (0.0, 10.5, -10.0), (3.8, 3.6, 3.8), "hair")
    elif look.hair_style == "ponytail":
        _add_blob(builder, look, (0.0, 5.5, -12.5), (2.2, 2.2, 2.6), "hair_shade")
        _add_blob(builder, look, (0.0, -3.0, -14.0), (2.6, 8.0, 2.4), "hair")
    elif look.hair_style == "bob":
        for side in (-1.0, 1.0):
            _add_blob(builder, look, (side * 7.6, -0.5, -2.6), (1.9, 8.0, 4.6), "hair")
        _add_blob(builder, look, (0.0, -2.0, -8.4), (8.0, 7.0, 4.4), "hair")
    elif look.hair_style == "long":
        for side in (-1.0, 1.0):
            _add_blob(builder, look, (side * 7.6, -5.0, -2.8), (1.9, 13.0, 4.0), "hair")
        _add_blob(builder, look, (0.0, -7.0, -8.6), (8.0, 14.5, 4.2), "hair")


def _add_blob(
    builder: MeshBuilder,
    look: Appearance,
    center_cm: tuple[float, float, float],
    radii_cm: tuple[float, float, float],
    swatch: str,
    rows: int = 5,
    sides: int = 8,
) -> None:
    """An ellipsoid given in face coordinates."""
    x, z, y = _to_neck(np.array([center_cm]), look)[0][[0, 2, 1]]
    rx, ry, rz = (0.01 * look.head_scale * r for r in (radii_cm[2], radii_cm[0], radii_cm[1]))
    builder.ellipsoid((x, y, z), (rx, ry, rz), swatch, rows, sides)
