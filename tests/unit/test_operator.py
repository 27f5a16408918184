"""What the operator node asks of a device: power once, again after a lost session, and nothing unasked."""

from __future__ import annotations

import math

from firmware_bridge.operator import Operator, OperatorConfig
from robot import topics
from robot.messages import DeviceHealth, DeviceRequest
from robot.node import Envelope, Inbox, Stamped
from robot.rng import spawn

STEP_NS = 100_000_000


def health(state: str) -> DeviceHealth:
    return DeviceHealth(
        stamp_ns=0, state=state, faults=(), joints_at_fault=(), supply_v=math.nan, temperatures_c=(), loop_s=math.nan,
        round_trip_s=math.nan, sent=0, lost_to_device=0, lost_from_device=0, refused=0, reconnects=0,
    )  # type: ignore[arg-type]  # fmt: skip


def asked(config: OperatorConfig, *states: str) -> list[tuple[int, str]]:
    """What is asked, and at which step, while the device is in these states; empty for no word of it."""
    node, found = Operator(config, spawn(0, "operator")), []
    for n, state in enumerate(states):
        stamped = {"device/health": Stamped(Envelope("device/health", n, 0, "test"), health(state))} if state else {}
        for topic, message, _ in node.step(n * STEP_NS, Inbox(n * STEP_NS, stamped, {})).items:
            assert topic is topics.DEVICE_REQUEST
            assert isinstance(message, DeviceRequest)
            found.append((n, message.action))
    return found


def test_power_is_asked_for_once_when_the_device_is_there() -> None:
    assert asked(OperatorConfig(), "", "absent", "relaxed", "starting", "running", "running") == [(2, "enable")]


def test_what_was_relaxed_or_has_a_fault_is_left_alone() -> None:
    assert asked(OperatorConfig(), "relaxed", "running", "relaxed", "faulted", "relaxed") == [(0, "enable")]
    assert asked(OperatorConfig(), "faulted", "faulted") == []


def test_faults_are_cleared_once_and_only_where_a_person_said_so() -> None:
    said = asked(OperatorConfig(clear_faults=True), "faulted", "faulted", "relaxed", "running", "faulted")
    assert said == [(0, "clear_faults"), (2, "enable")]


def test_a_device_that_holds_for_long_is_asked_to_go_on() -> None:
    """A new session after the node was started again: the board holds until it is enabled."""
    assert asked(OperatorConfig(), "holding", "holding") == [(0, "enable")]
    states = ["relaxed", "running", *["holding"] * 6, "running"]
    assert asked(OperatorConfig(), *states) == [(0, "enable"), (6, "enable")]
    assert asked(OperatorConfig(), "relaxed", "running", "holding", "holding", "running") == [(0, "enable")]


def test_nothing_is_asked_where_nothing_shall_be() -> None:
    assert asked(OperatorConfig(enable=False), "relaxed", "holding", "faulted") == []
