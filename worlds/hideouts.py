"""Where somebody can disappear: spots that cannot be seen from a follower's distance back on the way to them."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from worlds.grid import CELL_M
from worlds.routes import Polyline, Routes, length
from worlds.schema import World
from worlds.sight import BEHIND_M, in_sight

SHORTEST_M = 2.5
_TRIED = 1500
_WANTED = 12


def hideouts(world: World, routes: Routes, allowed: NDArray[np.bool_], rng: Generator) -> list[Polyline]:
    """Up to a dozen ways along `routes` to random hidden spots.

    Args:
        world: the home.
        routes: all ways from where the person is.
        allowed: (H, W) cells to hide in.
        rng: decides which spots are tried first.

    Returns:
        Polylines (N, 2), map, m, of at least 2.5 m.
    """
    cells = np.flatnonzero(routes.reached() & allowed)
    rng.shuffle(cells)
    cells = cells[:_TRIED]
    eyes, gone = _walk_back(routes, cells, BEHIND_M)
    far = gone >= BEHIND_M
    width = routes.cost.shape[1]
    spots = routes.grid.points(*np.divmod(cells[far], width))
    views = routes.grid.points(*np.divmod(eyes[far], width))
    ways: list[Polyline] = []
    for spot, view in zip(spots.tolist(), views.tolist(), strict=True):
        if len(ways) < _WANTED and not in_sight(world, (view[0], view[1]), (spot[0], spot[1])):
            way = routes.to((spot[0], spot[1]))
            ways += [way] if length(way) >= SHORTEST_M else []
    return ways


def _walk_back(
    routes: Routes, cells: NDArray[np.int64], distance: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The cells `distance` metres back on the ways to `cells` (N,), and how far back (N,) they really are."""
    width = routes.cost.shape[1]
    at, gone = cells.copy(), np.zeros(len(cells))
    for _ in range(math.ceil(distance / CELL_M) + 1):
        before = routes.parent[at]
        moving = (gone < distance) & (before >= 0)
        rows, columns = np.divmod(at, width)
        rows_before, columns_before = np.divmod(before, width)
        gone += np.where(moving, np.hypot(rows - rows_before, columns - columns_before) * CELL_M, 0.0)
        at = np.where(moving, before, at)
    return at, gone
