"""Whether a rectangle can get from start to goal: an exhaustive search that shares nothing with the planner.

The one idea: the rectangle, turned to one of 16 headings, is a span of cells in each of a few rows, and how many of a
span are blocked is the difference of two sums. So (cell, heading) is searched, to the end where need be, moving along
the heading and turning on the spot, and only what the search comes to is looked at.
"""

from __future__ import annotations

import heapq
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
UNSEEN, BLOCKED, BEGIN = -1, -2, -3  # in place of the move that a state was reached by
_SHIFT = 6
Mask = NDArray[np.uint8]
Cells = NDArray[np.int32]


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
    """One way of a rectangle from start to goal, kept while things are added one by one.

    As long as it stays free, there is a way.

    Attributes:
        size: length and width (m) of the rectangle.
        ends: row and column of start and of goal.
        way: (N, 3) rows, columns and headings from goal back to start, seldom the shortest; empty if there is none.
    """

    area: Area
    size: tuple[float, float]
    ends: tuple[int, int, int, int]
    way: NDArray[np.int32]

    @staticmethod
    def of(area: Area, start: tuple[float, float], goal: tuple[float, float], length: float, width: float) -> Passage:
        """Return the passage of a rectangle of this length and width (m)."""
        ends = (*area.cell(*start), *area.cell(*goal))
        return Passage(area, (length, width), ends, _way(_summed(area.blocked), _spans(length, width), *ends))

    def with_shapes(self, shapes: Iterable[Shape]) -> Passage | None:
        """Return the passage with more things standing there; None where they block it, or stand where things were."""
        area = self.area.with_shapes(shapes)
        if self.way.size == 0 or np.array_equal(area.blocked, self.area.blocked):
            return None
        summed, spans = _summed(area.blocked), _spans(*self.size)
        way = self.way if _stays_free(summed, spans, self.way) else _way(summed, spans, *self.ends)
        return Passage(area, self.size, self.ends, way) if way.size else None


def _summed(blocked: Mask) -> Cells:
    """Return (H, W + 1): how many cells of a row are blocked before each column."""
    return np.pad(np.cumsum(blocked, axis=1, dtype=np.int32), ((0, 0), (1, 0)))


@lru_cache(maxsize=8)
def _spans(length: float, width: float) -> Cells:
    """Return (HEADINGS, 2 half + 1, 2): first and last column of each row of the rectangle, cells from its middle.

    However it is turned, it reaches at most `half` cells. In a row that holds none of it the last is before the first.
    """
    half = math.ceil(math.hypot(length, width) / 2.0 / CELL_M) + 1
    spans = np.empty((HEADINGS, 2 * half + 1, 2), np.int32)
    for heading in range(HEADINGS):
        cells = _turned(length, width, heading * math.pi / HEADINGS, half)
        spans[heading, :, 0] = cells.argmax(axis=1) - half
        spans[heading, :, 1] = spans[heading, :, 0] + cells.sum(axis=1) - 1
    return spans


