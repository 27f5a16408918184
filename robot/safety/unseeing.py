"""The last node before the wheels of a base without sensors: slow, and stopped by whatever is wrong.

It can keep clear of nothing, and says so in every account. Where there is a lidar, `supervisor.py` is the node to run.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.bounds import AtLeastZero
from robot.messages import CmdVel, SafetyState
from robot.node import Inbox, Node, Outbox
from robot.safety import reasons as words
from robot.safety.by_hand import still_stopped
from robot.safety.limits import STILL, Twist, is_finite, ramp

RATE_HZ = 60


@dataclass(frozen=True)
class UnseeingSafetyConfig:
    """What a base may do that sees nothing."""

    body: RoverBody = field(default_factory=RoverBody)
    v_max: AtLeastZero = 0.2  # m/s, either way
    omega_max: AtLeastZero = 0.6  # rad/s
    command_age_s: AtLeastZero = 0.3


class UnseeingSafety(Node):
    """Turn the twist asked for into the twist that goes to the wheels. Frame: base_link."""

    inputs = (topics.CMD_VEL_WANTED, topics.OPERATOR)
    outputs = (topics.CMD_VEL, topics.SAFETY)
    rate_hz = RATE_HZ

    def __init__(self, config: UnseeingSafetyConfig, rng: Generator) -> None:
        del rng
        self._config = config
        self._applied = STILL
        self._stopped_by_hand = False

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the applied twist and the account of it."""
        self._stopped_by_hand = still_stopped(self._stopped_by_hand, inbox)
        command = inbox.latest(topics.CMD_VEL_WANTED)
        wanted = STILL if command is None else Twist(command.v, command.omega)
        faults = self._faults(inbox, wanted)
        wanted = wanted if is_finite(*wanted) else STILL
        slow = STILL if faults else self._slowed(wanted)
        self._applied = STILL if faults else ramp(self._applied, slow, self._config.body.drive, 1.0 / RATE_HZ)
        cut = (words.OVER_LIMIT,) if slow != wanted and not faults else ()
        return self._account(now_ns, wanted, (*faults, *cut), bool(faults))

    def _faults(self, inbox: Inbox, wanted: Twist) -> tuple[str, ...]:
        topic = topics.CMD_VEL_WANTED.name
        stamped = inbox.stamped(topics.CMD_VEL_WANTED)
        checks = (
            (words.OPERATOR, self._stopped_by_hand),
            (words.NODE_DOWN, bool(inbox.absent)),
            (words.INVALID[topic], stamped is not None and not stamped.envelope.valid),
            (words.STALE[topic], inbox.age_s(topics.CMD_VEL_WANTED) > self._config.command_age_s),
            (words.BAD_COMMAND, not is_finite(*wanted)),
        )
        return tuple(word for word, wrong in checks if wrong)

    def _slowed(self, wanted: Twist) -> Twist:
        v = min(max(wanted.v, -self._config.v_max), self._config.v_max)
        return Twist(v, min(max(wanted.omega, -self._config.omega_max), self._config.omega_max))

    def _account(self, now_ns: int, wanted: Twist, why: tuple[str, ...], brake: bool) -> Outbox:
        applied = self._applied
        state = SafetyState(
            stamp_ns=now_ns,
            state="stopped" if brake else "slowed" if why else "ok",
            reasons=(*why, words.UNSEEING),
            wanted_v=wanted.v,
            wanted_omega=wanted.omega,
            applied_v=applied.v,
            applied_omega=applied.omega,
        )
        command = CmdVel(stamp_ns=now_ns, v=applied.v, omega=applied.omega, brake=brake)
        return Outbox().put(topics.CMD_VEL, command).put(topics.SAFETY, state)
