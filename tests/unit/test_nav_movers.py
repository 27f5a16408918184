"""Movers: to and fro with pauses, seen by the lidar, and they stop before the robot instead of running into it."""

from __future__ import annotations

import numpy as np
import pytest

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from sim.movers import STOPS_M, MoverStage, point_along
from sim.scene import Scene
from worlds.schema import Mover, Room, World
from worlds.shapes import shapes_of

CAT = Mover(name="cat", path=((0.0, 1.0), (2.0, 1.0)), speed=0.5, pause=1.0)
WORLD = World(name="w", rooms=(Room(name="r", x=-2.0, y=-2.0, width=6.0, depth=6.0),), movers=(CAT,))


@pytest.mark.parametrize(
    ("seconds", "x"), [(0.0, 0.0), (2.0, 1.0), (4.0, 2.0), (4.9, 2.0), (6.0, 1.5), (9.0, 0.0), (9.9, 0.0), (11.0, 0.5)]
)
def test_it_walks_its_line_and_back(seconds: float, x: float) -> None:
    assert point_along(CAT, seconds * CAT.speed) == pytest.approx((x, 1.0))


def test_the_lidar_sees_it_where_it_is_and_it_waits_before_the_robot() -> None:
    scene = Scene(shapes_of(WORLD), movers=1, visible=False)
    try:
        stage, robot = MoverStage(scene, WORLD.movers, RoverBody()), Pose2(1.0, 1.0, 0.0)
        for _ in range(600):
            stage.step(1.0 / 60.0, robot)
        x = scene.rays.center[-1][0]
        assert 0.5 < x < 1.0 - RoverBody().length / 2.0
        gap = 1.0 - RoverBody().length / 2.0 - CAT.radius - x
        assert gap == pytest.approx(STOPS_M, abs=0.02)
        free, row = scene.rays.rays(np.array([[-1.0, 1.0, 0.18]]), np.array([[1.0, 1.0, 0.18]]))
        assert row[0] == len(scene.rays.kind) - 1
        assert -1.0 + 2.0 * free[0] == pytest.approx(x - CAT.radius, abs=0.01)
        for _ in range(120):
            stage.step(1.0 / 60.0, Pose2(1.0, -1.0, 0.0))
        assert scene.rays.center[-1][0] > x + 0.5
    finally:
        scene.close()