def _turned(length: float, width: float, angle: float, half: int) -> Mask:
    """Return the rectangle turned by `angle`, as cells about its middle."""
    c, s = math.cos(angle), math.sin(angle)
    corners = [(sx * length / 2.0, sy * width / 2.0) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    turned = np.array([(c * x - s * y, s * x + c * y) for x, y in corners]) / CELL_M + half
    cells = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.fillConvexPoly(cells, np.round(turned * (1 << _SHIFT)).astype(np.int32), 1, cv2.LINE_8, _SHIFT)
    return cells


@njit(cache=True)
def _free(summed: Cells, span: Cells, row: int, column: int) -> bool:
    """Return whether the rectangle of `span` (2 half + 1, 2) stands free here; beyond the border all is blocked."""
    rows, columns = summed.shape[0], summed.shape[1] - 1
    top = row - span.shape[0] // 2
    for i in range(span.shape[0]):
        first, last = column + span[i, 0], column + span[i, 1]
        if last < first:
            continue
        if not (0 <= top + i < rows and first >= 0 and last < columns):
            return False
        if summed[top + i, last + 1] != summed[top + i, first]:
            return False
    return True


@njit(cache=True)
def _stays_free(summed: Cells, spans: Cells, way: Cells) -> bool:
    """Return whether every state of a way (N, 3) is free."""
    blocked = 0
    for row, column, heading in way:
        blocked += not _free(summed, spans[heading], row, column)
    return blocked == 0


@njit(cache=True)
def _way(summed: Cells, spans: Cells, row0: int, column0: int, row1: int, column1: int) -> Cells:
    """Search the free states (row, column, heading) from all headings at one cell; return a way to any at the other.

    Best first: what is nearer to the goal is looked at sooner, so where there is a way few states are. How near, and
    whether at all, is told by what all headings have in common, which gets wherever the rectangle does.

    Returns:
        (N, 3) from the goal back to the start; empty if it is not reached.
    """
    rows, columns, headings = summed.shape[0], summed.shape[1] - 1, spans.shape[0]
    to_goal = _distances(summed, spans, row1, column1)
    if to_goal[row0, column0] < 0:
        return np.empty((0, 3), np.int32)
    along = np.zeros((headings, 8), np.bool_)
    for k in range(headings):
        angle = k * math.pi / headings
        for move in range(8):
            dr, dc = _NEIGHBOURS[move]
            share = abs(dr * math.sin(angle) + dc * math.cos(angle)) / math.sqrt(dr * dr + dc * dc)
            along[k, move] = share >= 0.92  # within 23 degrees of the heading
    came_by = np.full((rows, columns, headings), UNSEEN, np.int8)  # the move
    here = to_goal[row0, column0]
    ahead = [(here, row0, column0, k) for k in range(headings) if _free(summed, spans[k], row0, column0)]
    for first in ahead:
        came_by[row0, column0, first[3]] = BEGIN
    while ahead:
        _, row, column, k = heapq.heappop(ahead)
        if row == row1 and column == column1:
            way: Cells = _traced(came_by, row, column, k)
            return way
        for move in range(10):
            r, c, h = row, column, k
            if move < 8:
                if not along[k, move]:
                    continue
                r, c = row + _NEIGHBOURS[move][0], column + _NEIGHBOURS[move][1]
            else:
                h = (k + (1 if move == 8 else headings - 1)) % headings
            if not (0 <= r < rows and 0 <= c < columns) or came_by[r, c, h] != UNSEEN:
                continue
            came_by[r, c, h] = BLOCKED
            if _free(summed, spans[h], r, c):
                came_by[r, c, h] = move
                heapq.heappush(ahead, (to_goal[r, c], r, c, h))
    return np.empty((0, 3), np.int32)


@njit(cache=True)
def _distances(summed: Cells, spans: Cells, row: int, column: int) -> Cells:
    """Return (H, W) how many cells it is to one of them for what the rectangles of all headings have in common.

    Negative where that does not get there, so no rectangle does.
    """
    rows, columns = summed.shape[0], summed.shape[1] - 1
    common = np.empty(spans.shape[1:], np.int32)
    for i in range(common.shape[0]):
        common[i, 0], common[i, 1] = spans[:, i, 0].max(), spans[:, i, 1].min()
    found = np.full((rows, columns), UNSEEN, np.int32)
    queue = np.empty((rows * columns, 2), np.int32)
    first, last = 0, 0
    if _free(summed, common, row, column):
        found[row, column] = 0
        queue[0, 0], queue[0, 1] = row, column
        last = 1
    while first < last:
        r0, c0 = queue[first]
        first += 1
        for dr, dc in _NEIGHBOURS:
            r, c = r0 + dr, c0 + dc
            if not (0 <= r < rows and 0 <= c < columns) or found[r, c] != UNSEEN:
                continue
            found[r, c] = BLOCKED
            if _free(summed, common, r, c):
                found[r, c] = found[r0, c0] + 1
                queue[last, 0], queue[last, 1] = r, c
                last += 1
    return found


@njit(cache=True)
def _traced(came_by: NDArray[np.int8], row: int, column: int, heading: int) -> Cells:
    """Return the states (N, 3) from this one back to the first."""
    headings = came_by.shape[2]
    way = [(row, column, heading)]
    while came_by[row, column, heading] != BEGIN:
        move = came_by[row, column, heading]
        if move < 8:
            row, column = row - _NEIGHBOURS[move][0], column - _NEIGHBOURS[move][1]
        else:
            heading = (heading + (headings - 1 if move == 8 else 1)) % headings
        way.append((row, column, heading))
    return np.array(way, np.int32)


_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
