"""Compiled lines of sight over a grid of opaque cells, and a follower that trails a person. Positions are in cells."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]


@njit(cache=True)
def sees(blocked: NDArray[np.bool_], r0: float, c0: float, r1: float, c1: float) -> bool:
    """Whether the straight line between two cell positions meets no blocked cell, sampled each half cell."""
    length = np.hypot(r1 - r0, c1 - c0)
    count = max(1, int(np.ceil(length * 2.0)))
    height, width = blocked.shape
    for i in range(count + 1):
        t = i / count
        r, c = int(np.floor(r0 + t * (r1 - r0) + 0.5)), int(np.floor(c0 + t * (c1 - c0) + 0.5))
        if r < 0 or c < 0 or r >= height or c >= width or blocked[r, c]:
            return False
    return True


@njit(cache=True)
def sees_body(blocked: NDArray[np.bool_], r0: float, c0: float, r1: float, c1: float, half: float) -> bool:
    """Whether the middle of a body, or a spot `half` cells to either side of it across the line, is seen."""
    dr, dc = r1 - r0, c1 - c0
    distance = np.hypot(dr, dc)
    if distance < half or sees(blocked, r0, c0, r1, c1):
        return True
    nr, nc = -dc / distance * half, dr / distance * half
    return bool(sees(blocked, r0, c0, r1 + nr, c1 + nc) or sees(blocked, r0, c0, r1 - nr, c1 - nc))


@njit(cache=True)
def trail_sight(
    blocked: NDArray[np.bool_],
    trail: F64,
    half: float,
    keep: float,
    reach: float,
    hunt_keep: float,
    hunt_reach: float,
) -> NDArray[np.bool_]:
    """Whether a follower sees the person at each step while it trails them.

    Args:
        blocked: (H, W) opaque cells.
        trail: (N + 1, 2) row and column: where the follower starts, then the person at each step.
        half: half the width of the person, cells.
        keep, reach: gap it keeps along the trail and how far it moves in a step while it sees the person, cells.
        hunt_keep, hunt_reach: the same while it does not.

    Returns:
        (N,) True where it sees the person.
    """
    count = trail.shape[0] - 1
    along = np.zeros(count + 1)
    for i in range(count):
        along[i + 1] = along[i] + np.hypot(trail[i + 1, 0] - trail[i, 0], trail[i + 1, 1] - trail[i, 1])
    seen = np.zeros(count, dtype=np.bool_)
    at, piece, hunting = 0.0, 0, False
    for i in range(count):
        gap = along[i + 1] - at - (hunt_keep if hunting else keep)
        at += min(max(gap, 0.0), hunt_reach if hunting else reach)
        while piece < count - 1 and along[piece + 1] < at:
            piece += 1
        span = along[piece + 1] - along[piece]
        t = (at - along[piece]) / span if span > 0.0 else 0.0
        row = trail[piece, 0] + t * (trail[piece + 1, 0] - trail[piece, 0])
        column = trail[piece, 1] + t * (trail[piece + 1, 1] - trail[piece, 1])
        seen[i] = sees_body(blocked, row, column, trail[i + 1, 0], trail[i + 1, 1], half)
        hunting = not seen[i]
    return seen
