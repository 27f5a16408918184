"""The last node before the servos: no setpoint leaves the joints' limits, jumps, is old, or is not a number."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import Generator

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.bounds import AtLeastZero
from robot.messages import JointSafetyState, JointSetpoints
from robot.node import Inbox, Node, Outbox
from robot.safety.by_hand import still_stopped
from robot.safety.reasons import OPERATOR

RATE_HZ = 120
REPORT_EVERY = 2  # steps


@dataclass(frozen=True)
class JointSafetyConfig:
    """Settings of the joints' safety."""

    stale_s: AtLeastZero = 0.1  # setpoints older than this hold the joints where they are
    rate_margin: AtLeastZero = 1.1  # of the servos' rates: a trajectory that keeps to them is never touched


class JointSafety(Node):
    """Lets through what the body may do."""

    inputs = (topics.JOINTS_WANTED, topics.OPERATOR)
    outputs = (topics.JOINT_SETPOINTS, topics.JOINT_SAFETY)
    rate_hz = RATE_HZ

    def __init__(self, config: JointSafetyConfig, rng: Generator) -> None:
        del rng
        self._config, self._servos = config, TabletopBody().servos
        self._sent: tuple[float, ...] = tuple(0.0 for _ in self._servos)
        self._stopped_by_hand = False
        self._steps = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Send the newest setpoints as far as they may go; the last ones again where nothing sane is asked."""
        wanted, reasons = self._judged(inbox)
        if wanted is not None:
            self._sent = tuple(self._limited(i, value, reasons) for i, value in enumerate(wanted))
        out = Outbox().put(topics.JOINT_SETPOINTS, JointSetpoints(stamp_ns=now_ns, positions=self._sent))
        if self._steps % REPORT_EVERY == 0:
            state = "holding" if wanted is None else "limited" if reasons else "ok"
            told = JointSafetyState(stamp_ns=now_ns, state=state, reasons=tuple(sorted(set(reasons))))  # type: ignore[arg-type]  # the words above
            out.put(topics.JOINT_SAFETY, told)
        self._steps += 1
        return out

    def _judged(self, inbox: Inbox) -> tuple[tuple[float, ...] | None, list[str]]:
        """Return the setpoints to consider, or None and why."""
        self._stopped_by_hand = still_stopped(self._stopped_by_hand, inbox)
        if self._stopped_by_hand:
            return None, [OPERATOR]
        asked = inbox.latest(topics.JOINTS_WANTED)
        if asked is None:
            return None, ["no setpoints"]
        if inbox.age_s(topics.JOINTS_WANTED) > self._config.stale_s:
            return None, ["stale setpoints"]
        if len(asked.positions) != len(self._servos) or not all(math.isfinite(p) for p in asked.positions):
            return None, ["not a number"]
        return asked.positions, []

    def _limited(self, index: int, value: float, reasons: list[str]) -> float:
        servo, last = self._servos[index], self._sent[index]
        step = self._config.rate_margin * servo.rate / RATE_HZ
        inside = min(servo.high, max(servo.low, value))
        gradual = min(last + step, max(last - step, inside))
        if inside != value:
            reasons.append("limit")
        if gradual != inside:
            reasons.append("rate")
        return gradual
