"""The local map as the follower needs it: coarse cells with clearance, travel distance from the robot, lines of sight.

Built once per map. People are erased from it: they move, and they are looked at, not through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from policies.follow import ground_kernels as kernels
from policies.follow.trail import Person
from robot.geometry import Pose2
from robot.messages import LocalMap

Points = NDArray[np.float64]

FREE, UNSEEN, OCCUPIED = 0, 50, 100
COARSE_M = 0.1  # an edge of a coarse cell, about
TRAVEL_REACH_M = 9.0
WALK_PARTS = tuple((i + 1) / 6 for i in range(6))
UNKNOWN_TIMES, PERSON_TIMES = 2, 5  # that such ground counts: behind people the way is free when they have walked on
PERSON_HOLDS_M = 0.6  # between middles: nearer than this the robot must not pass people
STAYS_WITHIN_M = 2.5
LEAVING_SPEED = 0.2  # m/s away from the robot
FREEING_RADIUS_M = 0.35  # the robot may leave a place that is tighter than it would choose


@dataclass(frozen=True)
class Ground:
    """Row = y, column = x, in odom. Outside the map: unknown, without obstacles, out of reach."""

    origin_x: float
    origin_y: float
    cell_m: float
    occupied: NDArray[np.bool_]
    """(H, W)"""
    unknown: NDArray[np.bool_]
    """(H, W)"""
    clearance: NDArray[np.float32]
    """(H, W) metres to the nearest occupied cell's edge."""
    travel: NDArray[np.float32]
    """(H, W) metres to drive from the robot; inf where it cannot get to."""

    def cells_of(self, points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Return rows, columns (clipped into the map) of (N, 2) odom points, and which lie inside."""
        column = np.floor((points[:, 0] - self.origin_x) / self.cell_m).astype(np.int64)
        row = np.floor((points[:, 1] - self.origin_y) / self.cell_m).astype(np.int64)
        rows, columns = self.occupied.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1), inside

    def clearance_at(self, points: Points) -> NDArray[np.float64]:
        """Return metres to the nearest obstacle at (N, 2) points; 0 outside the map."""
        row, column, inside = self.cells_of(points)
        return np.where(inside, self.clearance[row, column], 0.0).astype(np.float64)

    def travel_to(self, points: Points) -> NDArray[np.float64]:
        """Return metres to drive to (N, 2) points; inf where the robot cannot get to."""
        row, column, inside = self.cells_of(points)
        return np.where(inside, self.travel[row, column], np.inf).astype(np.float64)

    def is_occupied(self, points: Points) -> NDArray[np.bool_]:
        """Return which of (N, 2) points lie in occupied cells."""
        row, column, inside = self.cells_of(points)
        return inside & self.occupied[row, column]

    def is_unknown(self, points: Points) -> NDArray[np.bool_]:
        """Return which of (N, 2) points lie in unknown cells or outside the map."""
        row, column, inside = self.cells_of(points)
        return ~inside | self.unknown[row, column]

    def in_sight(self, points: Points, x: float, y: float, near_m: float = 0.3) -> NDArray[np.bool_]:
        """Return from which of (N, 2) points the point (x, y) shows, what stands within `near_m` of it aside."""
        starts = np.column_stack(
            ((points[:, 1] - self.origin_y) / self.cell_m, (points[:, 0] - self.origin_x) / self.cell_m)
        )
        row, column = (y - self.origin_y) / self.cell_m, (x - self.origin_x) / self.cell_m
        clear: NDArray[np.bool_] = kernels.sight_lines(
            self.occupied, starts, row, column, 0.25 / self.cell_m, near_m / self.cell_m
        )
        return clear

    def after(self, person: Person, seconds: float) -> Person:
        """Return the person later, walking straight on until something stands in the way."""
        later = [person.after(part * seconds) for part in WALK_PARTS]
        hit = self.is_occupied(np.array([(p.x, p.y) for p in later]))
        free = int(np.argmax(hit)) if hit.any() else len(later)
        return later[free - 1] if free > 0 else person

    def nearest_reachable(self, x: float, y: float) -> tuple[float, float] | None:
        """Return the middle of the reachable cell nearest to a point, m; None when the robot is shut in."""
        points = self.reachable_points()
        if len(points) == 0:
            return None
        best = int(np.argmin((points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2))
        return float(points[best, 0]), float(points[best, 1])

    def reachable_points(self) -> Points:
        """Return the middles of all cells the robot can get to, (N, 2) m."""
        rows, columns = np.nonzero(np.isfinite(self.travel))
        return np.column_stack(
            (self.origin_x + (columns + 0.5) * self.cell_m, self.origin_y + (rows + 0.5) * self.cell_m)
        )


def build_ground(local: LocalMap, robot: Pose2, people: list[Person], pass_radius: float, erase_m: float) -> Ground:
    """Return the ground of a local map, seen from the robot's place, with people erased from it.

    Past people who are near and do not walk away it takes long: the robot has to wait for them.
    """
    factor = max(1, round(COARSE_M / local.resolution_m))
    occupied = _pooled(local.cells == OCCUPIED, factor)
    unknown = ~_pooled((local.cells == FREE) | (local.cells == UNSEEN), factor) & ~occupied
    cell_m = local.resolution_m * factor
    rows, columns = occupied.shape
    xs = local.origin_x + (np.arange(columns) + 0.5) * cell_m
    ys = local.origin_y + (np.arange(rows) + 0.5) * cell_m
    for person in people:
        occupied &= (xs[None, :] - person.x) ** 2 + (ys[:, None] - person.y) ** 2 > erase_m**2
    clearance = _clearance(occupied, cell_m)
    beside = (xs[None, :] - robot.x) ** 2 + (ys[:, None] - robot.y) ** 2 <= FREEING_RADIUS_M**2
    passable = ~occupied & ((clearance >= pass_radius) | beside)
    times = np.where(unknown, UNKNOWN_TIMES, 1).astype(np.uint8)
    for person in people:
        if _stays(person, robot):
            times[(xs[None, :] - person.x) ** 2 + (ys[:, None] - person.y) ** 2 <= PERSON_HOLDS_M**2] = PERSON_TIMES
    travel = _travel(passable, times, robot, local, cell_m)
    return Ground(local.origin_x, local.origin_y, cell_m, occupied, unknown, clearance, travel)


def _stays(person: Person, robot: Pose2) -> bool:
    """Return whether a person near the robot will still be where they are when the robot gets there."""
    away_x, away_y = person.x - robot.x, person.y - robot.y
    leaves = away_x * person.vx + away_y * person.vy > LEAVING_SPEED * math.hypot(away_x, away_y)
    return not leaves and math.hypot(away_x, away_y) < STAYS_WITHIN_M


def _pooled(mask: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    """Return whether any of the fine cells of each coarse cell is set."""
    pooled: NDArray[np.bool_] = kernels.any_of_blocks(mask, factor)
    return pooled


def _clearance(occupied: NDArray[np.bool_], cell_m: float) -> NDArray[np.float32]:
    if not occupied.any():
        return np.full(occupied.shape, np.float32(99.0), dtype=np.float32)
    steps = cv2.distanceTransform((~occupied).astype(np.uint8), cv2.DIST_L2, 5)
    metres: NDArray[np.float32] = np.maximum(steps - 0.5, 0.0).astype(np.float32) * np.float32(cell_m)
    return metres


def _travel(
    passable: NDArray[np.bool_], times: NDArray[np.uint8], robot: Pose2, local: LocalMap, cell_m: float
) -> NDArray[np.float32]:
    row = math.floor((robot.y - local.origin_y) / cell_m)
    column = math.floor((robot.x - local.origin_x) / cell_m)
    if not (0 <= row < passable.shape[0] and 0 <= column < passable.shape[1]):
        return np.full(passable.shape, np.float32(np.inf), dtype=np.float32)
    fifths = kernels.flood(passable, times, row, column, round(TRAVEL_REACH_M / cell_m * kernels.STRAIGHT))
    metres: NDArray[np.float32] = np.where(
        fifths < 0, np.float32(np.inf), fifths.astype(np.float32) * np.float32(cell_m / kernels.STRAIGHT)
    )
    return metres
