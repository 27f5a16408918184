"""Whether a rectangle can get from start to goal: an exhaustive search that shares nothing with the planner.

The one idea: for each of 16 headings, blocked cells are grown by the rectangle turned that way; what stays free is
searched breadth first over (cell, heading), moving along the heading and turning on the spot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from worlds.shape import Shape

CELL_M = 0.04
HEADINGS = 16  # over half a turn: a rectangle looks the same from behind
LOW_M, HIGH_M = 0.01, 1.0  # heights that count, above the floor
_SHIFT = 6
Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Area:
    """The ground that is searched: west, south (m, map) and its blocked cells (H, W), 1 where something stands."""

    west: float
    south: float
    blocked: Mask

    @staticmethod
    def of(bounds: tuple[float, float, float, float], shapes: Iterable[Shape]) -> Area:
        """Return the area of `bounds` (west, south, east, north) with everything solid that stands in it."""
        west, south, east, north = bounds
        size = (math.ceil((north - south) / CELL_M), math.ceil((east - west) / CELL_M))
        return Area(west, south, np.zeros(size, np.uint8)).with_shapes(shapes)

    def with_shapes(self, shapes: Iterable[Shape]) -> Area:
        """Return the same area with more things standing in it; every cell a thing touches is blocked."""
        blocked = self.blocked.copy()
        for shape in shapes:
            low, high = shape.z_range()
            if shape.solid and shape.semantic != "floor" and low < HIGH_M and high > LOW_M:
                corners = (shape.footprint() - (self.west, self.south)) / CELL_M - 0.5
                cv2.fillConvexPoly(blocked, np.round(corners * (1 << _SHIFT)).astype(np.int32), 1, cv2.LINE_8, _SHIFT)
        return Area(self.west, self.south, blocked)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of a map point."""
        return int((y - self.south) / CELL_M), int((x - self.west) / CELL_M)


def way_exists(
    area: Area, start: tuple[float, float], goal: tuple[float, float], length: float, width: float, air: float
) -> bool:
    """Return whether a rectangle with `air` (m) all around it can get from `start` to `goal`, whatever its headings."""
    layers = [grown(area.blocked, length + 2.0 * air, width + 2.0 * air, k) for k in range(HEADINGS)]
    free = np.ascontiguousarray(np.stack(layers, axis=2) == 0)
    return bool(_reaches(free, *area.cell(*start), *area.cell(*goal)))


def grown(blocked: Mask, length: float, width: float, heading: int) -> Mask:
    """Return the cells where the middle of a rectangle turned to `heading` cannot be; beyond the border all are."""
    angle = heading * math.pi / HEADINGS
    half = math.ceil(math.hypot(length, width) / 2.0 / CELL_M) + 1
    c, s = math.cos(angle), math.sin(angle)
    corners = [(sx * length / 2.0, sy * width / 2.0) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    turned = np.array([(c * x - s * y, s * x + c * y) for x, y in corners]) / CELL_M + half
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.fillConvexPoly(kernel, np.round(turned * (1 << _SHIFT)).astype(np.int32), 1, cv2.LINE_8, _SHIFT)
    return np.asarray(cv2.dilate(blocked, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1), dtype=np.uint8)


@njit(cache=True)
def _reaches(free: NDArray[np.bool_], row0: int, column0: int, row1: int, column1: int) -> bool:
    """Flood (H, W, K) free states from all headings at one cell; True when any heading at the other is reached."""
    rows, columns, headings = free.shape
    seen = np.zeros(free.shape, np.bool_)
    queue = np.empty((free.size, 3), np.int32)
    first, last = 0, 0
    for k in range(headings):
        if free[row0, column0, k]:
            seen[row0, column0, k] = True
            queue[last] = (row0, column0, k)
            last += 1
    while first < last:
        row, column, k = queue[first]
        first += 1
        if row == row1 and column == column1:
            return True
        angle = k * math.pi / headings
        for move in range(10):
            r, c, h = row, column, k
            if move < 8:
                dr, dc = _NEIGHBOURS[move]
                along = abs(dr * math.sin(angle) + dc * math.cos(angle)) / math.sqrt(dr * dr + dc * dc)
                if along < 0.92:  # within 23 degrees of the heading
                    continue
                r, c = row + dr, column + dc
            else:
                h = (k + (1 if move == 8 else headings - 1)) % headings
            if 0 <= r < rows and 0 <= c < columns and free[r, c, h] and not seen[r, c, h]:
                seen[r, c, h] = True
                queue[last] = (r, c, h)
                last += 1
    return False


_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
