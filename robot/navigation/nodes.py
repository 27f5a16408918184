"""The nodes of navigation: thin wiring between messages and the classes that do the work on plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import DepthMount, RoverBody
from robot.clock import NS_PER_S
from robot.frozen import FrozenFrames
from robot.geometry import Pose2
from robot.messages import CmdVel, Contacts, DepthImage, LocalMap, NavGoal, NavState, Odom, Path, People, Scan, Track
from robot.navigation.control import Limits, State
from robot.navigation.costmap import Footprint, Mover
from robot.navigation.grid import Grid
from robot.navigation.mapping import LocalMapper, MappingConfig, Mount
from robot.navigation.navigator import Goal, Navigator, PlannerConfig
from robot.navigation.odometry import DriveGeometry, OdometryConfig, ScanOdometry
from robot.navigation.poses import PoseBuffer
from robot.node import Inbox, Node, Outbox

PATH_EVERY = 4  # steps of the navigator between two paths
REPEATED = 2  # equal frames of a floor sensor: the second says nothing new


@dataclass(frozen=True)
class OdometryNodeConfig:
    """Body and filter."""

    body: RoverBody = field(default_factory=RoverBody)
    filter: OdometryConfig = field(default_factory=OdometryConfig)


class OdometryNode(Node):
    """Say where base_link is in odom, from wheels, gyro and scans."""

    inputs = (topics.WHEELS, topics.IMU, topics.SCAN)
    outputs = (topics.ODOM,)
    rate_hz = 60

    def __init__(self, config: OdometryNodeConfig, rng: Generator) -> None:
        body = config.body
        self._odometry = ScanOdometry(
            config.filter,
            DriveGeometry(body.wheels.radius, body.wheels.separation),
            Pose2(body.lidar.x, body.lidar.y),
        )

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the pose now; nothing before the wheels have spoken, marked bad while they are silent."""
        odometry = self._odometry
        for sample in inbox.new(topics.IMU):
            if sample.envelope.valid:
                odometry.gyro(sample.message.angular_velocity[2])
        wheels, scan = inbox.fresh(topics.WHEELS), inbox.fresh(topics.SCAN)
        if wheels is not None:
            odometry.wheels(wheels.left_rad, wheels.right_rad, wheels.stamp_ns)
        if scan is not None:
            odometry.scan(*_scan_values(scan), scan.stamp_ns)
        newest = inbox.stamped(topics.WHEELS)
        if newest is None:
            return Outbox()
        e = odometry.estimate
        stamp_ns = newest.message.stamp_ns
        message = Odom(
            stamp_ns=stamp_ns,
            x=e.pose.x,
            y=e.pose.y,
            yaw=e.pose.yaw,
            v=e.v,
            omega=e.omega,
            slip=e.slip,
            match=e.match,
        )
        return Outbox().put(topics.ODOM, message, valid=not inbox.stale(topics.WHEELS))


@dataclass(frozen=True)
class LocalMapNodeConfig:
    """Body and map."""

    body: RoverBody = field(default_factory=RoverBody)
    map: MappingConfig = field(default_factory=MappingConfig)
    person_seen_s: float = 0.5  # people seen within this time are kept out of the map
    person_std_m: float = 0.4  # unless their place is less sure than this


