"""A way that closed a moment ago is dear, one that stays closed is shut, and what is seen first has not closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.geometry import Pose2
from robot.navigation.closing import Closing
from robot.navigation.costmap import CostmapBuilder
from robot.navigation.grid import Grid, rolled
from robot.navigation.mapping import OCCUPIED
from robot.navigation.search import plan


def a_passage(*, shut: bool, seen: bool = True) -> tuple[Grid, NDArray[np.bool_]]:
    """Two rooms of 5 x 5 m with a door in the middle of the wall between them and a far one at its end."""
    cells = np.zeros((100, 100), np.uint8)
    cells[:, 49:51] = OCCUPIED
    cells[45:55, 49:51] = OCCUPIED if shut else 0
    cells[88:98, 49:51] = 0
    return Grid.of((0.0, 0.0), 0.05, cells), np.full(cells.shape, seen)


def the_way(closing: Closing, now_s: float, *, shut: bool, seen: bool = True) -> float:
    grid, free = a_passage(shut=shut, seen=seen)
    costmap = CostmapBuilder().build(grid, Pose2(1.5, 2.5), [])
    closing.soften(now_s, costmap, free)
    return plan(costmap, (1.5, 2.5), (3.5, 2.5), 0.2).length_m


def test_a_door_that_somebody_walks_through_is_waited_for_and_one_that_stays_shut_is_not() -> None:
    closing = Closing(memory_s=2.0, cost=6.0)
    assert the_way(closing, 0.0, shut=False) < 2.5
    assert the_way(closing, 0.5, shut=True) < 2.5
    assert the_way(closing, 1.9, shut=True) < 2.5
    assert the_way(closing, 4.1, shut=True) > 4.0
    assert the_way(closing, 4.2, shut=False) < 2.5


def test_what_comes_into_view_has_not_closed() -> None:
    closing = Closing(memory_s=2.0, cost=6.0)
    the_way(closing, 0.0, shut=False, seen=False)
    assert the_way(closing, 0.5, shut=True) > 4.0


def test_what_closed_is_known_again_in_a_window_that_rolled_on() -> None:
    closing = Closing(memory_s=2.0, cost=6.0)
    the_way(closing, 0.0, shut=False)
    grid, free = a_passage(shut=True)
    rolled_on = Grid.of((0.4, -0.3), 0.05, rolled(grid.data, (-6, 8), 0))
    costmap = CostmapBuilder().build(rolled_on, Pose2(1.5, 2.5), [])
    closing.soften(0.5, costmap, free)
    opened = np.argwhere(costmap.lethal & np.isfinite(costmap.cost))
    x, y = rolled_on.frame.centres()
    assert len(opened) > 0
    assert np.all((y[opened[:, 0]] > 2.0) & (y[opened[:, 0]] < 3.0) & (np.abs(x[opened[:, 1]] - 2.5) < 0.4))
    assert np.isfinite(costmap.cost[rolled_on.frame.nearest_cell(2.5, 2.5)])
