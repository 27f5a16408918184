"""Points around the robot by the hundred, each job in one compiled pass instead of a chain of small array operations.

The one idea: what safety asks sixty times a second is arithmetic on a few hundred points, and calling numpy for each
step of it costs more than the arithmetic.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

Points = NDArray[np.float64]


@intrinsic
def _fused(_context: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once: as the matrix product of `Pose2.apply_all` rounds."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), generate


@njit(cache=True)
def around(
    scan: Points,
    cells: Points,
    near: Points,
    x: float,
    y: float,
    c: float,
    s: float,
    deep_x: float,
    deep_y: float,
) -> Points:
    """Return `scan` and `cells` (odom) seen from base_link, and `near`, which is there already; (N, 2) m.

    Args:
        x, y, c, s: where odom lies in base_link: m, and the cosine and sine of its yaw.
        deep_x, deep_y: m; of `cells`, those within the centred rectangle of these half sides are left out.
    """
    found = np.empty((scan.shape[0] + cells.shape[0] + near.shape[0], 2))
    n = 0
    for i in range(scan.shape[0]):
        found[n, 0] = _fused(scan[i, 1], -s, scan[i, 0] * c) + x
        found[n, 1] = _fused(scan[i, 1], c, scan[i, 0] * s) + y
        n += 1
    for i in range(cells.shape[0]):
        px = _fused(cells[i, 1], -s, cells[i, 0] * c) + x
        py = _fused(cells[i, 1], c, cells[i, 0] * s) + y
        if abs(px) < deep_x and abs(py) < deep_y:
            continue
        found[n, 0], found[n, 1] = px, py
        n += 1
    found[n : n + near.shape[0]] = near
    return found[: n + near.shape[0]]


@njit(cache=True)
def middles(
    cells: NDArray[np.uint8],
    rows: tuple[int, int],
    columns: tuple[int, int],
    origin: tuple[float, float],
    size: float,
    values: tuple[int, int],
) -> Points:
    """Return the middles of the cells of either of two values, in a part of a map; (N, 2) m.

    Args:
        cells: (H, W). rows, columns: the first that counts, and the first that does not.
        origin: x, y (m) of the map's corner. size: m, edge of a cell.
    """
    found = np.empty((max(rows[1] - rows[0], 0) * max(columns[1] - columns[0], 0), 2))
    n = 0
    for row in range(rows[0], rows[1]):
        for column in range(columns[0], columns[1]):
            if cells[row, column] == values[0] or cells[row, column] == values[1]:
                found[n, 0] = origin[0] + (column + 0.5) * size
                found[n, 1] = origin[1] + (row + 0.5) * size
                n += 1
    return found[:n].copy()


@njit(cache=True)
def circles_outside(
    centres: Points, circle: Points, radius: float, half_length: float, half_width: float, margin: float
) -> Points:
    """Return points on circles of `radius` about `centres`, those farther than `margin` from a centred rectangle.

    Args:
        centres: (N, 2) m. circle: (M, 2), on the unit circle. half_length, half_width: of the rectangle, m.
    """
    found = np.empty((centres.shape[0] * circle.shape[0], 2))
    n = 0
    for i in range(centres.shape[0]):
        for k in range(circle.shape[0]):
            x, y = centres[i, 0] + radius * circle[k, 0], centres[i, 1] + radius * circle[k, 1]
            if math.hypot(max(abs(x) - half_length, 0.0), max(abs(y) - half_width, 0.0)) > margin:
                found[n, 0], found[n, 1] = x, y
                n += 1
    return found[:n]


@njit(cache=True)
def narrow_fronts(
    ranges: NDArray[np.float64], points: Points, reach: float, gap: float, width: float
) -> NDArray[np.bool_]:
    """Return which returns belong to a front (neighbours without a jump) no wider than a person; (N,).

    Args:
        ranges: (N,) m; those not less than `reach` are no returns. points: (N, 2) m, where they ended.
        gap: m, a larger one ends a front. width: m, of a front from end to end.
    """
    narrow = np.zeros(ranges.shape[0], np.bool_)
    first, last = -1, -1
    for i in range(ranges.shape[0]):
        if not ranges[i] < reach:
            continue
        if first >= 0 and math.hypot(points[i, 0] - points[last, 0], points[i, 1] - points[last, 1]) > gap:
            _mark_narrow(narrow, ranges, points, first, last, reach, width)
            first = i
        first = i if first < 0 else first
        last = i
    if first >= 0:
        _mark_narrow(narrow, ranges, points, first, last, reach, width)
    return narrow


@njit(cache=True)
def _mark_narrow(
    narrow: NDArray[np.bool_],
    ranges: NDArray[np.float64],
    points: Points,
    first: int,
    last: int,
    reach: float,
    width: float,
) -> None:
    """Mark the returns from `first` to `last` where these two are no farther than `width` apart."""
    if math.hypot(points[last, 0] - points[first, 0], points[last, 1] - points[first, 1]) <= width:
        for i in range(first, last + 1):
            narrow[i] = ranges[i] < reach
