"""Legs by lidar alone: returns where the floor was free a moment ago, and what has stood there since.

The camera sees a third of the circle; people come from everywhere. What arrives on floor that was free has walked or
was pushed there, so it may swing an arm or a foot, while what was there from the first look on is furniture. The one
idea: every cell remembers when it was last hit and passed, and a mark (settled or arrived) moves with what is hit
from a cell to its neighbours, so drift turns no wall into a person and who stands for a moment stays one. And nobody
appears out of nothing: what is hit where the floor seemed free, with nothing that left a place a stride away, is the
thin leg of a chair that rays had missed.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.bodies.rover.body import LidarMount
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import Scan
from robot.safety.points import Points, narrow_fronts

CELL_M = 0.05
CELLS = 160  # an edge of the memory, which wraps around: cells not seen for MEMORY_S are unknown again
REACH_M = 1.8
PASS_REACH_M = 1.5  # farther out a table leg may slip through between two rays
MEMORY_S = 3.0
ARRIVED_MEMORY_S = 0.5  # a mark that was not hit for longer says nothing of what is hit there or beside it now,
SETTLED_MEMORY_S = 30.0  # but furniture stays where it was while somebody stands before it
SURE_PASSES = 4  # scans in a row that went through, before a cell counts as free
LET_GO_S = 0.5  # a mark whose cell is seen through for this long is gone
PERSON_WIDTH_M = 0.75  # between the legs of a stride; wider fronts are no legs
MOVED_M, MOVED_WITHIN_S = 0.25, 2.0  # a front that came this far so fast is no furniture
STANDS_S = 8.0  # what arrived and then stayed put for longer was a chair's leg that rays had missed, or is tracked
GAP_M = 0.15  # between neighbouring returns of one front
STRIDE_CELLS, STRIDE_S = 7, 0.35  # how far legs get so soon: whatever comes was no farther off so long ago
LEG_CELLS = 2.5  # to either side of what is hit, nothing is seen behind it
NEW_S = 1.0  # what was first hit so lately, and is gone from there, has moved on
UNKNOWN, SETTLED, ARRIVED = 0, 1, 2


@njit(cache=True)
def _origin_of(
    marks: NDArray[np.uint8], hit_s: NDArray[np.float64], row: int, column: int, now_s: float
) -> tuple[int, int]:
    """Return the cell that a return here was in a moment ago: this one, else a neighbour (arrived first), else none."""
    best_r, best_c = -1, -1
    for i in range(row - 1, row + 2):
        for j in range(column - 1, column + 2):
            r, c = i % CELLS, j % CELLS
            if now_s - hit_s[r, c] > (ARRIVED_MEMORY_S if marks[r, c] == ARRIVED else SETTLED_MEMORY_S):
                continue  # what walks is hit in every scan; furniture may have been hidden behind it for long
            if marks[r, c] == UNKNOWN:
                continue
            if i == row and j == column:
                return r, c
            if best_r < 0 or marks[r, c] > marks[best_r, best_c]:
                best_r, best_c = r, c
    return best_r, best_c


@njit(cache=True)
def _hides(up: float, across: float, up_more: int, across_more: int) -> bool:
    """Return whether what is hit at one offset from the lidar (cells) hides the place that is another farther on."""
    far = math.hypot(across, up)
    beyond = (across_more * across + up_more * up) / far
    beside = abs(across_more * up - up_more * across) / far
    return beyond > 0.0 and beside < LEG_CELLS


@njit(cache=True)
def _came(
    marks: NDArray[np.uint8],
    born: NDArray[np.float64],
    hit_s: NDArray[np.float64],
    pass_s: NDArray[np.float64],
    row: int,
    column: int,
    x: float,
    y: float,
    now_s: float,
) -> bool:
    """Return whether legs, or something new that has left its place, were a stride from here a moment ago."""
    for i in range(row - STRIDE_CELLS, row + STRIDE_CELLS + 1):
        for j in range(column - STRIDE_CELLS, column + STRIDE_CELLS + 1):
            r, c = i % CELLS, j % CELLS
            if marks[r, c] == UNKNOWN or not 0.0 < now_s - hit_s[r, c] <= STRIDE_S:
                continue
            if marks[r, c] == ARRIVED:
                return True
            if now_s - born[r, c, 2] > NEW_S or max(abs(i - row), abs(j - column)) < 2:
                continue
            if pass_s[r, c] == now_s or _hides(row - y / CELL_M, column - x / CELL_M, i - row, j - column):
                return True
    return False


@njit(cache=True)
def _was_free(passes: NDArray[np.uint8], pass_s: NDArray[np.float64], row: int, column: int, now_s: float) -> bool:
    r, c = row % CELLS, column % CELLS
    return bool(passes[r, c] >= SURE_PASSES and now_s - pass_s[r, c] <= MEMORY_S)


@njit(cache=True)
def _wrapped(cell: int) -> int:
    """Return `cell` modulo CELLS, where it lies less than CELLS outside (a division costs as much as all the rest)."""
    if cell < 0:
        return cell + CELLS
    return cell - CELLS if cell >= CELLS else cell


@njit(cache=True)
def take_scan(
    marks: NDArray[np.uint8],
    born: NDArray[np.float64],
    hit_s: NDArray[np.float64],
    passes: NDArray[np.uint8],
    pass_s: NDArray[np.float64],
    ranges: NDArray[np.float64],
    angles: NDArray[np.float64],
    x: float,
    y: float,
    now_s: float,
    narrow: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Update the memory with a scan from (x, y) odom, and return which rays ended on something that arrived.

    Args:
        ranges: (N,) m; inf where nothing was met, NaN without data.
        angles: (N,) rad, in odom. narrow: (N,) which rays ended on a front narrow enough for legs.
    """
    n = ranges.shape[0]
    new = np.zeros(n, np.uint8)
    birth = np.zeros((n, 3))
    appeared = np.zeros(n, np.bool_)
    for i in range(n):
        if not ranges[i] < REACH_M:
            continue
        px, py = x + ranges[i] * math.cos(angles[i]), y + ranges[i] * math.sin(angles[i])
        row, column = math.floor(py / CELL_M), math.floor(px / CELL_M)
        was_free = _was_free(passes, pass_s, row, column, now_s)
        r, c = _origin_of(marks, hit_s, row, column, now_s)
        if r >= 0 and (was_free or (r == row % CELLS and c == column % CELLS)):
            new[i], birth[i] = marks[r, c], born[r, c]
            if math.hypot(px - birth[i, 0], py - birth[i, 1]) > MOVED_M:
                walks = now_s - birth[i, 2] < MOVED_WITHIN_S  # furniture creeps with the drift, but slower
                new[i] = ARRIVED if narrow[i] and walks else new[i]
                birth[i, 0], birth[i, 1], birth[i, 2] = px, py, now_s
            elif new[i] == ARRIVED and now_s - birth[i, 2] > STANDS_S:
                new[i] = SETTLED
        else:
            new[i], appeared[i] = SETTLED, narrow[i] and was_free
            birth[i, 0], birth[i, 1], birth[i, 2] = px, py, now_s
    for i in range(n):
        if new[i] == UNKNOWN:
            continue
        column = math.floor((x + ranges[i] * math.cos(angles[i])) / CELL_M) % CELLS
        row = math.floor((y + ranges[i] * math.sin(angles[i])) / CELL_M) % CELLS
        marks[row, column], born[row, column] = new[i], birth[i]
        hit_s[row, column] = now_s
        passes[row, column] = 0
    x_cells, y_cells = x / CELL_M, y / CELL_M
    x_cells -= CELLS * (math.floor(x_cells) // CELLS)
    y_cells -= CELLS * (math.floor(y_cells) // CELLS)
    for i in range(n):
        if math.isnan(ranges[i]):
            continue
        half_ca, half_sa = 0.5 * math.cos(angles[i]), 0.5 * math.sin(angles[i])
        steps = math.floor((min(ranges[i], PASS_REACH_M) - 2.0 * CELL_M) / (0.5 * CELL_M))
        for k in range(steps):
            column = _wrapped(math.floor(x_cells + half_ca * k))
            row = _wrapped(math.floor(y_cells + half_sa * k))
            if pass_s[row, column] == now_s or hit_s[row, column] == now_s:
                continue
            passes[row, column] = min(passes[row, column] + 1, 200) if now_s - pass_s[row, column] <= MEMORY_S else 1
            pass_s[row, column] = now_s
            if now_s - hit_s[row, column] > LET_GO_S:
                marks[row, column] = UNKNOWN
    for i in range(n):
        if not appeared[i]:
            continue
        column = math.floor((x + ranges[i] * math.cos(angles[i])) / CELL_M)
        row = math.floor((y + ranges[i] * math.sin(angles[i])) / CELL_M)
        if _came(marks, born, hit_s, pass_s, row, column, x, y, now_s):
            new[i] = marks[row % CELLS, column % CELLS] = ARRIVED
    arrived_rays: NDArray[np.bool_] = (new == ARRIVED) & narrow
    return arrived_rays


class Arrivals:
    """Remembers the floor around the robot and tells what has come onto it."""

    def __init__(self, lidar: LidarMount) -> None:
        self._lidar = Pose2(lidar.x, lidar.y, 0.0)
        shape = (CELLS, CELLS)
        self._marks, self._passes = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        self._born = np.zeros((CELLS, CELLS, 3))  # x, y (m) and time (s) since when it is about there
        self._hit_s, self._pass_s = np.full(shape, -np.inf), np.full(shape, -np.inf)

    def update(self, scan: Scan, pose: Pose2) -> Points:
        """Take in a scan made at `pose` (odom) and return the points of what arrived, (N, 2) m in odom."""
        at = pose * self._lidar
        ranges = scan.ranges.astype(np.float64)
        ranges[ranges < scan.range_min] = np.nan
        ranges[ranges > scan.range_max] = np.inf
        angles = at.yaw + scan.angle_min + scan.angle_increment * np.arange(len(ranges))
        ends = np.where(np.isfinite(ranges), ranges, 0.0)
        points = np.column_stack((at.x + ends * np.cos(angles), at.y + ends * np.sin(angles)))
        arrived = take_scan(
            self._marks,
            self._born,
            self._hit_s,
            self._passes,
            self._pass_s,
            ranges,
            angles,
            at.x,
            at.y,
            scan.stamp_ns / NS_PER_S,
            narrow_fronts(ranges, points, REACH_M, GAP_M, PERSON_WIDTH_M),
        )
        found: Points = points[arrived]
        return found
