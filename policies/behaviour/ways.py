"""Ways through the floor plan: cells of 10 cm, dearer near walls, and the shortest way from anywhere to one cell.

The plan knows walls and furniture only. It says which doors to take; what lies about on the way is the navigator's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from policies.behaviour.floor_plan import FloorPlan, PlanRoom, PlanThing, Point
from robot.geometry import Pose2

CELL_M = 0.1
BODY_M = 0.24  # least clearance of a way
INSIDE_M = 0.4  # from a room's edge, nearer is in its door
PERSON_M = 0.6  # who stands nearer to a way is walked around
BESIDE_M = 1.2
SIGHT_M = 0.12  # a line this near to a corner is none that the body can take
EASY_M = 0.6  # clearance beyond which no detour is worth it
NEAR_COST = 3.0
BLOCKED_COST = 30.0
NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True)
class Way:
    """From where the robot stands to a goal, (N, 2) m in map."""

    points: NDArray[np.float64]

    @property
    def length_m(self) -> float:
        """Return its length."""
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum()) if len(self.points) > 1 else 0.0

    def ahead(self, x: float, y: float, reach_m: float) -> Point:
        """Return the point `reach_m` further along than where the way passes nearest to (x, y)."""
        nearest = int(np.argmin(np.hypot(self.points[:, 0] - x, self.points[:, 1] - y)))
        left, at = reach_m, nearest
        while at + 1 < len(self.points) and left > 0.0:
            left -= math.dist(self.points[at], self.points[at + 1])
            at += 1
        return float(self.points[at][0]), float(self.points[at][1])


class Ways:
    """The floor plan as a graph of cells. Build it once."""

    def __init__(self, plan: FloorPlan) -> None:
        self._plan = plan
        level = next((r.level_m for r in plan.rooms if r.holds(*plan.dock[:2])), 0.0)
        self.rooms = tuple(room for room in plan.rooms if abs(room.level_m - level) < 0.02)
        """Rooms on the robot's own level: it cannot climb."""
        self._x = min((room.x for room in plan.rooms), default=0.0) - 0.5
        self._y = min((room.y for room in plan.rooms), default=0.0) - 0.5
        east = max((room.x + room.width for room in plan.rooms), default=1.0) + 0.5
        north = max((room.y + room.depth for room in plan.rooms), default=1.0) + 0.5
        self._shape = (math.ceil((north - self._y) / CELL_M), math.ceil((east - self._x) / CELL_M))
        free = self._free()
        self.clearance = cv2.distanceTransform(free, cv2.DIST_L2, 5).astype(np.float64) * CELL_M - CELL_M / 2.0
        """(H, W) m from a cell's middle to what the plan knows to stand there."""
        self._extra = np.zeros(self._shape)
        self._reached = self._reachable()

    def block(self, x: float, y: float, radius_m: float = 0.5) -> None:
        """Remember that the way was found shut about a point: other ways are preferred from now on."""
        self._extra[self._within(x, y, radius_m)] += BLOCKED_COST

    def forgive(self) -> None:
        """Forget what was shut."""
        self._extra[:] = 0.0

    def to(self, start: Point, goal: Point, people: Sequence[Point] = ()) -> Way | None:
        """Return the way between two points of map, both moved to the nearest cell the body fits in; None if none.

        Where there is another way, it keeps clear of `people`.
        """
        first, last = self._fitting(*start), self._fitting(*goal)
        if first is None or last is None:
            return None
        _, before = dijkstra(self._graph(people), directed=False, indices=last, return_predecessors=True)
        cells = [first]
        while cells[-1] != last:
            follower = int(before[cells[-1]])
            if follower < 0:
                return None
            cells.append(follower)
        return Way(np.array([self._point(cell) for cell in cells]))

    def carrot(self, way: Way, x: float, y: float, reach_m: float, least_m: float = 0.8) -> Point:
        """Return the farthest point ahead on a way, up to `reach_m`, that no wall or furniture hides from (x, y).

        A goal behind a wall might be driven to by another way than the one that was chosen.
        """
        reach = reach_m
        while reach > least_m and not self._sees((x, y), way.ahead(x, y, reach)):
            reach -= 0.2
        return way.ahead(x, y, max(reach, least_m))

    def stand(self, candidates: NDArray[np.float64], start: Point, least_m: float = BODY_M) -> Point | None:
        """Return the candidate, (N, 2) m in order of liking, that the body fits at and can reach; None if none."""
        for x, y in candidates:
            if self.clearance_at(x, y) >= least_m and self.to(start, (x, y)) is not None:
                return float(x), float(y)
        return None

    def beside(self, thing: PlanThing) -> Point | None:
        """Return the place in its room that is nearest to a thing, where none of the usual ones is free."""
        room = self._plan.room(thing.room)
        if room is None:
            return None
        rows, columns = np.nonzero(self._in(room, CELL_M) & self._reached)
        points = [
            (self._x + (c + 0.5) * CELL_M, self._y + (r + 0.5) * CELL_M) for r, c in zip(rows, columns, strict=True)
        ]
        nearest = min(points, key=lambda point: thing.distance_to(*point), default=None)
        return nearest if nearest is not None and thing.distance_to(*nearest) < BESIDE_M else None

    def middle_of(self, room: PlanRoom, people: Sequence[Point] = (), apart_m: float = 0.0) -> Point:
        """Return a place with room around it and away from people, as near to the room's middle as that allows."""
        fits = self._in(room) & self._reached
        inner = fits & self._in(room, INSIDE_M)
        fits = inner if inner.any() else fits
        free = fits.copy()
        for x, y in people:
            free &= ~self._within(x, y, apart_m)
        rows, columns = np.nonzero(free if free.any() else fits)
        if not len(rows):
            return room.middle
        xs, ys = self._x + (columns + 0.5) * CELL_M, self._y + (rows + 0.5) * CELL_M
        away = np.hypot(xs - room.middle[0], ys - room.middle[1])
        best = int(np.argmax(2.0 * np.minimum(self.clearance[rows, columns], EASY_M) - away))
        return float(xs[best]), float(ys[best])

    def clearance_at(self, x: float, y: float) -> float:
        """Return the clearance at a point; 0 outside the plan."""
        row, column = self._cell(x, y)
        inside = 0 <= row < self._shape[0] and 0 <= column < self._shape[1]
        return float(self.clearance[row, column]) if inside else 0.0

    def _sees(self, a: Point, b: Point) -> bool:
        steps = max(2, math.ceil(math.dist(a, b) / (CELL_M / 2.0)))
        line = ((a[0] + i / steps * (b[0] - a[0]), a[1] + i / steps * (b[1] - a[1])) for i in range(1, steps))
        return all(self.clearance_at(x, y) > SIGHT_M for x, y in line)

    def _reachable(self) -> NDArray[np.bool_]:
        """Return the cells that the body fits in and can get to from the dock."""
        _, parts = cv2.connectedComponents((self.clearance >= BODY_M).astype(np.uint8), connectivity=4)
        dock = self._fitting(*self._plan.dock[:2])
        row, column = divmod(dock, self._shape[1]) if dock is not None else (0, 0)
        reached: NDArray[np.bool_] = (parts == parts[row, column]) & (self.clearance >= BODY_M)
        return reached

    def _free(self) -> NDArray[np.uint8]:
        free = np.zeros(self._shape, np.uint8)
        half = self._plan.wall_m / 2.0
        off = half + CELL_M / 2.0 - 1e-6  # a cell that the wall touches is wall: thin ones would vanish
        for room in self.rooms:
            self._box(free, room.x + off, room.y + off, room.x + room.width - off, room.y + room.depth - off, 1)
        names = {room.name for room in self.rooms}
        for door in self._plan.doors:
            if set(door.rooms) <= names:
                along, across = door.width_m / 2.0, half + 1.5 * CELL_M
                dx, dy = (along, across) if door.along_x else (across, along)
                self._box(free, door.x - dx, door.y - dy, door.x + dx, door.y + dy, 1)
        for thing in (*self._plan.things, *self._plan.leaves):
            if thing.solid:
                pose = Pose2(thing.x, thing.y, thing.yaw)
                corners = [
                    pose.apply(a * thing.depth / 2, b * thing.width / 2)
                    for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))
                ]
                outline = [((x - self._x) / CELL_M - 0.5, (y - self._y) / CELL_M - 0.5) for x, y in corners]
                cv2.fillPoly(free, [np.round(np.array(outline)).astype(np.int32)], 0)
        return free

    def _box(self, free: NDArray[np.uint8], west: float, south: float, east: float, north: float, value: int) -> None:
        rows = self._y + (np.arange(self._shape[0]) + 0.5) * CELL_M
        columns = self._x + (np.arange(self._shape[1]) + 0.5) * CELL_M
        free[np.ix_((rows >= south) & (rows <= north), (columns >= west) & (columns <= east))] = value

    def _graph(self, people: Sequence[Point]) -> csr_matrix:
        rows, columns = self._shape
        index = np.arange(rows * columns).reshape(self._shape)
        passable = self.clearance >= BODY_M
        tight = np.clip((EASY_M - self.clearance) / EASY_M, 0.0, 1.0)
        price = 1.0 + NEAR_COST * tight**2 + self._extra
        for x, y in people:
            price[self._within(x, y, PERSON_M)] += BLOCKED_COST
        starts, ends, costs = [], [], []
        for dr, dc in NEIGHBOURS:
            a = (slice(0, rows - dr), slice(max(0, -dc), columns - max(0, dc)))
            b = (slice(dr, rows), slice(max(0, dc), columns - max(0, -dc)))
            both = passable[a] & passable[b]
            starts.append(index[a][both])
            ends.append(index[b][both])
            costs.append((CELL_M * math.hypot(dr, dc) * (price[a] + price[b]) / 2.0)[both])
        pairs = (np.concatenate(starts), np.concatenate(ends))
        return csr_matrix((np.concatenate(costs), pairs), shape=(index.size, index.size))

    def _fitting(self, x: float, y: float) -> int | None:
        rows, columns = np.nonzero(self.clearance >= BODY_M)
        if not len(rows):
            return None
        away = np.hypot(self._x + (columns + 0.5) * CELL_M - x, self._y + (rows + 0.5) * CELL_M - y)
        best = int(np.argmin(away))
        return int(rows[best] * self._shape[1] + columns[best])

    def _in(self, room: PlanRoom, margin_m: float = 0.0) -> NDArray[np.bool_]:
        rows = self._y + (np.arange(self._shape[0]) + 0.5) * CELL_M
        columns = self._x + (np.arange(self._shape[1]) + 0.5) * CELL_M
        inside: NDArray[np.bool_] = np.outer(
            (rows >= room.y + margin_m) & (rows <= room.y + room.depth - margin_m),
            (columns >= room.x + margin_m) & (columns <= room.x + room.width - margin_m),
        )
        return inside

    def _within(self, x: float, y: float, radius_m: float) -> NDArray[np.bool_]:
        rows = self._y + (np.arange(self._shape[0]) + 0.5) * CELL_M
        columns = self._x + (np.arange(self._shape[1]) + 0.5) * CELL_M
        inside: NDArray[np.bool_] = np.hypot(rows[:, None] - y, columns[None, :] - x) <= radius_m
        return inside

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return math.floor((y - self._y) / CELL_M), math.floor((x - self._x) / CELL_M)

    def _point(self, cell: int) -> Point:
        row, column = divmod(cell, self._shape[1])
        return self._x + (column + 0.5) * CELL_M, self._y + (row + 0.5) * CELL_M
