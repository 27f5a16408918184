"""The local map as a node: scans, depth, people and touches in, the rolling map out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import DepthMount, RoverBody
from robot.bounds import AtLeastZero
from robot.clock import NS_PER_S
from robot.frozen import FrozenFrames
from robot.geometry import Pose2
from robot.messages import Contacts, DepthImage, LocalMap, People
from robot.navigation.grid import Grid
from robot.navigation.mapping import LocalMapper, MappingConfig, Mount
from robot.navigation.poses import PoseBuffer
from robot.navigation.scans import scan_values
from robot.node import Inbox, Node, Outbox

REPEATED = 2  # equal frames of a floor sensor: the second says nothing new


@dataclass(frozen=True)
class LocalMapNodeConfig:
    """Body and map."""

    body: RoverBody = field(default_factory=RoverBody)
    map: MappingConfig = field(default_factory=MappingConfig)
    person_seen_s: AtLeastZero = 0.5  # people seen within this time are kept out of the map
    person_std_m: AtLeastZero = 0.4  # unless their place is less sure than this


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
            self._mapper.add_scan(*scan_values(scan), taken_at)
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


def _mount(sensor: DepthMount) -> Mount:
    return Mount(sensor.x, sensor.y, sensor.z, sensor.yaw, sensor.pitch, sensor.range_max)


def _map_message(stamp_ns: int, grid: Grid) -> LocalMap:
    frame = grid.frame
    return LocalMap(
        stamp_ns=stamp_ns,
        origin_x=frame.origin_x,
        origin_y=frame.origin_y,
        resolution_m=frame.resolution_m,
        cells=grid.data,
    )
