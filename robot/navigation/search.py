"""Global search on the costmap: a cost-to-go field from the goal's region, and the path that goes down it.

The one idea: the flood starts at the goal. Its field serves the path, the controller's foresight around corners, and
moving goals alike; a goal outside the window becomes a seed in every border cell, raised by what is left beyond it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from robot.navigation import search_kernels as kernels
from robot.navigation.costmap import Costmap, patch
from robot.navigation.grid import Frame

SLACK_M = 3.0  # how far beyond the robot the field reaches
REGION_SHARE = 0.6  # of the tolerance: a path that ends at the very edge of it is arrived at never
BEYOND = 1.5  # factor on the straight way left beyond the window: unseen ground is not straight
LEG_CELLS = 60  # longest straight leg of a path
Beyond = Callable[[], NDArray[np.float32]]
"""(H, W) cells of way left from the window's border cells, inf elsewhere (memory.py)."""


@dataclass(frozen=True)
class Plan:
    """The way to the goal."""

    frame: Frame
    to_go: NDArray[np.float32]
    """(H, W) metres of weighted way to the goal's region, inf out of reach."""
    path: NDArray[np.float32]
    """(N, 2) m, from the robot to the goal's region; empty when there is no way."""
    reaches_goal: bool
    """Whether the path ends within the goal's tolerance, and not just as near as there is a way."""

    @cached_property
    def length_m(self) -> float:
        """Return the length of the path; inf when there is none."""
        if len(self.path) == 0:
            return math.inf
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


def plan(
    costmap: Costmap,
    start: tuple[float, float],
    goal: tuple[float, float],
    tolerance_m: float,
    beyond: Beyond | None = None,
) -> Plan:
    """Return the cheapest way from `start` to within `tolerance_m` of `goal` (odom, m).

    A goal that is outside the window, or that nothing inside leads to, is approached over the border, by what `beyond`
    tells. Where nothing helps, the way leads to the reachable cell nearest to the goal.
    """
    row, column = costmap.frame.nearest_cell(*start)
    inside = costmap.frame.holds(*costmap.frame.cell(*goal))
    if inside or beyond is None:
        field = _flood(costmap, *goal_seeds(costmap, goal, tolerance_m), start)
        if np.isfinite(field[row, column]):
            return _plan(costmap, field, (row, column), True)
    if beyond is not None:
        field = _flood(costmap, *_remembered_seeds(costmap, beyond()), start)
        if np.isfinite(field[row, column]):
            return _plan(costmap, field, (row, column), True)
    nearest = nearest_reachable(costmap, start, goal)
    if nearest is None:
        return Plan(costmap.frame, field, np.zeros((0, 2), np.float32), False)
    field = _flood(costmap, np.array([nearest], np.int32), np.zeros(1, np.float32), start)
    return _plan(costmap, field, (row, column), False)


def goal_seeds(
    costmap: Costmap, goal: tuple[float, float], tolerance_m: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return flat indices of the goal region's cells, and what is left from each, in cells."""
    frame = costmap.frame
    if not frame.holds(*frame.cell(*goal)):
        return _border_seeds(costmap, goal)
    radius = max(REGION_SHARE * tolerance_m, 0.75 * frame.resolution_m)
    rows, columns, away = patch(frame, goal[0], goal[1], radius)
    i, j = np.nonzero((away <= radius) & ~costmap.lethal[rows, columns])
    seeds = ((i + rows.start) * frame.columns + j + columns.start).astype(np.int32)
    return seeds, np.zeros(len(seeds), np.float32)


def _remembered_seeds(costmap: Costmap, left: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    rows, columns = np.nonzero(np.isfinite(left) & ~costmap.lethal)
    values = left[rows, columns]
    values -= values.min(initial=np.inf)
    return (rows * costmap.frame.columns + columns).astype(np.int32), values.astype(np.float32)


def _border_seeds(costmap: Costmap, goal: tuple[float, float]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    frame = costmap.frame
    border = np.zeros((frame.rows, frame.columns), np.bool_)
    border[0, :] = border[-1, :] = border[:, 0] = border[:, -1] = True
    rows, columns = np.nonzero(border & ~costmap.lethal)
    x, y = frame.centres()
    away = np.hypot(x[columns] - goal[0], y[rows] - goal[1])
    left = BEYOND * (away - away.min(initial=np.inf)) / frame.resolution_m
    return (rows * frame.columns + columns).astype(np.int32), left.astype(np.float32)


def nearest_reachable(costmap: Costmap, start: tuple[float, float], goal: tuple[float, float]) -> int | None:
    """Return the flat index of the cell nearest to `goal` that can be reached from `start`; None when shut in."""
    frame = costmap.frame
    row, column = frame.nearest_cell(*start)
    origin = np.array([row * frame.columns + column], np.int32)
    field = kernels.flood(costmap.cost, origin, np.zeros(1, np.float32), -1, 0.0)
    reached = np.isfinite(field) & ~costmap.lethal
    if not reached.any():
        return None
    x, y = frame.centres()
    away = np.hypot(x[None, :] - goal[0], y[:, None] - goal[1])
    return int(np.argmin(np.where(reached, away + 1e-3 * frame.resolution_m * field, np.inf)))


def _flood(
    costmap: Costmap, seeds: NDArray[np.int32], values: NDArray[np.float32], start: tuple[float, float]
) -> NDArray[np.float32]:
    frame = costmap.frame
    row, column = frame.nearest_cell(*start)
    slack = SLACK_M / frame.resolution_m
    field: NDArray[np.float32] = kernels.flood(costmap.cost, seeds, values, row * frame.columns + column, slack)
    return field


def _plan(costmap: Costmap, field: NDArray[np.float32], start: tuple[int, int], reaches_goal: bool) -> Plan:
    frame = costmap.frame
    corners = kernels.straighten(kernels.descend(field, costmap.cost, *start), costmap.cost, field, LEG_CELLS)
    path = (corners[:, ::-1] + 0.5) * frame.resolution_m + np.array([frame.origin_x, frame.origin_y])
    to_go = field * np.float32(frame.resolution_m)
    return Plan(frame, to_go, path.astype(np.float32), reaches_goal)
