"""A body wedged between things drives out of there, by arcs that come no nearer to people, and touches nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from robot.geometry import Pose2
from robot.navigation.costmap import Costmap, CostmapBuilder, Mover
from robot.navigation.navigator import Goal
from robot.navigation.way_out import way_out
from tests.unit.test_navigation_driving import FOOTPRINT, LIMITS, Box, State, World, drive, room

WEDGES = [  # heading, and the middles of two small things at opposite sides of the body
    (0.09, (0.05, 0.27), (-0.16, -0.28)),
    (2.80, (-0.18, -0.21), (0.16, 0.24)),
    (2.43, (-0.21, -0.16), (0.25, 0.15)),
]


def things(*middles: tuple[float, float]) -> list[Box]:
    return [(x - 0.03, y - 0.03, x + 0.03, y + 0.03) for x, y in middles]


def costmap(boxes: list[Box], start: State) -> Costmap:
    return CostmapBuilder(FOOTPRINT).build(World(boxes).occupancy(start.x, start.y), Pose2(*start[:3]), [])


@pytest.mark.parametrize(("yaw", "one", "other"), WEDGES)
def test_a_wedged_body_gets_out_and_arrives(yaw, one, other):
    away = yaw + 2.2
    goal = Goal(2.0 * math.cos(away), 2.0 * math.sin(away))
    world = World([*room(-3.0, -3.0, 3.0, 3.0), *things(one, other)])
    done = drive(world, State(0.0, 0.0, yaw, 0.0, 0.0), lambda t: goal, 20.0)
    assert done.decisions[-1].doing == "arrived"
    assert done.contacts == 0


def test_where_there_is_room_no_way_out_is_needed():
    start = State(0.0, 0.0, 0.0, 0.0, 0.0)
    assert way_out(start, costmap(room(-3.0, -3.0, 3.0, 3.0), start), FOOTPRINT, LIMITS, []) is None


def test_the_way_out_comes_no_nearer_to_somebody():
    start = State(0.0, 0.0, 0.0, 0.0, 0.0)
    walls = costmap(things(*((0.27, y) for y in np.linspace(-0.3, 0.3, 9))), start)
    back = way_out(start, walls, FOOTPRINT, LIMITS, [])
    assert back is not None
    assert back[0] < 0.0
    assert way_out(start, walls, FOOTPRINT, LIMITS, [Mover(-0.5, 0.0, 0.0, 0.0)]) is None
