"""The nodes of navigation: wired to each other they drive to a goal; without what they need they stand still."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from robot import topics
from robot.messages import CmdVel, Costs, DepthImage, Imu, LocalMap, NavGoal, NavState, Odom, Rollouts, Scan, WheelState
from robot.navigation.control import Limits, State
from robot.navigation.mapping_node import LocalMapNode, LocalMapNodeConfig
from robot.navigation.motion_kernels import advance
from robot.navigation.navigator_node import NavigatorNode, NavigatorNodeConfig
from robot.navigation.odometry_node import OdometryNode, OdometryNodeConfig
from robot.node import Envelope, Inbox, Message, Node, Outbox, Stamped, Topic
from robot.rng import spawn

TICK_S = 1.0 / 60.0


def inbox(now_s: float, messages: Mapping[Topic[Any], Message], age_s: float = 0.0, valid: bool = True) -> Inbox:
    now_ns = round(now_s * 1e9)
    stamped = {
        topic.name: Stamped(Envelope(topic.name, 0, now_ns - round(age_s * 1e9), "test", valid), message)
        for topic, message in messages.items()
    }
    return Inbox(now_ns, stamped, {name: [s] for name, s in stamped.items()})


def found(out: Outbox, topic: Topic[Any]) -> Any:
    return next((message for t, message, _ in out.items if t is topic), None)


def square_room(x: float, y: float, yaw: float, half: float = 3.0) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the ranges that a lidar at (x, y) sees in a square room about the origin."""
    angles = yaw - math.pi + np.arange(360) * math.pi / 180
    c, s = np.cos(angles), np.sin(angles)
    c, s = np.where(c == 0.0, 1e-12, c), np.where(s == 0.0, 1e-12, s)
    t = np.minimum((np.sign(c) * half - x) / c, (np.sign(s) * half - y) / s)
    ranges: np.ndarray[Any, np.dtype[np.float32]] = t.astype(np.float32)
    return ranges


class Bench:
    """A base in a square room under the three nodes."""

    def __init__(self, config: NavigatorNodeConfig = NavigatorNodeConfig()) -> None:  # noqa: B008  # frozen
        self.odometry = OdometryNode(OdometryNodeConfig(), spawn(0, "odometry"))
        self.mapping = LocalMapNode(LocalMapNodeConfig(), spawn(0, "mapping"))
        self.navigator = NavigatorNode(config, spawn(0, "navigator"))
        self.state = State(0.0, 0.0, 0.0, 0.0, 0.0)
        self.wheels = [0.0, 0.0]
        self.latest: dict[Topic[Any], Message] = {}
        self.command = CmdVel(stamp_ns=0, v=0.0, omega=0.0)

    def run(self, seconds: float, goal: NavGoal) -> None:
        for tick in range(round(seconds / TICK_S)):
            now_s = tick * TICK_S
            self.sense(tick, round(now_s * 1e9))
            fresh = {t: m for t, m in self.latest.items() if t is not topics.SCAN or tick % 6 == 0}
            self.step(self.odometry, now_s, fresh)
            if tick % 6 == 1:
                self.step(self.mapping, now_s, self.latest)
            if tick % 3 == 2:
                self.step(self.navigator, now_s, {**self.latest, topics.NAV_GOAL: goal})
            self.move()

    def step(self, node: Node, now_s: float, messages: Mapping[Topic[Any], Message]) -> None:
        mine = {topic: m for topic, m in messages.items() if topic in node.inputs}
        for topic, message, valid in node.step(round(now_s * 1e9), inbox(now_s, mine)).items:
            assert valid
            self.latest[topic] = message

    def sense(self, tick: int, now_ns: int) -> None:
        s = self.state
        rate = (0.0, 0.0, s.omega)
        self.latest[topics.IMU] = Imu(stamp_ns=now_ns, angular_velocity=rate, linear_acceleration=(0.0, 0.0, 9.81))
        self.latest[topics.WHEELS] = WheelState(stamp_ns=now_ns, left_rad=self.wheels[0], right_rad=self.wheels[1])
        if tick % 6 == 0:
            depth = np.zeros((120, 160), np.uint16)  # no returns: an empty room without a floor
            depth[0, 0] = 7000 + tick % 100  # beyond the map, never the same twice: the camera is alive
            self.latest[topics.DEPTH] = DepthImage(stamp_ns=now_ns, data=depth, fx=114.0, fy=114.0, cx=80.0, cy=59.0)
            lidar = s.x + 0.12 * math.cos(s.yaw), s.y + 0.12 * math.sin(s.yaw)
            self.latest[topics.SCAN] = Scan(
                stamp_ns=now_ns,
                angle_min=-math.pi,
                angle_increment=math.pi / 180,
                range_min=0.1,
                range_max=8.0,
                ranges=square_room(*lidar, s.yaw),
            )

    def move(self) -> None:
        wanted = self.latest.get(topics.CMD_VEL_WANTED)
        v, omega = (wanted.v, wanted.omega) if isinstance(wanted, CmdVel) else (0.0, 0.0)
        self.state = State(*advance(self.state, v, omega, 1.0, Limits(), TICK_S))
        for i, side in enumerate((-1, 1)):
            self.wheels[i] += (self.state.v + side * self.state.omega * 0.17) * TICK_S / 0.08


