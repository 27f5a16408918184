"""The stop button goes through safety: it holds whatever is asked until it is released, for wheels and for joints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from robot import messages as m
from robot import topics
from robot.messages import CmdVel, SafetyState
from robot.node import Envelope, Inbox, Message, Outbox, Stamped, Topic
from robot.rng import spawn
from robot.safety import SafetyConfig, SafetyNode, reasons
from robot.safety.joints import JointSafety, JointSafetyConfig

FREE = np.full(360, np.inf, np.float32)


class Clock:
    """Steps one node with the messages given, each said anew at every step."""

    def __init__(self, node: Any, hz: int) -> None:
        self._node, self._hz, self.steps = node, hz, 0

    def step(self, said: dict[Topic[Any], Message], asked: str = "") -> Outbox:
        """Return what the node says; `asked` is the operator's request of this step."""
        now_ns = self.steps * 1_000_000_000 // self._hz
        self.steps += 1
        messages = dict(said)
        if asked:
            messages[topics.OPERATOR] = m.OperatorRequest(stamp_ns=now_ns, action=asked)  # type: ignore[arg-type]
        stamped = {t.name: Stamped(Envelope(t.name, self.steps, now_ns, "desk"), v) for t, v in messages.items()}
        out: Outbox = self._node.step(now_ns, Inbox(now_ns, stamped, {name: [s] for name, s in stamped.items()}))
        return out


def driving() -> dict[Topic[Any], Message]:
    """Return open floor all around and the wish to drive."""
    return {
        topics.CMD_VEL_WANTED: CmdVel(stamp_ns=0, v=0.5, omega=0.0),
        topics.ODOM: m.Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0),
        topics.CONTACTS: m.Contacts(stamp_ns=0, bumper=(False,) * 4, cliff=(False,) * 4),
        topics.SCAN: m.Scan(
            stamp_ns=0, angle_min=-np.pi, angle_increment=np.pi / 180, range_min=0.1, range_max=8.0, ranges=FREE
        ),
    }


def applied(out: Outbox) -> tuple[CmdVel, SafetyState]:
    """Return the command and the account of it."""
    (_, command, _), (_, account, _) = out.items
    assert isinstance(command, CmdVel)
    assert isinstance(account, SafetyState)
    return command, account


def test_wheels_stand_from_the_push_to_the_release() -> None:
    clock = Clock(SafetyNode(SafetyConfig(), spawn(1, "safety")), 60)
    for _ in range(60):
        command, _ = applied(clock.step(driving()))
    assert command.v == pytest.approx(0.5)
    command, account = applied(clock.step(driving(), "stop"))
    for _ in range(120):
        assert (command.v, command.omega, command.brake) == (0.0, 0.0, True)
        assert account.state == "stopped"
        assert reasons.OPERATOR in account.reasons
        command, account = applied(clock.step(driving()))
    clock.step(driving(), "lock")  # a click on somebody releases nothing
    assert applied(clock.step(driving()))[0].v == 0.0
    clock.step(driving(), "release")
    for _ in range(60):
        command, account = applied(clock.step(driving()))
    assert command.v == pytest.approx(0.5)
    assert reasons.OPERATOR not in account.reasons


def test_joints_hold_from_the_push_to_the_release() -> None:
    clock = Clock(JointSafety(JointSafetyConfig(), spawn(1, "safety")), 120)
    wanted = {topics.JOINTS_WANTED: m.JointSetpoints(stamp_ns=0, positions=(0.5, 0.1, 0.1, 0.0))}

    def sent(asked: str = "") -> tuple[float, ...]:
        message = clock.step(wanted, asked).items[0][1]
        assert isinstance(message, m.JointSetpoints)
        return message.positions

    moving = [sent() for _ in range(10)]
    assert moving[-1][0] > moving[0][0]
    held = sent("stop")
    assert held == moving[-1]
    assert all(sent() == held for _ in range(50))
    sent("release")
    assert [sent() for _ in range(60)][-1] == (0.5, 0.1, 0.1, 0.0)