class LocalMapNode(Node):
    """Keep the rolling map of what stands around the robot."""

    inputs = (
        topics.SCAN,
        topics.DEPTH,
        topics.DEPTH_FRONT,
        topics.DEPTH_REAR,
        topics.ODOM,
        topics.PEOPLE,
        topics.CONTACTS,
    )
    outputs = (topics.LOCAL_MAP,)
    rate_hz = 10

    def __init__(self, config: LocalMapNodeConfig, rng: Generator) -> None:
        body = config.body
        self._config = config
        self._poses = PoseBuffer()
        self._depth_frozen = FrozenFrames()
        self._blind = False
        self._mapper = LocalMapper(
            config.map,
            Mount(body.lidar.x, body.lidar.y, body.lidar.z),
            _mount(body.camera),
        )
        self._floor_views = (
            (topics.DEPTH_FRONT, _mount(body.floor_front), FrozenFrames(REPEATED)),
            (topics.DEPTH_REAR, _mount(body.floor_rear), FrozenFrames(REPEATED)),
        )
        x, y = body.length / 2.0 + 0.03, body.width / 2.0 - 0.05
        self._bumpers = ((x, y), (x, 0.0), (x, -y), (-x, 0.0))
        self._cliffs = ((x, y), (x, -y), (-x, y), (-x, -y))

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the map after what came since the last step; nothing before the first odometry.

        It is marked invalid while the camera's depth is silent or stands still: what the lidar cannot see is then not
        in it. The sensors that look at the floor only add to it: while one is silent or repeats itself, new floor stays
        unseen.
        """
        odom = inbox.latest(topics.ODOM)
        if odom is None:
            return Outbox()
        pose = Pose2(odom.x, odom.y, odom.yaw)
        self._poses.append(odom.stamp_ns, pose)
        self._mapper.move_to(pose, self._people(now_ns, inbox.latest(topics.PEOPLE)))
        scan, depth = inbox.fresh(topics.SCAN), inbox.fresh(topics.DEPTH)
        if scan is not None and (taken_at := self._poses.at(scan.stamp_ns)) is not None:
            self._mapper.add_scan(*_scan_values(scan), taken_at)
        if depth is not None:
            self._blind = self._depth_frozen.see(depth.data)
        if depth is not None and not self._blind:
            self._add_depth(depth, None)
        for topic, mount, frozen in self._floor_views:
            view = inbox.fresh(topic)
            if view is not None and not frozen.see(view.data):
                self._add_depth(view, mount)
        self._mark(now_ns / NS_PER_S, pose, inbox.fresh(topics.CONTACTS))
        message = _map_message(odom.stamp_ns, self._mapper.grid(now_ns / NS_PER_S))
        return Outbox().put(topics.LOCAL_MAP, message, valid=not (self._blind or inbox.stale(topics.DEPTH)))

    def _add_depth(self, depth: DepthImage, mount: Mount | None) -> None:
        taken_at = self._poses.at(depth.stamp_ns)
        if taken_at is not None:
            lens = (depth.fx, depth.fy, depth.cx, depth.cy)
            self._mapper.add_depth(depth.data, lens, taken_at, depth.stamp_ns / NS_PER_S, mount)

    def _people(self, now_ns: int, people: People | None) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return (P, 2) places of people who were seen just now."""
        c = self._config
        tracks = () if people is None else people.tracks
        seen = [
            (t.x, t.y) for t in tracks if now_ns - t.seen_ns <= c.person_seen_s * NS_PER_S and t.std_m <= c.person_std_m
        ]
        return np.array(seen, np.float64).reshape(-1, 2)

    def _mark(self, now_s: float, pose: Pose2, contacts: Contacts | None) -> None:
        if contacts is None:
            return
        c = self._config.map
        for pressed, place in zip(contacts.bumper, self._bumpers, strict=True):
            if pressed:
                self._mapper.mark(*pose.apply(*place), now_s + c.bumper_forget_s)
        for missing, place in zip(contacts.cliff, self._cliffs, strict=True):
            if missing:
                self._mapper.mark(*pose.apply(*place), now_s + c.cliff_forget_s)


@dataclass(frozen=True)
class NavigatorNodeConfig:
    """Body and planner; `controller` is "mppi" or, as a baseline, "dwa"."""

    body: RoverBody = field(default_factory=RoverBody)
    controller: Literal["mppi", "dwa"] = "mppi"
    planner: PlannerConfig = field(default_factory=PlannerConfig)
    back_speed: float | None = None  # m/s, the fastest backwards; none: as fast as the body can
    goal_age_s: float = 1.0  # an older goal is no goal
    map_age_s: float = 0.5
    person_seen_s: float = 0.5  # tracks not seen for longer are memories: as movers they shut doors nobody stands in
    person_radius_m: float = 0.28
    person_speed: float = 1.5  # m/s; faster tracks are errors


