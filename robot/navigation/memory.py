"""What the robot remembers of the ground beyond its window: a coarse map in odom, and the way left from anywhere on it.

The one idea: the window's planner needs only one number from out there, what is left to the goal from each cell of its
own border. So the coarse map is flooded from the goal now and then, and read along the border; a dead end that was once
seen stays one, however far away it is by now. The flood is kept to a box around all that was ever in the window and the
goal: beyond it nothing is known, so no way is shorter for leaving it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.geometry import Pose2
from robot.navigation import search_kernels as kernels
from robot.navigation.costmap import CostmapBuilder
from robot.navigation.grid import Frame, Grid, RollingWindow
from robot.navigation.mapping import FREE, OCCUPIED, UNKNOWN
from robot.navigation.mapping_kernels import coarser

COARSE = 2  # cells of the window along one coarse cell's edge
NEAR_M = 2.0  # the robot is in the window's middle
MARGIN_M = 1.0  # of the flood's box: more than walls reach out, and the window moves until it is flooded again
BESIDE_WALL_COST = 20.0  # of cells about the goal that are too close to something: it is a goal all the same


class Memory:
    """A square of `size_m` around where the robot began.

    Ways through it cost what `builder` says, as in the window: were they cheaper out here, the robot would turn back
    from ways in sight for ways that only look shorter.
    """

    def __init__(self, size_m: float, resolution_m: float, builder: CostmapBuilder) -> None:
        self._window = RollingWindow(size_m, COARSE * resolution_m)
        self._cells = np.full((self._window.cells, self._window.cells), UNKNOWN, np.uint8)
        self._builder = builder
        self._seen: tuple[slice, slice] | None = None
        self._field: NDArray[np.float32] | None = None
        self._box = self._window.frame
        """Where the field lies."""
        self._flooded: tuple[float, tuple[float, float]] = (-math.inf, (math.inf, math.inf))

    def take(self, occupancy: Grid) -> None:
        """Write what the window knows over what was known before.

        Only what is seen from near by takes things away again: rays that graze a far wall erode it.
        """
        frame, size = occupancy.frame, occupancy.frame.resolution_m
        own = self._window.frame
        row0, column0 = (
            math.ceil(round((a - b) / size, 3) / COARSE)
            for a, b in ((frame.origin_y, own.origin_y), (frame.origin_x, own.origin_x))
        )
        skip_rows = round((own.origin_y - frame.origin_y) / size) + COARSE * row0
        skip_columns = round((own.origin_x - frame.origin_x) / size) + COARSE * column0
        inside = np.ascontiguousarray(occupancy.data[skip_rows:, skip_columns:])
        blocks = coarser(inside, COARSE, (FREE, OCCUPIED, UNKNOWN))
        rows, columns = blocks.shape
        top, left = max(row0, 0), max(column0, 0)
        self._seen = _both(self._seen, (slice(top, row0 + rows), slice(left, column0 + columns)))
        there = self._cells[top : row0 + rows, left : column0 + columns]
        seen = blocks[top - row0 :, left - column0 :][: there.shape[0], : there.shape[1]]
        wanted = (seen != UNKNOWN) & (there != OCCUPIED)
        reach = round(NEAR_M / own.resolution_m)
        middle_row, middle_column = (n // 2 // COARSE - skip for n, skip in (
            (frame.rows, max(-row0, 0)), (frame.columns, max(-column0, 0)))
        )  # fmt: skip
        near = (
            slice(max(middle_row - reach, 0), middle_row + reach),
            slice(max(middle_column - reach, 0), middle_column + reach),
        )
        wanted[near] = seen[near] != UNKNOWN
        wanted |= seen == OCCUPIED
        np.copyto(there, seen, where=wanted)

    def left_from(self, frame: Frame, goal: tuple[float, float], now_s: float, period_s: float) -> NDArray[np.float32]:
        """Return (H, W) cells of way left to `goal` from the border cells of a window at `frame`; inf elsewhere.

        The coarse map is flooded anew when the goal moved or `period_s` has passed.
        """
        since_s, old_goal = self._flooded
        if self._field is None or now_s - since_s >= period_s or math.dist(goal, old_goal) > 0.5:
            self._field = self._flood(goal)
            self._flooded = (now_s, goal)
        x, y = frame.centres()
        own = self._box
        rows = np.clip(((y - own.origin_y) / own.resolution_m).astype(np.int64), 0, own.rows - 1)
        columns = np.clip(((x - own.origin_x) / own.resolution_m).astype(np.int64), 0, own.columns - 1)
        left = np.full((frame.rows, frame.columns), np.inf, np.float32)
        for edge in (0, -1):
            left[edge, :] = self._field[rows[edge], columns]
            left[:, edge] = self._field[rows, columns[edge]]
        left *= np.float32(COARSE)
        return left

    def _flood(self, goal: tuple[float, float]) -> NDArray[np.float32]:
        part = self._part(goal)
        own = self._box = _frame_of(self._window.frame, part)
        cost = self._builder.build(Grid(own, self._cells[part]), Pose2(*goal), []).cost
        row, column = own.nearest_cell(*goal)
        near = (slice(max(row - 2, 0), row + 3), slice(max(column - 2, 0), column + 3))
        cost[near] = np.minimum(cost[near], np.float32(BESIDE_WALL_COST))
        seed = np.array([row * own.columns + column], np.int32)
        field: NDArray[np.float32] = kernels.flood(cost, seed, np.zeros(1, np.float32), -1, 0.0)
        return field

    def _part(self, goal: tuple[float, float]) -> tuple[slice, slice]:
        """Return the rows and columns of what was seen and the goal, with a margin."""
        own = self._window.frame
        row, column = own.nearest_cell(*goal)
        rows, columns = _both(self._seen, (slice(row, row + 1), slice(column, column + 1)))
        margin = math.ceil(MARGIN_M / own.resolution_m)
        return (
            slice(max(rows.start - margin, 0), min(rows.stop + margin, own.rows)),
            slice(max(columns.start - margin, 0), min(columns.stop + margin, own.columns)),
        )


def _both(one: tuple[slice, slice] | None, other: tuple[slice, slice]) -> tuple[slice, slice]:
    """Return the smallest box around two boxes of rows and columns."""
    if one is None:
        return other
    rows, columns = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, other, strict=True))
    return rows, columns


def _frame_of(frame: Frame, part: tuple[slice, slice]) -> Frame:
    """Return where a part of a grid lies."""
    rows, columns = part
    size = frame.resolution_m
    return Frame(
        frame.origin_x + columns.start * size,
        frame.origin_y + rows.start * size,
        size,
        rows.stop - rows.start,
        columns.stop - columns.start,
    )
