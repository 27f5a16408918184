"""Meshes as boxes: a mesh's surface is marked in cubes of space, and runs of marked cubes are merged into few boxes.

Physics, rays and maps of this house know primitives only, and a robot on a floor cares for a mesh's shape to some
centimetres, so that is how well it is kept. STL (both kinds), OBJ and COLLADA are read.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worlds.errors import WorldError
from worlds.importers.collada import read_collada

CUBE_M = 0.05
CUBES_AT_MOST = 20_000_000
Floats = NDArray[np.float64]
Box = tuple[tuple[float, float, float], tuple[float, float, float]]


def read_mesh(file: Path) -> Floats:
    """Return (N, 3, 3) triangles of a mesh in its own frame. Raises WorldError in one line."""
    readers = {".stl": _read_stl, ".obj": _read_obj, ".dae": read_collada}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise WorldError(f"{file}: meshes that end in '{file.suffix}' are not read (known: {', '.join(readers)})")
    try:
        triangles = reader(file)
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise WorldError(f"{file}: cannot be read as a mesh: {' '.join(str(error).split())}") from None
    if len(triangles) == 0 or not np.isfinite(triangles).all():
        raise WorldError(f"{file}: holds no triangles, or some at no finite place")
    return triangles


def boxes_of(triangles: Floats, cube: float = CUBE_M) -> list[Box]:
    """Return boxes (middle, size; m) that cover the surface of (N, 3, 3) triangles to within a cube."""
    low = np.floor(triangles.min(axis=(0, 1)) / cube)
    high = np.floor(triangles.max(axis=(0, 1)) / cube)
    shape = tuple(int(n) for n in high - low + 1)
    if math.prod(shape) > CUBES_AT_MOST:
        raise WorldError(
            f"a mesh of {' x '.join(f'{n * cube:.0f}' for n in shape)} m is too large; is its scale right?"
        )
    marked = np.zeros(shape, np.bool_)
    for triangle in triangles:
        index = np.floor(_points_on(triangle, cube) / cube - low).astype(np.int64)
        marked[tuple(np.clip(index, 0, np.array(shape) - 1).T)] = True
    return [_box(first, size, low, cube) for first, size in _merged(marked)]


def _points_on(triangle: Floats, cube: float) -> Floats:
    """Return (M, 3) points on a triangle, no farther apart than half a cube."""
    a, b, c = triangle
    longest = max(np.linalg.norm(b - a), np.linalg.norm(c - a), np.linalg.norm(c - b))
    n = max(1, math.ceil(float(longest) / (0.5 * cube)))
    i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
    inside = (i + j) <= n
    u, v = i[inside] / n, j[inside] / n
    return np.asarray(a + u[:, None] * (b - a) + v[:, None] * (c - a))


def _merged(marked: NDArray[np.bool_]) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    """Return (first cube, size in cubes) of boxes that cover the marked cubes exactly: grown along z, x, then y."""
    left, found = marked.copy(), []
    for x, y, z in np.argwhere(marked):
        if not left[x, y, z]:
            continue
        tall = 1
        while z + tall < left.shape[2] and left[x, y, z + tall]:
            tall += 1
        wide = 1
        while x + wide < left.shape[0] and left[x + wide, y, z : z + tall].all():
            wide += 1
        deep = 1
        while y + deep < left.shape[1] and left[x : x + wide, y + deep, z : z + tall].all():
            deep += 1
        left[x : x + wide, y : y + deep, z : z + tall] = False
        found.append(((int(x), int(y), int(z)), (wide, deep, tall)))
    return found


def _box(first: tuple[int, int, int], size: tuple[int, int, int], low: Floats, cube: float) -> Box:
    middle = tuple(float((low[i] + first[i] + size[i] / 2.0) * cube) for i in range(3))
    return (middle[0], middle[1], middle[2]), (size[0] * cube, size[1] * cube, size[2] * cube)


def _read_stl(file: Path) -> Floats:
    data = file.read_bytes()
    count = int.from_bytes(data[80:84], "little") if len(data) >= 84 else -1
    if len(data) == 84 + 50 * count:
        rows = np.frombuffer(data, dtype=np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]), offset=84)
        return np.asarray(rows["v"], dtype=np.float64)
    if not data.lstrip().startswith(b"solid"):
        raise ValueError("neither a binary nor a text STL, or cut short")
    words = [
        line.split()[1:4] for line in data.decode("ascii", "replace").splitlines() if line.split()[:1] == ["vertex"]
    ]
    return np.array(words, dtype=np.float64).reshape(-1, 3, 3)


def _read_obj(file: Path) -> Floats:
    vertices: list[list[float]] = []
    triangles = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if words[:1] == ["v"]:
            vertices.append([float(word) for word in words[1:4]])
        elif words[:1] == ["f"]:
            corners = [int(word.split("/")[0]) for word in words[1:]]
            corners = [index - 1 if index > 0 else len(vertices) + index for index in corners]
            triangles += [(corners[0], corners[k], corners[k + 1]) for k in range(1, len(corners) - 1)]
    corners_of = np.array(triangles, dtype=np.int64).reshape(-1, 3)
    return np.asarray(np.array(vertices, dtype=np.float64).reshape(-1, 3)[corners_of], dtype=np.float64)
