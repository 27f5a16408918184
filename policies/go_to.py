"""The simplest job there is: drive to one point, and stay there. What benches and reproduced episodes give as goal."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from robot import topics
from robot.bounds import AtLeastZero
from robot.geometry import Pose2
from robot.messages import NavGoal, People
from robot.node import Inbox, Node, Outbox


@dataclass(frozen=True)
class GoToConfig:
    """Start and goal in map: odom begins where the robot does."""

    start: tuple[float, float, float] = (0.0, 0.0, 0.0)  # x, y (m), yaw (rad)
    goal: tuple[float, float] = (0.0, 0.0)  # m
    tolerance_m: AtLeastZero = 0.2
    max_speed: AtLeastZero = 1.0  # m/s


class GoTo(Node):
    """Ask for one place from the first pose on."""

    inputs = (topics.ODOM,)
    outputs = (topics.NAV_GOAL,)
    rate_hz = 10

    def __init__(self, config: GoToConfig, rng: Generator) -> None:
        self._config = config
        self._x, self._y = Pose2(*config.start).inverse().apply(*config.goal)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the goal in odom; nothing before the first odometry."""
        if inbox.latest(topics.ODOM) is None:
            return Outbox()
        c = self._config
        goal = NavGoal(
            stamp_ns=now_ns, mode="go", x=self._x, y=self._y, tolerance_m=c.tolerance_m, max_speed=c.max_speed
        )
        return Outbox().put(topics.NAV_GOAL, goal)


@dataclass(frozen=True)
class NobodyConfig:
    """Nothing to set."""


class Nobody(Node):
    """Say that nobody is there: stands in for the people tracker where no sensor looks for people."""

    outputs = (topics.PEOPLE,)
    rate_hz = 10

    def __init__(self, config: NobodyConfig, rng: Generator) -> None:
        pass

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return nobody."""
        return Outbox().put(topics.PEOPLE, People(stamp_ns=now_ns, tracks=()))
