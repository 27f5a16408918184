"""A rover without sensors: what it is told, what its safety lets through, and what its wheels are asked."""

from __future__ import annotations

import math

import pytest

from firmware_bridge.wheels import SPEED_MAX, Wheels, from_board, to_board
from policies.dead_reckoning import DeadReckoning, DeadReckoningConfig
from robot import topics
from robot.messages import CmdVel, Command, CommandStep, OperatorRequest, Reply, SafetyState
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from robot.rng import spawn
from robot.safety.unseeing import UnseeingSafety, UnseeingSafetyConfig

TICK_NS = 50_000_000


def inbox(now_ns: int, *new: Message, since_ns: int = 0, valid: bool = True, absent: tuple[str, ...] = ()) -> Inbox:
    """An inbox in which these came `since_ns` ago."""
    names = {CmdVel: topics.CMD_VEL_WANTED, Command: topics.COMMAND, OperatorRequest: topics.OPERATOR}
    found = {
        names[type(message)].name: Stamped(
            Envelope(names[type(message)].name, 0, now_ns - since_ns, "test", valid), message
        )
        for message in new
    }
    return Inbox(now_ns, found, {name: [stamped] for name, stamped in found.items()}, absent)


def said(node: DeadReckoning | UnseeingSafety, box: Inbox, topic: Topic) -> Message | None:
    return next((message for found, message, _ in node.step(box.now_ns, box).items if found is topic), None)


def command(*steps: CommandStep, confidence: float = 0.9, refused: str = "") -> Command:
    return Command(stamp_ns=0, text="", steps=steps, confidence=confidence, refused=refused, reply="words")


def move(way: str, distance_m: float) -> CommandStep:
    return CommandStep(action="move", slots=(("direction", way), ("distance_m", distance_m)))


def driven(*steps: CommandStep) -> tuple[float, float]:
    """How far and how far round a command is driven."""
    pilot = DeadReckoning(DeadReckoningConfig(), spawn(0, "pilot"))
    way = turn = 0.0
    for n in range(600):
        twist = said(pilot, inbox(n * TICK_NS, *([command(*steps)] if n == 1 else [])), topics.CMD_VEL_WANTED)
        assert isinstance(twist, CmdVel)
        way, turn = way + twist.v * TICK_NS / 1e9, turn + twist.omega * TICK_NS / 1e9
    return way, turn


@pytest.mark.parametrize(
    ("steps", "way", "turn"),
    [
        ((move("forward", 0.6),), 0.6, 0.0),
        ((move("back", 0.3),), -0.3, 0.0),
        ((CommandStep(action="move", slots=(("direction", "forward"),)),), 0.3, 0.0),
        ((CommandStep(action="turn", slots=(("direction", "left"),)),), 0.0, math.pi / 2),
        ((CommandStep(action="turn", slots=(("angle_deg", 45.0), ("direction", "right"))),), 0.0, -math.pi / 4),
        ((CommandStep(action="turn", slots=(("direction", "around"),)),), 0.0, math.pi),
        ((move("forward", 0.6), CommandStep(action="turn", slots=(("direction", "left"),))), 0.6, math.pi / 2),
    ],
)
def test_it_drives_as_far_and_as_far_round_as_it_is_told(
    steps: tuple[CommandStep, ...], way: float, turn: float
) -> None:
    assert driven(*steps) == pytest.approx((way, turn), abs=0.03)


@pytest.mark.parametrize(
    "wrong",
    [
        command(move("forward", 2.5)),
        command(CommandStep(action="go_to", slots=(("place", "kitchen"),))),
        command(move("forward", 0.5), CommandStep(action="go_to", slots=(("place", "kitchen"),))),
        command(move("forward", 0.5), confidence=0.2),
        command(move("forward", 0.5), refused="harm"),
        command(),
    ],
)
def test_what_it_cannot_do_it_says_and_stands(wrong: Command) -> None:
    pilot = DeadReckoning(DeadReckoningConfig(), spawn(0, "pilot"))
    reply = said(pilot, inbox(TICK_NS, wrong), topics.REPLY)
    assert isinstance(reply, Reply)
    assert reply.kind == "refused"
    assert reply.text
    twist = said(pilot, inbox(2 * TICK_NS), topics.CMD_VEL_WANTED)
    assert isinstance(twist, CmdVel)
    assert (twist.v, twist.omega) == (0.0, 0.0)