def test_the_three_nodes_drive_to_a_goal_and_stop_there() -> None:
    bench = Bench()
    bench.run(12.0, NavGoal(stamp_ns=0, mode="go", x=-1.5, y=1.0, yaw=0.0))
    state, odom = bench.latest[topics.NAV_STATE], bench.latest[topics.ODOM]
    assert isinstance(state, NavState)
    assert isinstance(odom, Odom)
    assert state.state == "arrived"
    assert math.hypot(bench.state.x + 1.5, bench.state.y - 1.0) < 0.25
    assert abs(bench.state.v) < 0.01
    assert abs(math.remainder(bench.state.yaw, 2 * math.pi)) < 0.15
    assert math.hypot(odom.x - bench.state.x, odom.y - bench.state.y) < 0.03


def test_showing_what_is_considered_changes_nothing_of_what_is_done() -> None:
    goal = NavGoal(stamp_ns=0, mode="go", x=2.0, y=1.0)
    plain, shows = Bench(), Bench(NavigatorNodeConfig(shows=12))
    for bench in (plain, shows):
        bench.run(2.0, goal)
    assert shows.state == plain.state
    assert topics.NAV_ROLLOUTS not in plain.latest
    ways, odom, costs = (shows.latest[t] for t in (topics.NAV_ROLLOUTS, topics.ODOM, topics.NAV_COSTS))
    assert isinstance(ways, Rollouts)
    assert isinstance(odom, Odom)
    assert isinstance(costs, Costs)
    assert ways.tried.shape == (12, *ways.chosen.shape)
    starts = np.concatenate([ways.tried[:, 0], ways.chosen[:1]])
    assert np.allclose(starts, starts[0])
    assert np.hypot(*(starts[0] - (odom.x, odom.y))) < 0.25  # a path's period ago
    left = [math.dist(way[-1], (goal.x, goal.y)) for way in (ways.chosen, *ways.tried)]
    assert left[0] < sum(left[1:]) / 12  # the choice leads nearer than most of what was tried
    wall = int((3.0 - costs.origin_x) / costs.resolution_m), int((0.0 - costs.origin_y) / costs.resolution_m)
    assert costs.cells[wall[1], wall[0]] == 255
    here = int((odom.x - costs.origin_x) / costs.resolution_m), int((odom.y - costs.origin_y) / costs.resolution_m)
    assert costs.cells[here[1], here[0]] < 50
    bench = Bench(NavigatorNodeConfig(shows=12))
    bench.run(0.5, NavGoal(stamp_ns=0, mode="stop"))
    assert bench.latest[topics.NAV_ROLLOUTS].chosen.shape == (0, 2)  # type: ignore[attr-defined]


def local_map() -> LocalMap:
    cells = np.zeros((160, 160), np.uint8)
    return LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)


ODOM_AT_REST = Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0)
AHEAD = NavGoal(stamp_ns=0, mode="go", x=2.0, y=0.0)


@pytest.mark.parametrize("missing", [topics.LOCAL_MAP, topics.NAV_GOAL])
def test_navigator_stands_still_without_map_or_goal(missing: Topic[Any]) -> None:
    messages: dict[Topic[Any], Message] = {
        topics.ODOM: ODOM_AT_REST,
        topics.LOCAL_MAP: local_map(),
        topics.NAV_GOAL: AHEAD,
    }
    drives = NavigatorNode(NavigatorNodeConfig(), spawn(0, "n")).step(10**9, inbox(1.0, messages))
    assert found(drives, topics.CMD_VEL_WANTED).v > 0.0
    del messages[missing]
    stands = NavigatorNode(NavigatorNodeConfig(), spawn(0, "n")).step(10**9, inbox(1.0, messages))
    command = found(stands, topics.CMD_VEL_WANTED)
    assert (command.v, command.omega) == (0.0, 0.0)


def test_navigator_stands_still_when_what_it_knows_is_old_or_marked_bad() -> None:
    messages: dict[Topic[Any], Message] = {
        topics.ODOM: ODOM_AT_REST,
        topics.LOCAL_MAP: local_map(),
        topics.NAV_GOAL: AHEAD,
    }
    old = NavigatorNode(NavigatorNodeConfig(), spawn(0, "n")).step(10**9, inbox(1.0, messages, age_s=0.9))
    assert found(old, topics.CMD_VEL_WANTED).v == 0.0
    bad = NavigatorNode(NavigatorNodeConfig(), spawn(0, "n")).step(10**9, inbox(1.0, messages, valid=False))
    assert bad.items == []


def test_odometry_is_marked_bad_once_the_wheels_are_silent() -> None:
    node = OdometryNode(OdometryNodeConfig(), spawn(0, "o"))
    wheels: dict[Topic[Any], Message] = {topics.WHEELS: WheelState(stamp_ns=0, left_rad=0.0, right_rad=0.0)}
    assert node.step(0, inbox(0.0, {})).items == []
    assert node.step(10**9, inbox(1.0, wheels)).items[0][2]
    assert not node.step(2 * 10**9, inbox(2.0, wheels, age_s=0.5)).items[0][2]
