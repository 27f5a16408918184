"""Where a body fits: the home as 5 cm cells, each knowing its distance to the nearest thing in a band of heights.

Shapes are drawn at twice that resolution, so clearance is good to about 2.5 cm, and always on the careful side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from worlds.schema import World
from worlds.shape import Shape
from worlds.shapes import shapes_of

CELL_M = 0.05
_FINE = 2
_SHIFT = 6  # cv2 draws with 6 fractional bits
_SAME_FLOOR_M = 0.02


@dataclass(frozen=True)
class Band:
    """Heights above the floor, m, in which a body touches things."""

    low: float
    high: float


PERSON = Band(0.05, 1.8)
ROVER = Band(0.01, 1.2)
SIGHT = Band(0.9, 1.3)


@dataclass(frozen=True, eq=False)
class Grid:
    """Square cells over a home; cell (row, column) is centred at (west + column, south + row) * CELL_M.

    Attributes:
        west, south: map position of the centre of cell (0, 0), m.
        clearance: (H, W) float32 distance from a cell's centre to the nearest obstacle or edge of the floor, m.
    """

    west: float
    south: float
    clearance: NDArray[np.float32]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the cell that holds a map point, clipped to the grid."""
        height, width = self.clearance.shape
        row, column = round((y - self.south) / CELL_M), round((x - self.west) / CELL_M)
        return min(max(row, 0), height - 1), min(max(column, 0), width - 1)

    def points(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """(N, 2) map positions of cell centres."""
        return np.stack([self.west + columns * CELL_M, self.south + rows * CELL_M], axis=1)

    def clearance_at(self, points: NDArray[np.float64]) -> NDArray[np.float32]:
        """(N,) clearance of the cells that hold (N, 2) map points."""
        height, width = self.clearance.shape
        columns = np.clip(np.round((points[:, 0] - self.west) / CELL_M).astype(int), 0, width - 1)
        rows = np.clip(np.round((points[:, 1] - self.south) / CELL_M).astype(int), 0, height - 1)
        return np.asarray(self.clearance[rows, columns], dtype=np.float32)


@lru_cache(maxsize=32)
def grid_of(world: World, band: Band, level: float = 0.0) -> Grid:
    """The grid for bodies that stand on floors at height `level` and touch what is in `band` above it.

    Floors of another height count as blocked: a step down is no way for wheels.
    """
    west, south, east, north = world.bounds
    blocked = np.ones(_cells(south, north, _FINE) + _cells(west, east, _FINE), dtype=np.uint8)
    rooms = [f"{room.name}/floor" for room in world.rooms if abs(room.floor_z - level) < _SAME_FLOOR_M]
    other = [f"{room.name}/floor" for room in world.rooms if abs(room.floor_z - level) >= _SAME_FLOOR_M]
    shapes = shapes_of(world)
    _draw(blocked, (shape for shape in shapes if shape.name in rooms), (west, south), 0)
    _draw(blocked, (shape for shape in shapes if shape.name in other), (west, south), 1)
    _draw(blocked, _in_band(shapes, band, level), (west, south), 1)
    distance = cv2.distanceTransform(1 - blocked, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    fine = CELL_M / _FINE
    clearance = np.maximum(distance * fine - fine / 2.0, 0.0)[::_FINE, ::_FINE]
    return Grid(west, south, np.ascontiguousarray(clearance, dtype=np.float32))


@lru_cache(maxsize=32)
def opaque_of(world: World, band: Band = SIGHT) -> NDArray[np.bool_]:
    """(H, W) cells of `grid_of` that nobody looks through, at eye heights in `band`; glass lets sight pass."""
    west, south, east, north = world.bounds
    blocked = np.zeros(_cells(south, north, 1) + _cells(west, east, 1), dtype=np.uint8)
    dense = (shape for shape in _in_band(shapes_of(world), band, 0.0) if shape.color[3] == 1.0)
    _draw(blocked, dense, (west, south), 1, scale=1)
    return blocked.astype(bool)


def _cells(low: float, high: float, scale: int) -> tuple[int]:
    return (round((high - low) / CELL_M) * scale + 1,)


def _in_band(shapes: Iterable[Shape], band: Band, level: float) -> Iterable[Shape]:
    for shape in shapes:
        low, high = shape.z_range()
        if shape.solid and shape.semantic != "floor" and low < level + band.high and high > level + band.low:
            yield shape


def _draw(
    image: NDArray[np.uint8], shapes: Iterable[Shape], origin: tuple[float, float], value: int, scale: int = _FINE
) -> None:
    for shape in shapes:
        corners = (shape.footprint() - np.array(origin)) * (scale / CELL_M)
        fixed = np.round(corners * (1 << _SHIFT)).astype(np.int32)
        cv2.fillConvexPoly(image, fixed, value, cv2.LINE_8, _SHIFT)
