"""What stands in a profile for the nodes that decide: says whatever the environment's last action was."""

from __future__ import annotations

from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.messages import CmdVel, JointSetpoints
from robot.node import Inbox, Node, Outbox

JOINTS_HZ = 120


@dataclass
class Action:
    """The newest action, shared by an environment and its node."""

    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class HandsConfig:
    """Where the action is found."""

    action: Action = field(default_factory=Action)


class Driver(Node):
    """Ask safety for the twist (m/s, rad/s) that is the action."""

    outputs = (topics.CMD_VEL_WANTED,)
    rate_hz = 20
    faces_world = True

    def __init__(self, config: HandsConfig, rng: Generator) -> None:
        self._action = config.action

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the action as a command."""
        v, omega = self._action.values
        return Outbox().put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=now_ns, v=v, omega=omega))


class Mover(Node):
    """Move the joints at the rates (rad/s) that are the action, as far as the joints go."""

    outputs = (topics.JOINTS_WANTED,)
    rate_hz = JOINTS_HZ
    faces_world = True

    def __init__(self, config: HandsConfig, rng: Generator) -> None:
        self._action = config.action
        self._servos = TabletopBody().servos
        self._positions = tuple(0.0 for _ in self._servos)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the next positions."""
        self._positions = tuple(
            min(servo.high, max(servo.low, position + rate / JOINTS_HZ))
            for position, rate, servo in zip(self._positions, self._action.values, self._servos, strict=True)
        )
        return Outbox().put(topics.JOINTS_WANTED, JointSetpoints(stamp_ns=now_ns, positions=self._positions))
