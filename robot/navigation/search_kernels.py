"""Compiled search: Dijkstra's floods with a bucket queue, the way down a field, and straightening it.

The one idea: crossing a cell costs at least 1, so buckets of width 1 need no order inside and no heap (Dial, 1969;
Dinic, 1978): a cell taken from the lowest bucket is final.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

BUCKETS = 1 << 14  # cells of way; farther counts as out of reach


@compiled
def flood(cost: F32, seeds: I32, seed_values: F32, target: int, slack: float) -> F32:
    """Return (H, W) the least cost, in cells, from each cell to the best seed (value + way); inf out of reach.

    `cost` is a factor of at least 1 per cell, inf = closed. `seeds` are flat indices. With `target` (flat, -1 for none)
    the flood stops once everything `slack` beyond it is final; what lies farther keeps inf.
    """
    rows, columns = cost.shape
    wide = columns + 2  # a closed rim saves the checks at the border
    n = (rows + 2) * wide
    cells = np.full((n, 2), np.inf, np.float32)  # half the cost of a cell, inf once it is final; and its value
    for row in range(rows):
        for column in range(columns):
            cells[(row + 1) * wide + column + 1, 0] = 0.5 * cost[row, column]
    head = np.full(BUCKETS, -1, np.int32)
    queue = np.empty((9 * n, 2), np.int32)  # cell, and the entry below it in its bucket
    count = 0
    for k in range(seeds.shape[0]):
        cell = (seeds[k] // columns + 1) * wide + seeds[k] % columns + 1
        value = seed_values[k]
        if cells[cell, 0] < np.inf and value < cells[cell, 1] and value < BUCKETS - 1:
            cells[cell, 1] = value
            queue[count, 0], queue[count, 1] = cell, head[int(value)]
            head[int(value)] = count
            count += 1
    goal = -1 if target < 0 else (target // columns + 1) * wide + target % columns + 1
    offsets = (-1, 1, -wide, wide, -wide - 1, -wide + 1, wide - 1, wide + 1)
    bucket, limit = 0, BUCKETS
    while bucket < limit:
        while head[bucket] >= 0:
            entry = np.uint32(head[bucket])  # unsigned: an index that might be negative costs a look each time
            cell, head[bucket] = queue[entry, 0], queue[entry, 1]
            here = np.uint32(cell)
            own = cells[here, 0]
            if own == np.inf:
                continue
            cells[here, 0] = np.inf
            base = cells[here, 1]
            if cell == goal:
                limit = min(limit, int(base + slack) + 1)
            for k in range(8):
                other = np.uint32(cell + offsets[k])
                length = np.float32(1.0) if k < 4 else np.float32(1.41421356)
                value = base + length * (own + cells[other, 0])
                if value < cells[other, 1] and value < BUCKETS - 1:
                    cells[other, 1] = value
                    slot = np.uint32(value)
                    queue[count, 0], queue[count, 1] = other, head[slot]
                    head[slot] = count
                    count += 1
        bucket += 1
    result = np.full((rows, columns), np.inf, np.float32)
    for row in range(rows):
        for column in range(columns):
            cell = (row + 1) * wide + column + 1
            if cells[cell, 0] == np.inf:  # what is queued but not final may still fall
                result[row, column] = cells[cell, 1]
    return result


@compiled
def descend(field: F32, cost: F32, row: int, column: int) -> I32:
    """Return (N, 2) rows and columns from a cell down the field to where it no longer falls.

    Of the lower neighbours it takes the one that the field's value came from: least of value and step together.
    """
    rows, columns = field.shape
    path = np.empty((rows * columns, 2), np.int32)
    count = 0
    while True:
        path[count, 0], path[count, 1] = row, column
        count += 1
        best, best_row, best_column = np.inf, row, column
        here = field[row, column]
        own = cost[row, column] if cost[row, column] < np.inf else 1.0
        for i in range(max(row - 1, 0), min(row + 2, rows)):
            for j in range(max(column - 1, 0), min(column + 2, columns)):
                if field[i, j] < here:
                    length = 1.0 if i == row or j == column else 1.41421356
                    through = field[i, j] + 0.5 * length * (own + cost[i, j])
                    if through < best:
                        best, best_row, best_column = through, i, j
        if (best_row == row and best_column == column) or count == path.shape[0]:
            return path[:count].copy()
        row, column = best_row, best_column


@compiled
def line_cost(cost: F32, row0: int, column0: int, row1: int, column1: int) -> float:
    """Return the cost, in cells, of the straight way between two cells; inf when it is closed."""
    length = math.hypot(row1 - row0, column1 - column0)
    samples = max(int(2.0 * length), 1)
    total = 0.0
    for k in range(samples):
        share = (k + 0.5) / samples
        row = int(row0 + 0.5 + share * (row1 - row0))
        column = int(column0 + 0.5 + share * (column1 - column0))
        total += cost[row, column]
    return total / samples * length


@compiled
def straighten(path: I32, cost: F32, field: F32, reach: int) -> I32:
    """Return the corners of `path` (N, 2), each straight leg costing no more than the way it replaces.

    Legs span at most `reach` cells of the path.
    """
    corners = np.empty_like(path)
    corners[0] = path[0]
    count = 1
    at = 0
    last = path.shape[0] - 1
    while at < last:
        to = min(at + reach, last)
        while to > at + 1:
            way = field[path[at, 0], path[at, 1]] - field[path[to, 0], path[to, 1]]
            if line_cost(cost, path[at, 0], path[at, 1], path[to, 0], path[to, 1]) <= 1.01 * way + 0.1:
                break
            to -= 1
        at = to
        corners[count] = path[at]
        count += 1
    return corners[:count].copy()
