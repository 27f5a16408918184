"""Ways through a home: shortest paths that keep a comfortable distance, and an independent check that a way exists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from worlds.grid import CELL_M, PERSON, ROVER, Band, Grid, grid_of
from worlds.grid_kernels import cost_tree, shortcut
from worlds.schema import World

Polyline = NDArray[np.float64]
Point = tuple[float, float]
COMFORT_M = 0.35  # beyond the body's radius; closer costs up to AVERSION times more
AVERSION = 4.0
SNAP_M = 0.8
SPACING_M = 0.1
_SMOOTHING = 25


class RouteError(ValueError):
    """There is no way; the text says from where to where."""


@dataclass(frozen=True, eq=False)
class Routes:
    """All cheapest ways from one point for a body of one radius.

    Attributes:
        grid: the cells walked on.
        cost: (H, W) price of a cell, inf where the body does not fit.
        origin: the map point the ways start from.
        total, parent: Dijkstra's tree (see worlds/grid_kernels.py).
    """

    grid: Grid
    cost: NDArray[np.float32]
    origin: Point
    total: NDArray[np.float64]
    parent: NDArray[np.int64]
    radius: float

    def reached(self) -> NDArray[np.bool_]:
        """(H, W) True where there is a way to."""
        return np.isfinite(self.total).reshape(self.cost.shape)

    def raw(self, goal: Point) -> Polyline:
        """(N, 2) cell by cell to the reached cell nearest to `goal`, unsmoothed; empty if that is too far off."""
        cells = self._cells(goal)
        rows, columns = np.divmod(cells, self.cost.shape[1])
        return self.grid.points(rows, columns)

    def to(self, goal: Point) -> Polyline:
        """(N, 2) smooth polyline to the reached spot nearest to `goal`, a point every 0.1 m.

        Raises:
            RouteError: nothing within 0.8 m of the goal can be reached.
        """
        cells = self._cells(goal)
        if cells.size == 0:
            raise RouteError(f"no way for a body of radius {self.radius:g} m from {_at(self.origin)} to {_at(goal)}")
        rows, columns = np.divmod(cells, self.cost.shape[1])
        kept = shortcut(self.cost, rows, columns)
        corners = self.grid.points(rows[kept], columns[kept])
        return _smooth(resample(corners, CELL_M), self.grid, self.radius)

    def price(self, goal: Point) -> float:
        """Price (m where there is air all around) of the way to the reached cell nearest to `goal`; inf without one."""
        end = _nearest(self.reached(), self.grid, goal)
        return float(self.total[end]) * CELL_M if end >= 0 else math.inf

    def _cells(self, goal: Point) -> NDArray[np.int64]:
        end = _nearest(self.reached(), self.grid, goal)
        cells = []
        while end >= 0:
            cells.append(end)
            end = int(self.parent[end])
        return np.array(cells[::-1], dtype=np.int64)


@lru_cache(maxsize=32)
def routes_from(world: World, start: Point, radius: float, band: Band = PERSON, comfort: float = COMFORT_M) -> Routes:
    """All ways from `start` on its floor; a start that is not free itself begins at the free spot nearest to it.

    With less `comfort` (m of air beyond the radius) corners are taken more sharply.

    Raises:
        RouteError: the body fits nowhere within 0.8 m of the start.
    """
    room = world.room_at(*start)
    grid = grid_of(world, band, room.floor_z if room is not None else 0.0)
    cost = _cost(grid, radius, comfort)
    first = _nearest(np.isfinite(cost), grid, start)
    if first < 0:
        raise RouteError(f"a body of radius {radius:g} m fits nowhere near {_at(start)}")
    total, parent = cost_tree(cost, first, -1)
    return Routes(grid, cost, start, total, parent, radius)


def person_route(world: World, from_xy: Point, to_xy: Point, radius: float = 0.25, band: Band = PERSON) -> Polyline:
    """A natural way to walk: short, clear of furniture, smooth.

    Args:
        world: the home.
        from_xy, to_xy: map points, m; each is moved to the nearest free spot within 0.8 m.
        radius: of the walking body, m.
        band: heights the body touches.

    Returns:
        (N, 2) map points about 0.1 m apart, N >= 1.

    Raises:
        RouteError: there is no way.
    """
    return routes_from(world, from_xy, radius, band).to(to_xy)


def passable(world: World, radius: float, start: Point, goal: Point, band: Band = ROVER) -> bool:
    """Whether a disc can move from start to goal. Flood fill, sharing no search with `person_route`."""
    room = world.room_at(*start)
    if room is None:
        return False
    grid = grid_of(world, band, room.floor_z)
    free = (grid.clearance >= radius).astype(np.uint8)
    _, labels = cv2.connectedComponents(free, connectivity=4)
    first, last = labels[grid.cell(*start)], labels[grid.cell(*goal)]
    return bool(first != 0 and first == last)


def resample(points: Polyline, spacing: float) -> Polyline:
    """The same line with a point about every `spacing` metres, both ends kept."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] == 0.0:
        return points[:1].copy()
    wanted = np.linspace(0.0, along[-1], max(2, math.ceil(along[-1] / spacing) + 1))
    return np.stack([np.interp(wanted, along, points[:, i]) for i in (0, 1)], axis=1)


def length(points: Polyline) -> float:
    """Length of a polyline (N, 2), m."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum()) if len(points) > 1 else 0.0


def _cost(grid: Grid, radius: float, comfort: float) -> NDArray[np.float32]:
    spare = np.clip(1.0 - (grid.clearance - radius) / comfort, 0.0, 1.0)
    cost = 1.0 + AVERSION * spare**2
    return np.where(grid.clearance >= radius, cost, np.inf).astype(np.float32)


def _nearest(usable: NDArray[np.bool_], grid: Grid, point: Point) -> int:
    """Flat index of the usable cell nearest to a map point, at most SNAP_M away; -1 if there is none."""
    rows, columns = np.nonzero(usable)
    if rows.size == 0:
        return -1
    distance = np.hypot(*(grid.points(rows, columns) - np.array(point)).T)
    best = int(np.argmin(distance))
    return int(rows[best] * usable.shape[1] + columns[best]) if distance[best] <= SNAP_M else -1


def _smooth(points: Polyline, grid: Grid, radius: float) -> Polyline:
    """Round the corners: each point moves toward the middle of its neighbours wherever the body still fits."""
    points = points.copy()
    for _ in range(_SMOOTHING):
        if len(points) < 3:
            break
        moved = 0.25 * points[:-2] + 0.5 * points[1:-1] + 0.25 * points[2:]
        fits = grid.clearance_at(moved) >= radius
        points[1:-1] = np.where(fits[:, None], moved, points[1:-1])
    return resample(points, SPACING_M)


def _at(point: Point) -> str:
    return f"[{point[0]:.2f}, {point[1]:.2f}]"
