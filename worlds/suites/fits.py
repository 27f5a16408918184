"""Whether a rectangle can get from start to goal: an exhaustive search that shares nothing with the planner.

The one idea: for each of 16 headings, blocked cells are grown by the rectangle turned that way; what stays free is
searched to the end over (cell, heading), moving along the heading and turning on the spot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

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
    return Passage.of(area, start, goal, length + 2.0 * air, width + 2.0 * air).way.size > 0


@dataclass(frozen=True, eq=False)
class Passage:
    """Where a rectangle can be, and one way of it from start to goal, kept while things are added one by one.

    What grows is grown part by part, so only the surroundings of what is new are looked at; and as long as the way
    found last stays free, there is a way.

    Attributes:
        size: length and width (m) of the rectangle.
        ends: row and column of start and of goal.
        free: (H, W, HEADINGS) where the rectangle's middle may be.
        way: flat indices into `free` from goal back to start, seldom the shortest; empty if there is none.
    """

    area: Area
    size: tuple[float, float]
    ends: tuple[int, int, int, int]
    free: NDArray[np.bool_]
    way: NDArray[np.int32]

    @staticmethod
    def of(area: Area, start: tuple[float, float], goal: tuple[float, float], length: float, width: float) -> Passage:
        """Return the passage of a rectangle of this length and width (m)."""
        ends = (*area.cell(*start), *area.cell(*goal))
        free = _grown_layers(area.blocked, length, width, border=1) == 0
        return Passage(area, (length, width), ends, free, _way(free, *ends))

    def with_shapes(self, shapes: Iterable[Shape]) -> Passage | None:
        """Return the passage with more things standing there; None where they block it, or stand where things were."""
        area = self.area.with_shapes(shapes)
        rows, columns = np.nonzero(area.blocked != self.area.blocked)
        if rows.size == 0 or self.way.size == 0:
            return None
        pad = _half_kernel(*self.size)
        window = (
            slice(max(int(rows.min()) - pad, 0), int(rows.max()) + pad + 1),
            slice(max(int(columns.min()) - pad, 0), int(columns.max()) + pad + 1),
        )
        free = self.free.copy()
        free[window] &= _grown_layers(area.blocked[window], *self.size, border=0) == 0
        way = self.way if free.reshape(-1)[self.way].all() else _way(free, *self.ends)
        return Passage(area, self.size, self.ends, free, way) if way.size else None


def _grown_layers(blocked: Mask, length: float, width: float, border: int) -> Mask:
    """Return (H, W, HEADINGS) of `grown` for every heading."""
    return np.stack([grown(blocked, length, width, k, border) for k in range(HEADINGS)], axis=2)


def grown(blocked: Mask, length: float, width: float, heading: int, border: int = 1) -> Mask:
    """Return the cells where the middle of a rectangle turned to `heading` cannot be.

    Beyond the border everything is blocked, or with `border` 0 nothing.
    """
    kernel = _kernel(length, width, heading)
    return np.asarray(cv2.dilate(blocked, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=border), dtype=np.uint8)


def _half_kernel(length: float, width: float) -> int:
    """Return how many cells a rectangle turned at will reaches from its middle."""
    return math.ceil(math.hypot(length, width) / 2.0 / CELL_M) + 1


@lru_cache(maxsize=8 * HEADINGS)
def _kernel(length: float, width: float, heading: int) -> Mask:
    """Return the rectangle turned to `heading`, as cells about its middle."""
    angle, half = heading * math.pi / HEADINGS, _half_kernel(length, width)
    c, s = math.cos(angle), math.sin(angle)
    corners = [(sx * length / 2.0, sy * width / 2.0) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    turned = np.array([(c * x - s * y, s * x + c * y) for x, y in corners]) / CELL_M + half
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.fillConvexPoly(kernel, np.round(turned * (1 << _SHIFT)).astype(np.int32), 1, cv2.LINE_8, _SHIFT)
    return kernel


@njit(cache=True)
def _way(free: NDArray[np.bool_], row0: int, column0: int, row1: int, column1: int) -> NDArray[np.int32]:
    """Search (H, W, K) free states from all headings at one cell; return a way to any heading at the other.

    Best first: what is nearer to the goal is looked at sooner, so where there is a way few states are. What cannot be
    reached is known only when all that can be has been looked at.

    Returns:
        Flat indices into `free`, from the goal back to the start; empty if it is not reached.
    """
    rows, columns, headings = free.shape
    along = np.zeros((headings, 8), np.bool_)
    for k in range(headings):
        angle = k * math.pi / headings
        for move in range(8):
            dr, dc = _NEIGHBOURS[move]
            share = abs(dr * math.sin(angle) + dc * math.cos(angle)) / math.sqrt(dr * dr + dc * dc)
            along[k, move] = share >= 0.92  # within 23 degrees of the heading
    came_from = np.full(free.size, -1, np.int32)
    next_of = np.empty(free.size, np.int32)  # states equally far from the goal (cells, the longer axis) are a list
    newest = np.full(max(rows, columns), -1, np.int32)
    for k in range(headings):
        if free[row0, column0, k]:
            state = (row0 * columns + column0) * headings + k
            came_from[state] = state
            away = max(abs(row0 - row1), abs(column0 - column1))
            next_of[state], newest[away] = newest[away], state
    nearest = 0
    while nearest < newest.size:
        state = newest[nearest]
        if state < 0:
            nearest += 1
            continue
        newest[nearest] = next_of[state]
        cell, k = state // headings, state % headings
        row, column = cell // columns, cell % columns
        if row == row1 and column == column1:
            way: NDArray[np.int32] = _traced(came_from, state)
            return way
        for move in range(10):
            r, c, h = row, column, k
            if move < 8:
                if not along[k, move]:
                    continue
                r, c = row + _NEIGHBOURS[move][0], column + _NEIGHBOURS[move][1]
            else:
                h = (k + (1 if move == 8 else headings - 1)) % headings
            if 0 <= r < rows and 0 <= c < columns and free[r, c, h]:
                following = (r * columns + c) * headings + h
                if came_from[following] < 0:
                    came_from[following] = state
                    away = max(abs(r - row1), abs(c - column1))
                    next_of[following], newest[away] = newest[away], following
                    nearest = min(nearest, away)
    return next_of[:0]


@njit(cache=True)
def _traced(came_from: NDArray[np.int32], state: int) -> NDArray[np.int32]:
    """Return the states from `state` back to the one that came from itself."""
    way = [state]
    while came_from[state] != state:
        state = came_from[state]
        way.append(state)
    return np.array(way, np.int32)


_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
