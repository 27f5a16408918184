"""Privileged baselines to measure beside ours; they read ground truth.

The naive one drives straight at the person's true position, with no sense of obstacles, like the heuristic of Habitat
3.0's social navigation (Puig et al., 2023): how far knowing where the person is gets one without seeing the room. The
told one stands in for perception and leaves the rest as it is: what following would be if nobody were ever mistaken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import DriveLimits, RoverBody
from robot.bounds import AtLeastZero
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle
from robot.messages import CmdVel, Lock, People, PersonTruth, Track
from robot.node import Inbox, Node, Outbox


@dataclass(frozen=True)
class NaiveFollowerConfig:
    """Where it stops and how it turns. The limits are the body's, as for ours."""

    body: RoverBody = field(default_factory=RoverBody)
    stop_m: AtLeastZero = 1.5
    turn_gain: AtLeastZero = 3.0  # rad/s per rad
    turn_first_rad: AtLeastZero = 0.6  # facing further off than this, it turns on the spot


def straight_at(robot: Pose2, x: float, y: float, config: NaiveFollowerConfig) -> tuple[float, float]:
    """Return v (m/s) and omega (rad/s) that drive straight at (x, y) and stop `stop_m` short of it."""
    drive = config.body.drive
    bearing = robot.bearing_to(x, y)
    omega = min(max(config.turn_gain * bearing, -drive.omega_max), drive.omega_max)
    ahead = robot.distance_to(x, y) - config.stop_m
    if ahead <= 0.0 or abs(bearing) > config.turn_first_rad:
        return 0.0, omega
    return min(drive.v_max, math.sqrt(2.0 * drive.braking * ahead)), omega


def toward(last: float, wanted: float, up: float, down: float) -> float:
    """Return `wanted` as far as it may be reached from `last`, rising by `up` or falling by `down`."""
    return min(max(wanted, last - down), last + up)


class NaiveFollower(Node):
    """Drive straight at the first person of the truth. Privileged: for comparison only."""

    inputs = (topics.TRUTH,)
    outputs = (topics.CMD_VEL,)
    rate_hz = 20
    reads_truth = True

    def __init__(self, config: NaiveFollowerConfig, rng: Generator) -> None:
        self._config = config
        self._v = 0.0
        self._omega = 0.0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the twist toward the person, within the body's limits; still while there is nobody."""
        truth = inbox.latest(topics.TRUTH)
        v, omega = 0.0, 0.0
        if truth is not None and truth.people and not inbox.stale(topics.TRUTH):
            person = truth.people[0]
            v, omega = straight_at(Pose2(truth.x, truth.y, truth.yaw), person.x, person.y, self._config)
        drive: DriveLimits = self._config.body.drive
        dt_s = 1.0 / self._rate()
        self._v = toward(self._v, v, drive.acceleration * dt_s, drive.braking * dt_s)
        turn = drive.angular_acceleration * dt_s
        self._omega = toward(self._omega, omega, turn, turn)
        return Outbox().put(topics.CMD_VEL, CmdVel(stamp_ns=now_ns, v=self._v, omega=self._omega))

    def _rate(self) -> float:
        assert self.rate_hz is not None
        return self.rate_hz


@dataclass(frozen=True)
class ToldPeopleConfig:
    """How long people are remembered out of sight, s; the followed person always is."""

    memory_s: AtLeastZero = 6.0
    locked_s: AtLeastZero = 0.3  # out of sight for longer, the lock is occluded
    lost_s: AtLeastZero = 5.0  # and after this long lost


class ToldPeople(Node):
    """Tell where everybody in sight, all around, truly is; locked on the first. Privileged: for comparison only."""

    inputs = (topics.TRUTH, topics.ODOM)
    outputs = (topics.PEOPLE, topics.LOCK)
    rate_hz = 20
    reads_truth = True

    def __init__(self, config: ToldPeopleConfig, rng: Generator) -> None:
        self._config = config
        self._seen: dict[int, Track] = {}

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return everybody's place in odom as of when they were last in sight, and the lock on the first."""
        truth, odom = inbox.latest(topics.TRUTH), inbox.latest(topics.ODOM)
        if truth is not None and odom is not None:
            to_odom = Pose2(odom.x, odom.y, odom.yaw) * Pose2(truth.x, truth.y, truth.yaw).inverse()
            for i, person in enumerate(truth.people):
                if person.in_sight:
                    self._seen[i] = told(i, person, to_odom, now_ns)
        memory_ns = self._config.memory_s * NS_PER_S
        rows = tuple(t for i, t in sorted(self._seen.items()) if i == 0 or now_ns - t.seen_ns < memory_ns)
        people = People(stamp_ns=now_ns, tracks=rows)
        return Outbox().put(topics.PEOPLE, people).put(topics.LOCK, self._lock(now_ns))

    def _lock(self, now_ns: int) -> Lock:
        track = self._seen.get(0)
        if track is None:
            return Lock(stamp_ns=now_ns, state="none")
        unseen_s = (now_ns - track.seen_ns) / NS_PER_S
        locked, lost = unseen_s < self._config.locked_s, unseen_s > self._config.lost_s
        return Lock(
            stamp_ns=now_ns, state="locked" if locked else "lost" if lost else "occluded", id=0, x=track.x, y=track.y,
            vx=track.vx, vy=track.vy, std_m=track.std_m, facing=track.facing, seen_ns=track.seen_ns, confidence=1.0,
        )  # fmt: skip


def told(index: int, person: PersonTruth, to_odom: Pose2, now_ns: int) -> Track:
    """Return the track of a person of the truth, map frame, moved into odom."""
    x, y = to_odom.apply(person.x, person.y)
    yaw = wrap_angle(to_odom.yaw + person.yaw)
    return Track(
        id=index, x=x, y=y, vx=person.speed * math.cos(yaw), vy=person.speed * math.sin(yaw), std_m=0.02,
        height_m=0.0, facing=yaw, seen_ns=now_ns, score=1.0,
    )  # fmt: skip
