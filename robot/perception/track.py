"""The track node: sightings and legs in, people over time and the lock out. Wiring only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.bounds import AtLeastZero
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle
from robot.messages import Odom, People, Scan, Sightings, Track
from robot.node import Inbox, Node, Outbox
from robot.perception.leg_walkers import LegWalkerConfig, LegWalkers
from robot.perception.legs import LegConfig, LegFinder, points_of
from robot.perception.lock import LockConfig, LockKeeper
from robot.perception.observation import Observation, View, is_sane
from robot.perception.tracker import Tracker, TrackerConfig

POSE_HISTORY_S = 1.5  # the oldest sighting that can still be placed
SCAN_FRESH_S = 0.3  # an older scan says nothing of what hides whom


@dataclass(frozen=True)
class PeopleConfig:
    """Settings of the track node."""

    tracker: TrackerConfig = field(default_factory=TrackerConfig)
    lock: LockConfig = field(default_factory=LockConfig)
    legs: LegConfig = field(default_factory=LegConfig)
    walkers: LegWalkerConfig = field(default_factory=LegWalkerConfig)
    legs_apart_m: AtLeastZero = 0.6  # legs this near to a tracked person are theirs
    use_legs: bool = True


class PoseHistory:
    """Poses of base_link in odom over the last moments, by stamp."""

    def __init__(self) -> None:
        self._poses: deque[tuple[int, Pose2]] = deque()

    def add(self, odom: Odom) -> None:
        """Remember a pose newer than those before."""
        if self._poses and odom.stamp_ns <= self._poses[-1][0]:
            return
        self._poses.append((odom.stamp_ns, Pose2(odom.x, odom.y, odom.yaw)))
        while self._poses[-1][0] - self._poses[0][0] > POSE_HISTORY_S * NS_PER_S:
            self._poses.popleft()

    def at(self, stamp_ns: int) -> Pose2 | None:
        """Return the pose at `stamp_ns`, interpolated; the end pose within one period of it; None out of reach."""
        before = after = None
        for row in self._poses:
            if row[0] <= stamp_ns:
                before = row
            elif after is None:
                after = row
        if before is None or after is None:
            only = before or after
            near = only is not None and abs(only[0] - stamp_ns) < 0.15 * NS_PER_S
            return only[1] if only is not None and near else None
        share = (stamp_ns - before[0]) / (after[0] - before[0])
        a, b = before[1], after[1]
        yaw = wrap_angle(a.yaw + share * wrap_angle(b.yaw - a.yaw))
        return Pose2(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y), yaw)


class PeopleTracker(Node):
    """People over time, and the lock on one of them. Frames: odom."""

    inputs = (topics.SIGHTINGS, topics.SCAN, topics.ODOM, topics.LOCK_REQUEST, topics.OPERATOR)
    outputs = (topics.PEOPLE, topics.LOCK)
    rate_hz = 20

    def __init__(self, config: PeopleConfig, rng: Generator) -> None:
        del rng  # nothing here is left to chance
        self._config = config
        self._tracker = Tracker(config.tracker)
        self._lock = LockKeeper(config.lock)
        self._legs = LegFinder(config.legs)
        self._walkers = LegWalkers(config.walkers)
        self._poses = PoseHistory()
        mount = RoverBody().lidar
        self._lidar = Pose2(mount.x, mount.y, 0.0)
        self._view: View | None = None
        self._scan: tuple[int, NDArray[np.float64], NDArray[np.float64]] | None = None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Take in what came since the last step and tell where everyone is now."""
        odom = inbox.fresh(topics.ODOM)
        if odom is not None:
            self._poses.add(odom)
        for request in inbox.new(topics.LOCK_REQUEST):
            if request.envelope.valid:
                self._lock.request(request.message.mode, request.message.id)
        for asked in inbox.new(topics.OPERATOR):
            if asked.message.action in ("lock", "unlock"):
                self._lock.request("id" if asked.message.action == "lock" else "release", asked.message.id)
        scan = inbox.fresh(topics.SCAN)
        if scan is not None:
            self._take_scan(scan)
        for stamped in inbox.new(topics.SIGHTINGS):
            if stamped.envelope.valid:
                self._take_sightings(stamped.message)
        people = People(stamp_ns=now_ns, tracks=tuple(self._told(now_ns)))
        lock = self._lock.message(now_ns, self._tracker)
        return Outbox().put(topics.PEOPLE, people).put(topics.LOCK, lock)

    def _take_scan(self, scan: Scan) -> None:
        robot = self._poses.at(scan.stamp_ns)
        if robot is None:
            return
        points, _ = points_of(scan, self._lidar)
        ranges = np.hypot(points[:, 0], points[:, 1])
        self._scan = (scan.stamp_ns, np.arctan2(points[:, 1], points[:, 0]), ranges)
        if self._config.use_legs:
            self._take_legs(scan, robot)

    def _take_legs(self, scan: Scan, robot: Pose2) -> None:
        sensor, tracker = robot * self._lidar, self._tracker
        legs = self._legs.find(scan, sensor, [t.position for t in tracker.tracks])
        tracker.walk(scan.stamp_ns, legs, (robot.x, robot.y), self._view)
        known = [t.position for t in tracker.tracks]
        walking = self._walkers.see(scan.stamp_ns, legs, (sensor.x, sensor.y), known, self._config.legs_apart_m)
        tracker.hear(scan.stamp_ns, walking)

    def _take_sightings(self, sightings: Sightings) -> None:
        robot = self._poses.at(sightings.stamp_ns)
        if robot is None:
            return
        seen = [Observation.of(person, robot) for person in sightings.people if is_sane(person)]
        self._view = self._view_of(sightings, robot)
        pairs = self._tracker.sight(sightings.stamp_ns, seen, self._view)
        self._lock.see(sightings.stamp_ns, robot, self._tracker, pairs)

    def _view_of(self, sightings: Sightings, robot: Pose2) -> View:
        """Return what the frame covered, less what the newest scan says was hidden."""
        if self._scan is None or abs(self._scan[0] - sightings.stamp_ns) > SCAN_FRESH_S * NS_PER_S:
            return View(robot, sightings.half_fov, sightings.range_m)
        _, angles, ranges = self._scan
        return View(robot, sightings.half_fov, sightings.range_m, angles, ranges)

    def _told(self, now_ns: int) -> list[Track]:
        rows = []
        for track in self._tracker.confirmed:
            x, y = track.filter.ahead(max(0.0, (now_ns - track.t_ns) / NS_PER_S))
            vx, vy = track.filter.velocity
            row = Track(
                id=track.id, x=x, y=y, vx=vx, vy=vy, std_m=track.filter.std_m, height_m=track.height_m,
                facing=track.facing, seen_ns=track.seen_ns, score=min(1.0, track.score),
            )  # fmt: skip
            rows.append(row)
        return rows