def test_a_stop_ends_everything_however_unsure_it_was_heard() -> None:
    pilot = DeadReckoning(DeadReckoningConfig(), spawn(0, "pilot"))
    pilot.step(TICK_NS, inbox(TICK_NS, command(move("forward", 2.0))))
    going = said(pilot, inbox(2 * TICK_NS), topics.CMD_VEL_WANTED)
    stop = command(CommandStep(action="stop"), confidence=0.1)
    stopped = said(pilot, inbox(3 * TICK_NS, stop), topics.CMD_VEL_WANTED)
    assert isinstance(going, CmdVel)
    assert isinstance(stopped, CmdVel)
    assert going.v > 0.0
    assert stopped.v == 0.0


def safety() -> UnseeingSafety:
    return UnseeingSafety(UnseeingSafetyConfig(), spawn(0, "safety"))


def account(node: UnseeingSafety, box: Inbox) -> SafetyState:
    state = said(node, box, topics.SAFETY)
    assert isinstance(state, SafetyState)
    return state


def test_safety_slows_everything_and_says_that_it_sees_nothing() -> None:
    node = safety()
    for n in range(120):
        state = account(node, inbox(n * TICK_NS, CmdVel(stamp_ns=0, v=1.0, omega=-2.0)))
    assert (state.applied_v, state.applied_omega) == pytest.approx((0.2, -0.6))
    assert state.state == "slowed"
    assert state.reasons == ("over limit", "no sensors")
    gentle = account(safety(), inbox(0, CmdVel(stamp_ns=0, v=0.0, omega=0.0)))
    assert (gentle.state, gentle.reasons) == ("ok", ("no sensors",))


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (inbox(10**10), "stale command"),
        (inbox(10**10, CmdVel(stamp_ns=0, v=0.1, omega=0.0), since_ns=400_000_000), "stale command"),
        (inbox(10**10, CmdVel(stamp_ns=0, v=math.nan, omega=0.0)), "bad command"),
        (inbox(10**10, CmdVel(stamp_ns=0, v=0.1, omega=math.inf)), "bad command"),
        (inbox(10**10, CmdVel(stamp_ns=0, v=0.1, omega=0.0), valid=False), "invalid command"),
        (inbox(10**10, CmdVel(stamp_ns=0, v=0.1, omega=0.0), absent=("pilot",)), "node down"),
        (
            inbox(10**10, CmdVel(stamp_ns=0, v=0.1, omega=0.0), OperatorRequest(stamp_ns=0, action="stop")),
            "stopped by hand",
        ),
    ],
)
def test_safety_stops_for_whatever_is_wrong(box: Inbox, reason: str) -> None:
    node = safety()
    for n in range(60):
        account(node, inbox(n * TICK_NS, CmdVel(stamp_ns=0, v=0.1, omega=0.1)))
    state = account(node, box)
    assert (state.applied_v, state.applied_omega, state.state) == (0.0, 0.0, "stopped")
    assert reason in state.reasons


def test_wheels_turn_for_every_twist_and_no_faster_than_they_may() -> None:
    wheels = Wheels()
    assert wheels.speeds(0.8, 0.0) == pytest.approx((10.0, 10.0))
    assert wheels.speeds(0.0, 1.0) == pytest.approx((-2.125, 2.125))
    left, right = wheels.speeds(3.0, 4.0)
    assert right == pytest.approx(SPEED_MAX)
    assert left / right == pytest.approx((3.0 - 4.0 * 0.17) / (3.0 + 4.0 * 0.17))  # the same curve, slower
    assert from_board(to_board((5.0, -7.0))) == pytest.approx((5.0, -7.0))
    assert math.isnan(from_board((math.nan,))[0])
