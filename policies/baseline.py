"""The naive baseline to measure beside ours: straight at the person's true position, with no sense of obstacles.

Privileged like the heuristic of Habitat 3.0's social navigation (Puig et al., 2023): it reads ground truth, so it never
loses anybody, and what it shows is how far knowing where the person is gets one without seeing the room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import DriveLimits, RoverBody
from robot.geometry import Pose2
from robot.messages import CmdVel
from robot.node import Inbox, Node, Outbox


@dataclass(frozen=True)
class NaiveFollowerConfig:
    """Where it stops and how it turns. The limits are the body's, as for ours."""

    body: RoverBody = field(default_factory=RoverBody)
    stop_m: float = 1.5
    turn_gain: float = 3.0  # rad/s per rad
    turn_first_rad: float = 0.6  # facing further off than this, it turns on the spot


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
