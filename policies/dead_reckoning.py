"""Drives a base that has no sensors by what it is told: so far, so much round, stop. By speed and time, and slowly.

Nothing here knows where the robot is or what stands before it; a person watches, and `stop` ends everything at once.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from numpy.random import Generator

from robot import topics
from robot.clock import NS_PER_S
from robot.messages import CmdVel, Command, CommandStep, Reply
from robot.node import Inbox, Node, Outbox

SIDES = {"left": 1.0, "right": -1.0}
ABLE = frozenset({"move", "turn", "stop", "cancel"})


@dataclass(frozen=True)
class DeadReckoningConfig:
    """How it drives."""

    v: float = 0.15  # m/s
    omega: float = 0.5  # rad/s
    usual_m: float = 0.3  # where nobody says how far
    usual_rad: float = math.pi / 2.0
    longest_m: float = 2.0  # of one move: more is refused
    sure: float = 0.5  # confidence below which nothing is done


@dataclass(frozen=True)
class Leg:
    """A twist for a time."""

    v: float
    omega: float
    seconds: float


class DeadReckoning(Node):
    """See the module's docstring. Frames: base_link."""

    inputs = (topics.COMMAND,)
    outputs = (topics.CMD_VEL_WANTED, topics.REPLY)
    rate_hz = 20

    def __init__(self, config: DeadReckoningConfig, rng: Generator) -> None:
        del rng
        self._config = config
        self._legs: deque[Leg] = deque()
        self._until_ns: int | None = None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Drive the leg at hand, or stand."""
        out = Outbox()
        for stamped in inbox.new(topics.COMMAND):
            if stamped.envelope.valid:
                self._take(now_ns, stamped.message, out)
        leg = self._leg(now_ns)
        v, omega = (leg.v, leg.omega) if leg else (0.0, 0.0)
        return out.put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=now_ns, v=v, omega=omega))

    def _take(self, now_ns: int, command: Command, out: Outbox) -> None:
        legs, why = self._planned(command)
        if why:
            out.put(topics.REPLY, Reply(stamp_ns=now_ns, text=why, kind="refused"))
        else:
            self._legs, self._until_ns = deque(legs), None
            out.put(topics.REPLY, Reply(stamp_ns=now_ns, text=command.reply, kind="progress"))

    def _planned(self, command: Command) -> tuple[list[Leg], str]:
        """Return the legs of a command, or why it is refused. A stop has none, and always counts."""
        names = [step.action for step in command.steps]
        if "stop" in names or "cancel" in names:
            return [], ""
        if command.refused or command.confidence < self._config.sure or not set(names) <= ABLE or not names:
            return [], command.reply if command.refused else "Without sensors I can only move, turn and stop."
        legs = [self._leg_of(step) for step in command.steps]
        if any(leg.v and leg.seconds * abs(leg.v) > self._config.longest_m for leg in legs):
            return [], f"Without sensors I go no further than {self._config.longest_m:g} m at a time."
        return legs, ""

    def _leg_of(self, step: CommandStep) -> Leg:
        config, slots = self._config, dict(step.slots)
        way, far, turn = str(slots.get("direction", "")), slots.get("distance_m"), slots.get("angle_deg")
        if step.action == "move" and way not in SIDES:
            distance = float(far) if isinstance(far, float | int) else config.usual_m
            return Leg(-config.v if way == "back" else config.v, 0.0, distance / config.v)
        angle = math.radians(float(turn)) if isinstance(turn, float | int) else config.usual_rad
        angle = math.pi if way == "around" and turn is None else angle
        return Leg(0.0, SIDES.get(way, 1.0) * config.omega, angle / config.omega)

    def _leg(self, now_ns: int) -> Leg | None:
        while self._legs:
            if self._until_ns is None:
                self._until_ns = now_ns + round(self._legs[0].seconds * NS_PER_S)
            if now_ns < self._until_ns:
                return self._legs[0]
            self._legs.popleft()
            self._until_ns = None
        return None