class NavigatorNode(Node):
    """Drive to the goal around what stands and walks in the way."""

    inputs = (topics.ODOM, topics.LOCAL_MAP, topics.NAV_GOAL, topics.PEOPLE)
    outputs = (topics.CMD_VEL_WANTED, topics.NAV_PATH, topics.NAV_STATE)
    rate_hz = 20

    def __init__(self, config: NavigatorNodeConfig, rng: Generator) -> None:
        body, drive = config.body, config.body.drive
        self._config = config
        limits = Limits(
            v_min=drive.v_min if config.back_speed is None else max(drive.v_min, -config.back_speed),
            v_max=drive.v_max,
            omega_max=drive.omega_max,
            acceleration=drive.acceleration,
            braking=drive.braking,
            angular_acceleration=drive.angular_acceleration,
        )
        footprint = Footprint(body.length, body.width, config.planner.circles_per_side)
        self._navigator = Navigator(config.planner, config.controller, footprint, limits, rng)
        self._steps = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the wanted twist and the account of it; the twist is zero without fresh odometry, map and goal."""
        odom = inbox.latest(topics.ODOM)
        if odom is None:
            return Outbox()
        state = State(odom.x, odom.y, odom.yaw, odom.v, odom.omega)
        decision = self._navigator.step(
            now_ns / NS_PER_S, state, self._map(inbox), self._goal(inbox), self._movers(now_ns, inbox), odom.slip
        )
        out = Outbox().put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=now_ns, v=decision.v, omega=decision.omega))
        account = NavState(
            stamp_ns=now_ns, state=decision.doing, distance_m=decision.distance_m, recoveries=decision.recoveries
        )
        out.put(topics.NAV_STATE, account)
        if self._steps % PATH_EVERY == 0:
            out.put(topics.NAV_PATH, Path(stamp_ns=now_ns, points=decision.path))
        self._steps += 1
        return out

    def _map(self, inbox: Inbox) -> Grid | None:
        local = inbox.latest(topics.LOCAL_MAP)
        if local is None or inbox.age_s(topics.LOCAL_MAP) > self._config.map_age_s or inbox.stale(topics.ODOM):
            return None
        return Grid.of((local.origin_x, local.origin_y), local.resolution_m, local.cells)

    def _goal(self, inbox: Inbox) -> Goal | None:
        goal = inbox.latest(topics.NAV_GOAL)
        if goal is None or inbox.age_s(topics.NAV_GOAL) > self._config.goal_age_s:
            return None
        return goal_values(goal)

    def _movers(self, now_ns: int, inbox: Inbox) -> list[Mover]:
        people = inbox.latest(topics.PEOPLE)
        if people is None:
            return []
        horizon_ns = self._config.person_seen_s * NS_PER_S
        return [self._mover(track, now_ns) for track in people.tracks if now_ns - track.seen_ns <= horizon_ns]

    def _mover(self, track: Track, now_ns: int) -> Mover:
        speed = float(np.hypot(track.vx, track.vy))
        share = min(1.0, self._config.person_speed / speed) if speed > 0.0 else 0.0
        return Mover(track.x, track.y, share * track.vx, share * track.vy, self._config.person_radius_m)


def _mount(sensor: DepthMount) -> Mount:
    return Mount(sensor.x, sensor.y, sensor.z, sensor.yaw, sensor.pitch, sensor.range_max)


def goal_values(goal: NavGoal) -> Goal:
    """Return the message as the navigator takes it."""
    return Goal(
        x=goal.x,
        y=goal.y,
        yaw=goal.yaw,
        tolerance_m=goal.tolerance_m,
        max_speed=goal.max_speed,
        look_at=goal.look_at,
        separation_m=goal.separation_m,
        velocity=(goal.vx, goal.vy),
        stop=goal.mode == "stop",
    )


def _scan_values(
    scan: Scan,
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], float, float, tuple[float, float]]:
    return scan.ranges, scan.angle_min, scan.angle_increment, (scan.range_min, scan.range_max)


def _map_message(stamp_ns: int, grid: Grid) -> LocalMap:
    frame = grid.frame
    return LocalMap(
        stamp_ns=stamp_ns,
        origin_x=frame.origin_x,
        origin_y=frame.origin_y,
        resolution_m=frame.resolution_m,
        cells=grid.data,
    )
