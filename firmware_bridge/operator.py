"""What the person who started a run asked of the servos, as requests: clear faults where they said so, then power.

Starting a robot is the request to power it, once. Servos that hold because their session was lost are asked for again;
servos that were relaxed stay limp until a person starts the robot anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from robot import topics
from robot.messages import DeviceHealth, DeviceRequest
from robot.node import Inbox, Node, Outbox

HELD_NS = 400_000_000  # holding for longer than this although setpoints come: the board waits to be enabled


@dataclass(frozen=True)
class OperatorConfig:
    """What was asked."""

    enable: bool = True
    clear_faults: bool = False  # the person says that what was latched is over


class Operator(Node):
    """See the module's docstring."""

    inputs = (topics.DEVICE_HEALTH,)
    outputs = (topics.DEVICE_REQUEST,)
    rate_hz = 10

    def __init__(self, config: OperatorConfig, rng: Generator) -> None:
        del rng
        self._enable = config.enable
        self._clear = config.clear_faults
        self._asked = False
        self._held_ns: int | None = None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Ask for what is due."""
        out, health = Outbox(), inbox.latest(topics.DEVICE_HEALTH)
        if health is None or health.state == "absent":
            return out
        if self._clear and health.state == "faulted":
            self._clear = False
            return _put(out, now_ns, "clear_faults")
        if self._enable and not self._asked and health.state in ("relaxed", "holding"):
            self._asked = True
            return _put(out, now_ns, "enable")
        return _put(out, now_ns, "enable") if self._kept_waiting(now_ns, health) else out

    def _kept_waiting(self, now_ns: int, health: DeviceHealth) -> bool:
        if health.state != "holding" or not self._asked:
            self._held_ns = None
            return False
        if self._held_ns is None:
            self._held_ns = now_ns
        if now_ns - self._held_ns < HELD_NS:
            return False
        self._held_ns = None
        return True


def _put(out: Outbox, now_ns: int, action: Literal["enable", "clear_faults"]) -> Outbox:
    return out.put(topics.DEVICE_REQUEST, DeviceRequest(stamp_ns=now_ns, action=action))
