"""Compiled look-ups in fields over a grid: interpolation and the footprint's clearance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
BOOL = NDArray[np.bool_]

BLUR_CELLS = 1.0  # by which interpolated distances may be off, two of them together


@compiled
def _corner(field: F32, column: float, row: float) -> tuple[np.uint64, np.uint64, float, float]:
    """Return the first row and column of the four cells around a point given in cells, and its shares of the next."""
    rows, columns = field.shape
    c, r = min(max(column - 0.5, 0.0), columns - 1.001), min(max(row - 0.5, 0.0), rows - 1.001)
    c0, r0 = int(c), int(r)
    # unsigned: an index that might be negative costs a look each time
    return np.uint64(r0), np.uint64(c0), r - r0, c - c0


@compiled
def bilinear(field: F32, column: float, row: float) -> float:
    """Return the bilinear value at a point given in cells (cell centres at .5), held at the border."""
    low, left, fr, fc = _corner(field, column, row)
    right, high = left + np.uint64(1), low + np.uint64(1)
    a, b, d, e = field[low, left], field[low, right], field[high, left], field[high, right]
    value: float = (1.0 - fr) * ((1.0 - fc) * a + fc * b) + fr * ((1.0 - fc) * d + fc * e)
    return value


@compiled
def interpolate(field: F32, column: float, row: float) -> float:
    """Return what `bilinear` does; where some of the four cells are infinite, the least of them stands in."""
    value = bilinear(field, column, row)
    if value < 1e9:
        return value
    low, left, _, _ = _corner(field, column, row)
    right, high = left + np.uint64(1), low + np.uint64(1)
    least: float = min(min(field[low, left], field[low, right]), min(field[high, left], field[high, right]))
    return least


@compiled
def body_margin(
    clearance: F32, x: float, y: float, c: float, s: float, resolution: float, circles: F64, far: float
) -> float:
    """Return the least distance (m) from the body's outline to an occupied cell, negative when they overlap.

    `circles` is (N, 4): centre in base_link, radius, and the reach of the whole body; together they cover the outline.
    (x, y) is in the grid's axes, (c, s) the cosine and sine of the body's yaw.
    Where the centre is farther than `far` from anything, its clearance minus that reach is returned.
    """
    centre = bilinear(clearance, x / resolution, y / resolution)
    if centre > far:
        reach: float = circles[0, 3]
        return centre - reach
    least = 1e9
    for i in range(circles.shape[0]):
        px = x + c * circles[i, 0] - s * circles[i, 1]
        py = y + s * circles[i, 0] + c * circles[i, 1]
        least = min(least, bilinear(clearance, px / resolution, py / resolution) - circles[i, 2])
    return least


@compiled
def near_margin(
    clearance: F32, x: float, y: float, c: float, s: float, per_metre: float, circles: F64, enough: float, found: F64
) -> float:
    """Return what `body_margin` does where that is less than `enough`; else `enough`.

    Distance to the nearest obstacle changes by no more than the way. So a circle between two corners is looked at only
    where, by what the nearer corner's circle found, it could be nearer to anything than what is known. There are
    `per_metre` cells to a metre (dividing by their size would be a tenth of a rollout's time); `found` is (N,) scratch.
    """
    blur = BLUR_CELLS / per_metre
    least = enough
    for i in range(circles.shape[0]):
        radius, away = circles[i, 2], circles[i, 5]
        if away > 0.0 and found[int(circles[i, 4])] - away - blur - radius >= least:
            continue
        px = x + c * circles[i, 0] - s * circles[i, 1]
        py = y + s * circles[i, 0] + c * circles[i, 1]
        found[i] = bilinear(clearance, px * per_metre, py * per_metre)
        least = min(least, found[i] - radius)
    return least


@compiled
def add_bump(cost: F32, x: float, y: float, inner: float, outer: float, weight: float, resolution: float) -> None:
    """Add `weight` to cells within `inner` of the point (m, grid axes), fading to nothing at `outer`."""
    rows, columns = cost.shape
    fade = max(outer - inner, 1e-6)
    for row in range(max(int((y - outer) / resolution), 0), min(int((y + outer) / resolution) + 1, rows)):
        for column in range(max(int((x - outer) / resolution), 0), min(int((x + outer) / resolution) + 1, columns)):
            away = math.hypot((column + 0.5) * resolution - x, (row + 0.5) * resolution - y)
            if away < outer:
                cost[row, column] += weight * min((outer - away) / fade, 1.0)


@compiled
def soft_cost(clearance: F32, occupancy: U8, unknown: int, inscribed: float, soft: float, weights: F64) -> F32:
    """Return the factor per cell: 1, plus weights[0] falling off squared from `inscribed` to `soft`.

    Unknown cells get weights[1] more.
    """
    cost = np.empty_like(clearance)
    for row in range(cost.shape[0]):
        for column in range(cost.shape[1]):
            close = min(max((soft - clearance[row, column]) / (soft - inscribed), 0.0), 1.0)
            value = 1.0 + weights[0] * close * close
            cost[row, column] = value + weights[1] if occupancy[row, column] == unknown else value
    return cost


@compiled
def distances(occupied: BOOL, most: float) -> F32:
    """Return (H, W) the distance, in cells, from each cell to the nearest occupied one, at most `most`.

    Exact: columns first, then the lower envelope of each row's parabolas (Felzenszwalb and Huttenlocher, 2012), where
    columns with nothing within `most` take no part.
    """
    steps = _along_columns(occupied, np.float32(most))
    rows, columns = occupied.shape
    field = np.full((rows, columns), np.float32(most), np.float32)
    place, height, begins = np.empty(columns, np.int32), np.empty(columns), np.empty(columns + 1)
    for row in range(rows):
        last = -1
        for column in range(columns):
            own = float(steps[row, column])
            if own >= most:
                continue
            own, begin = own * own + float(column) * column, -1.0
            while last >= 0:
                begin = (own - height[last]) / (2.0 * (column - place[last]))
                if begin > begins[last]:
                    break
                last -= 1
            last += 1
            place[last], height[last], begins[last] = column, own, begin if last > 0 else -1.0
        if last < 0:
            continue
        begins[last + 1] = np.inf
        k = 0
        for column in range(columns):
            while begins[k + 1] < column:
                k += 1
            square = height[k] - 2.0 * place[k] * column + float(column) * column
            field[row, column] = min(field[row, column], np.float32(math.sqrt(square)))
    return field


@compiled
def _along_columns(occupied: BOOL, most: np.float32) -> F32:
    """Return (H, W) the distance, in cells, to the nearest occupied cell of the same column, at most `most`."""
    rows, columns = occupied.shape
    steps = np.empty((rows, columns), np.float32)
    one = np.float32(1.0)
    for row in range(rows):
        for column in range(columns):
            above = steps[row - 1, column] + one if row > 0 else most
            steps[row, column] = np.float32(0.0) if occupied[row, column] else min(above, most)
    for row in range(rows - 2, -1, -1):
        for column in range(columns):
            steps[row, column] = min(steps[row, column], steps[row + 1, column] + one)
    return steps
