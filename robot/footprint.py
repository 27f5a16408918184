"""Distances from the rectangle that a body covers on the floor."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True)
def box_distance(x: float, y: float, half_length: float, half_width: float) -> float:
    """Return the signed distance from a point to a rectangle about the origin, m; negative inside."""
    dx = abs(x) - half_length
    dy = abs(y) - half_width
    if dx < 0.0 and dy < 0.0:
        return max(dx, dy)
    return math.sqrt(max(dx, 0.0) ** 2 + max(dy, 0.0) ** 2)
