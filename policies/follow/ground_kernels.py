"""Compiled loops over the ground's cells: the flood of travel distances, and lines of sight."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

STRAIGHT, DIAGONAL = 5, 7  # chamfer weights: one cell is 5
MOST = 6  # times that a cell may count
BUCKETS = DIAGONAL * MOST + 1


@njit(cache=True)
def any_of_blocks(mask: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    """Return which blocks of factor x factor cells hold a set one; cells beyond the last whole block are left out."""
    rows, columns = mask.shape[0] // factor, mask.shape[1] // factor
    found = np.zeros((rows, columns), dtype=np.bool_)
    for row in range(rows * factor):
        for column in range(columns * factor):
            found[row // factor, column // factor] |= mask[row, column]
    return found


@njit(cache=True)
def flood(
    passable: NDArray[np.bool_], times: NDArray[np.uint8], row: int, column: int, reach: int
) -> NDArray[np.int32]:
    """Return chamfer distances from a cell through passable cells (Dial's buckets); -1 where out of reach.

    Args:
        passable: (H, W). times: (H, W), how many times the way into a cell counts, 1 to MOST. row, column: the start.
        reach: largest distance, in fifths of a cell.
    """
    rows, columns = passable.shape
    distance = np.full((rows, columns), -1, dtype=np.int32)
    best = np.full((rows, columns), np.int32(2**30), dtype=np.int32)
    bucket = np.empty((BUCKETS, rows * columns), dtype=np.int32)
    count = np.zeros(BUCKETS, dtype=np.int64)
    bucket[0, 0] = row * columns + column
    count[0] = 1
    best[row, column] = 0
    waiting = 1
    now = 0
    while waiting > 0 and now <= reach:
        b = now % BUCKETS
        while count[b] > 0:
            count[b] -= 1
            waiting -= 1
            cell = bucket[b, count[b]]
            r, c = cell // columns, cell % columns
            if distance[r, c] >= 0:
                continue
            distance[r, c] = now
            for dr in range(-1, 2):
                for dc in range(-1, 2):
                    nr, nc = r + dr, c + dc
                    if (dr == 0 and dc == 0) or nr < 0 or nc < 0 or nr >= rows or nc >= columns:
                        continue
                    if distance[nr, nc] >= 0 or not passable[nr, nc]:
                        continue
                    step = (STRAIGHT if dr == 0 or dc == 0 else DIAGONAL) * times[nr, nc]
                    there = now + step
                    n = there % BUCKETS
                    if there < best[nr, nc] and count[n] < rows * columns:
                        best[nr, nc] = there
                        bucket[n, count[n]] = nr * columns + nc
                        count[n] += 1
                        waiting += 1
        now += 1
    return distance


@njit(cache=True)
def sight_lines(
    occupied: NDArray[np.bool_],
    starts: NDArray[np.float64],
    end_row: float,
    end_column: float,
    skip_start: float,
    skip_end: float,
) -> NDArray[np.bool_]:
    """Return which of the straight lines from `starts` to one end cross no occupied cell.

    Args:
        occupied: (H, W). starts: (N, 2) row, column in cells (fractions count from the grid's corner).
        end_row, end_column: in cells. skip_start, skip_end: cells at the ends that do not count.
    """
    rows, columns = occupied.shape
    clear = np.ones(starts.shape[0], dtype=np.bool_)
    for i in range(starts.shape[0]):
        dr = end_row - starts[i, 0]
        dc = end_column - starts[i, 1]
        length = math.hypot(dr, dc)
        if length <= skip_start + skip_end:
            continue
        t = skip_start
        while t <= length - skip_end:
            r = math.floor(starts[i, 0] + dr * t / length)
            c = math.floor(starts[i, 1] + dc * t / length)
            if 0 <= r < rows and 0 <= c < columns and occupied[r, c]:
                clear[i] = False
                break
            t += 0.5
    return clear
