"""A grid of square cells laid over the plane, and the rolling window that follows the robot by whole cells.

The one idea: the window's origin is always a whole number of cells from the frame's origin, so rolling copies cells and
never resamples them. Row is y, column is x, and `origin` is the outer corner of cell [0, 0].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """Where a grid lies: outer corner of cell [0, 0] (m), edge of a cell (m), rows and columns."""

    origin_x: float
    origin_y: float
    resolution_m: float
    rows: int
    columns: int

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return (row, column) of the point (m), which may lie outside the grid."""
        return (
            math.floor((y - self.origin_y) / self.resolution_m),
            math.floor((x - self.origin_x) / self.resolution_m),
        )

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Return (x, y) of the middle of a cell, m."""
        return (
            self.origin_x + (column + 0.5) * self.resolution_m,
            self.origin_y + (row + 0.5) * self.resolution_m,
        )

    def holds(self, row: int, column: int) -> bool:
        """Return whether the cell is inside the grid."""
        return 0 <= row < self.rows and 0 <= column < self.columns

    def nearest_cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the cell inside the grid that is nearest to the point (m)."""
        row, column = self.cell(x, y)
        return min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1)

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x of the columns, shape (W,), and y of the rows, shape (H,), at cell centres, m."""
        x = self.origin_x + (np.arange(self.columns) + 0.5) * self.resolution_m
        y = self.origin_y + (np.arange(self.rows) + 0.5) * self.resolution_m
        return x, y


@dataclass(frozen=True)
class Grid:
    """Cells and where they lie."""

    frame: Frame
    data: NDArray[Any]
    """(H, W), row = y, column = x."""

    @staticmethod
    def of(origin_xy: tuple[float, float], resolution_m: float, data: NDArray[Any]) -> Grid:
        """Return a grid over `data` (H, W) with the outer corner of cell [0, 0] at `origin_xy`, m."""
        rows, columns = data.shape
        return Grid(Frame(origin_xy[0], origin_xy[1], resolution_m, rows, columns), data)

    def at(self, x: float, y: float, outside: Any) -> Any:
        """Return the value of the cell at a point (m), or `outside`."""
        row, column = self.frame.cell(x, y)
        return self.data[row, column] if self.frame.holds(row, column) else outside


class RollingWindow:
    """A square window of cells that is kept centred on the robot by whole cells."""

    def __init__(self, size_m: float, resolution_m: float) -> None:
        self.resolution_m = resolution_m
        self.cells = round(size_m / resolution_m)
        self._column0 = -(self.cells // 2)
        self._row0 = -(self.cells // 2)

    @property
    def frame(self) -> Frame:
        """Return where the window lies now."""
        r = self.resolution_m
        return Frame(self._column0 * r, self._row0 * r, r, self.cells, self.cells)

    def centre_on(self, x: float, y: float, slack_m: float = 0.0) -> tuple[int, int]:
        """Move the window so that the point (m) lies in the middle. Returns the (rows, columns) it moved.

        A point no farther than `slack_m` from the middle moves nothing: large windows are dear to copy.
        """
        row0 = math.floor(y / self.resolution_m) - self.cells // 2
        column0 = math.floor(x / self.resolution_m) - self.cells // 2
        if max(abs(row0 - self._row0), abs(column0 - self._column0)) * self.resolution_m <= slack_m:
            return 0, 0
        moved = row0 - self._row0, column0 - self._column0
        self._row0, self._column0 = row0, column0
        return moved


def rolled(data: NDArray[Any], moved: tuple[int, int], fill: float) -> NDArray[Any]:
    """Return `data` (H, W, ...) as seen by a window that moved by (rows, columns); cells that enter hold `fill`."""
    if moved == (0, 0):
        return data
    result = np.full_like(data, fill)
    rows, columns = data.shape[:2]
    to_rows, from_rows = _overlap(moved[0], rows)
    to_columns, from_columns = _overlap(moved[1], columns)
    result[to_rows, to_columns] = data[from_rows, from_columns]
    return result


def _overlap(moved: int, size: int) -> tuple[slice, slice]:
    kept = max(size - abs(moved), 0)
    start_to, start_from = max(-moved, 0), max(moved, 0)
    return slice(start_to, start_to + kept), slice(start_from, start_from + kept)
