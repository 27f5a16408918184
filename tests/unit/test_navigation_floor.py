"""The floor right around the rover: its two floor sensors, as the simulator has them, in the local map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from robot import topics
from robot.bodies.rover.body import DepthMount, RoverBody
from robot.geometry import Pose2
from robot.messages import DepthImage, LocalMap, Odom
from robot.navigation.grid import Grid
from robot.navigation.mapping import FREE, OCCUPIED, UNSEEN
from robot.navigation.mapping_node import LocalMapNode, LocalMapNodeConfig
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from robot.rng import spawn
from sim.base import BaseState
from sim.raycast import RayScene
from sim.sensors.depth import DepthCamera, lens
from sim.sensors.lidar import Lidar
from worlds.shape import Shape, quaternion_from_yaw

BODY = RoverBody()
FLOOR = Shape("floor", "box", (20.0, 20.0, 0.1), (0.0, 0.0, -0.05), semantic="floor")
VIEWS = {topics.DEPTH: BODY.camera, topics.DEPTH_FRONT: BODY.floor_front, topics.DEPTH_REAR: BODY.floor_rear}
HALF = BODY.length / 2.0


class Rover:
    """A base on a floor of shapes, with the sensors that the map reads, under the mapping node."""

    def __init__(self, *shapes: Shape) -> None:
        self.rays = RayScene(shapes)
        self.node = LocalMapNode(LocalMapNodeConfig(), spawn(0, "mapping"))
        self.cameras = {topic: DepthCamera(mount, spawn(0, topic.name)) for topic, mount in VIEWS.items()}
        self.lidar = Lidar(BODY.lidar, spawn(0, "lidar"))
        self.frames = 0
        self.valid = True

    def look(self, pose: Pose2, without: Mapping[Topic[Any], Message | None] | None = None) -> Grid:
        """Take one frame of every sensor at `pose` and return the map; `without` replaces or drops some."""
        now_ns = self.frames * 100_000_000
        self.frames += 1
        c, s = math.cos(pose.yaw), math.sin(pose.yaw)
        turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
        state = BaseState(np.array([pose.x, pose.y, 0.0]), turn, pose.yaw, np.zeros(3), np.zeros(3), 0.0, 0.0)
        messages: dict[Topic[Any], Message | None] = {
            topic: camera.cast(now_ns, state, self.rays, camera.full) for topic, camera in self.cameras.items()
        }
        messages[topics.SCAN] = self.lidar.sample(now_ns, state, self.rays)
        messages[topics.ODOM] = Odom(stamp_ns=now_ns, x=pose.x, y=pose.y, yaw=pose.yaw, v=0.0, omega=0.0)
        messages |= without or {}
        stamped = {
            t.name: Stamped(Envelope(t.name, 0, now_ns, "test"), m) for t, m in messages.items() if m is not None
        }
        out = self.node.step(now_ns, Inbox(now_ns, stamped, {name: [m] for name, m in stamped.items()}))
        _, local, self.valid = out.items[0]
        assert isinstance(local, LocalMap)
        return Grid.of((local.origin_x, local.origin_y), local.resolution_m, local.cells)


def cells_in(grid: Grid, x: tuple[float, float], y: tuple[float, float]) -> Any:
    """Return the cells whose middles lie in the rectangle (m)."""
    xs, ys = grid.frame.centres()
    return grid.data[np.ix_((ys > y[0]) & (ys < y[1]), (xs > x[0]) & (xs < x[1]))]


@pytest.mark.parametrize("mount", [BODY.floor_front, BODY.floor_rear])
def test_floor_sensors_look_past_the_chassis_and_not_at_it(mount: DepthMount) -> None:
    camera = lens(mount)
    down = math.tan(mount.pitch + math.atan((camera.height - 1 - camera.cy) / camera.fy))  # of the lowest row
    to_edge = HALF - mount.x * math.cos(mount.yaw)
    assert mount.z - to_edge * down > BODY.chassis_height
    assert mount.z / down - to_edge < 0.15  # m before the edge the floor comes into view


def test_one_look_shows_the_floor_before_and_behind() -> None:
    grid = Rover(FLOOR).look(Pose2())
    assert (cells_in(grid, (-1.0, -HALF - 0.14), (-0.25, 0.25)) == FREE).all()
    assert (cells_in(grid, (HALF + 0.09, 1.0), (-0.2, 0.2)) == FREE).all()
    assert (cells_in(grid, (-0.1, 0.1), (0.6, 1.0)) == UNSEEN).all()  # beside it nothing looks


@pytest.mark.parametrize("yaw", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("edge", [0.04, 0.05, 0.07])
def test_a_toy_block_behind_is_in_the_map_before_the_robot_backs_into_it(edge: float, yaw: float) -> None:
    block = Shape(
        "block", "box", (edge, edge, edge), (-1.6, 0.12, edge / 2), quaternion_from_yaw(yaw), semantic="clutter"
    )
    rover = Rover(FLOOR, block)
    for x in np.arange(0.0, -1.05, -0.08):  # 0.8 m/s
        grid = rover.look(Pose2(float(x), 0.0))
        found = bool((cells_in(grid, (-1.7, -1.5), (0.02, 0.22)) == OCCUPIED).any())
        if x - HALF + 1.6 - edge < 0.5:  # m to go: braking from 0.8 m/s takes 0.3
            assert found, f"not in the map from {x}"
    for _ in range(20):  # and it stays
        grid = rover.look(Pose2(-1.05, 0.0))
        assert (cells_in(grid, (-1.7, -1.5), (0.02, 0.22)) == OCCUPIED).any()
    assert (cells_in(grid, (-2.2, -0.9), (-0.5, -0.1)) != OCCUPIED).all()


def test_a_toy_block_before_the_bumper_is_seen_after_a_turn() -> None:
    block = Shape("block", "box", (0.05, 0.05, 0.05), (0.55, 0.1, 0.025), semantic="clutter")
    rover = Rover(FLOOR, block)
    for yaw in np.linspace(math.pi / 2, 0.0, 12):
        grid = rover.look(Pose2(0.0, 0.0, float(yaw)))
    assert (cells_in(grid, (0.48, 0.62), (0.03, 0.17)) == OCCUPIED).any()


def test_a_step_down_behind_is_an_obstacle_at_its_edge() -> None:
    upper = Shape("upper", "box", (10.0, 10.0, 0.1), (4.0, 0.0, -0.05), semantic="floor")  # ends at x = -1
    lower = Shape("lower", "box", (10.0, 10.0, 0.1), (-4.0, 0.0, -0.20), semantic="floor")
    rover = Rover(upper, lower)
    for x in np.arange(0.2, -0.25, -0.08):
        grid = rover.look(Pose2(float(x), 0.0))
    edge = cells_in(grid, (-1.15, -0.95), (-0.25, 0.25)) == OCCUPIED
    assert edge.any(axis=1).all()  # no gap along it
    assert (cells_in(grid, (-0.9, -HALF - 0.4), (-0.25, 0.25)) == FREE).all()


def test_people_and_furniture_behind_are_seen_at_every_height() -> None:
    table = Shape("table", "box", (0.8, 1.6, 0.04), (-1.3, 0.0, 0.72))
    rover = Rover(FLOOR, table)
    for _ in range(6):
        grid = rover.look(Pose2())
    assert (cells_in(grid, (-1.0, -0.85), (-0.2, 0.2)) == OCCUPIED).any()


def test_a_floor_sensor_that_hangs_or_dies_shows_no_floor_and_stops_nothing() -> None:
    rover = Rover(FLOOR)
    rover.look(Pose2())
    hanging = DepthCamera(BODY.floor_rear, spawn(0, "hanging"))
    state = BaseState(np.zeros(3), np.eye(3), 0.0, np.zeros(3), np.zeros(3), 0.0, 0.0)
    last = hanging.cast(0, state, rover.rays, hanging.full)
    rover.look(Pose2(), {topics.DEPTH_REAR: last})
    for i, yaw in enumerate(np.linspace(0.0, math.pi / 2, 16)):
        now_ns = rover.frames * 100_000_000
        again = None if i > 8 else DepthImage(stamp_ns=now_ns, data=last.data, fx=last.fx, fy=last.fy, cx=24, cy=17)
        grid = rover.look(Pose2(0.0, 0.0, float(yaw)), {topics.DEPTH_REAR: again})
        assert rover.valid
    assert (cells_in(grid, (-0.2, 0.2), (-1.0, -0.6)) == UNSEEN).all()  # behind it now
    seeing = Rover(FLOOR)
    for yaw in np.linspace(0.0, math.pi / 2, 16):
        grid = seeing.look(Pose2(0.0, 0.0, float(yaw)))
    assert (cells_in(grid, (-0.2, 0.2), (-1.0, -0.6)) == FREE).all()


def test_a_bright_window_that_blinds_a_floor_sensor_shows_no_floor() -> None:
    rover = Rover(FLOOR)
    nothing = DepthImage(stamp_ns=0, data=np.zeros((36, 48), np.uint16), fx=28.5, fy=28.5, cx=24.0, cy=17.0)
    grid = rover.look(Pose2(), {topics.DEPTH_REAR: nothing})
    assert rover.valid
    assert (cells_in(grid, (-1.2, -0.5), (-0.3, 0.3)) == UNSEEN).all()
