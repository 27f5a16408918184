"""Compiled searches over a walkable grid: Dijkstra's tree, straight-line checks and costs. Arrays in, arrays out."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

_STEPS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)], dtype=np.int64)
Cells = NDArray[np.float32]


@njit(cache=True)
def cost_tree(cost: Cells, start: int, goal: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cheapest ways from one cell to all others, 8-connected, without cutting blocked corners.

    Args:
        cost: (H, W) price of a metre through the cell over the cell's edge length; inf where blocked.
        start: flat index of the first cell.
        goal: flat index at which to stop early, or -1 to fill the whole tree.

    Returns:
        (H*W,) total cost in cells (inf where not reached) and (H*W,) parent index (-1 at the start and there).
    """
    height, width = cost.shape
    total = np.full(height * width, np.inf)
    parent = np.full(height * width, -1, dtype=np.int64)
    total[start] = 0.0
    heap = [(0.0, start)]
    while len(heap) > 0:
        reached, here = heapq.heappop(heap)
        if reached > total[here]:
            continue
        if here == goal:
            break
        row, column = here // width, here % width
        for k in range(8):
            r, c = row + _STEPS[k, 0], column + _STEPS[k, 1]
            if r < 0 or c < 0 or r >= height or c >= width or not np.isfinite(cost[r, c]):
                continue
            length = 1.0
            if k >= 4:
                if not np.isfinite(cost[row, c]) or not np.isfinite(cost[r, column]):
                    continue
                length = 1.4142135623730951
            through = reached + length * 0.5 * (cost[row, column] + cost[r, c])
            there = r * width + c
            if through < total[there]:
                total[there] = through
                parent[there] = here
                heapq.heappush(heap, (through, there))
    return total, parent


@njit(cache=True)
def line_cost(cost: Cells, r0: float, c0: float, r1: float, c1: float) -> float:
    """Cost in cells of the straight line between two cell positions, sampled each half cell; inf if blocked."""
    length = np.hypot(r1 - r0, c1 - c0)
    count = max(1, int(np.ceil(length * 2.0)))
    total = 0.0
    for i in range(count + 1):
        t = i / count
        total += cost[int(r0 + t * (r1 - r0) + 0.5), int(c0 + t * (c1 - c0) + 0.5)]
    return float(total / (count + 1) * length)


@njit(cache=True)
def shortcut(cost: Cells, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the cells of a path to keep so that straight lines between them cost no more than the path did."""
    n = rows.size
    along = np.zeros(n)
    for i in range(1, n):
        along[i] = along[i - 1] + line_cost(cost, rows[i - 1], columns[i - 1], rows[i], columns[i])
    kept = [0]
    at = 0
    while at < n - 1:
        best = at + 1
        for j in range(at + 2, n):
            if line_cost(cost, rows[at], columns[at], rows[j], columns[j]) <= 1.01 * (along[j] - along[at]):
                best = j
        kept.append(best)
        at = best
    return np.array(kept, dtype=np.int64)
