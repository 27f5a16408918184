"""The rover's behaviour node: commands in; goals for the base, the lock, questions, progress and an honest end out.

What a command is to what is going on is `conversation.py`'s; here is what is the rover's own about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from numpy.random import Generator

from policies.behaviour import answers, talk
from policies.behaviour.context import Context
from policies.behaviour.conversation import Conversation
from policies.behaviour.floor_plan import FloorPlan
from policies.behaviour.grounding import Spot
from policies.behaviour.job import Job
from policies.behaviour.program import Planner, able
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.unclear import Chosen, Unclear
from policies.behaviour.ways import Ways
from policies.follow.config import FollowerConfig
from policies.follow.follower import Follower
from policies.language.program import Action, Program
from robot import topics
from robot.geometry import Pose2
from robot.messages import Command, FollowState
from robot.node import Inbox, Node, Outbox

FOLLOW_MARGINS = (0.25, 0.3)  # m nearer and farther than wanted that is still well placed


@dataclass(frozen=True)
class BehaviourConfig:
    """What the robot was told of the home, and how it follows."""

    plan: FloorPlan = field(default_factory=FloorPlan)
    follower: FollowerConfig = field(default_factory=FollowerConfig)


class RoverConversation(Conversation):
    """Talk with a rover that knows a home."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context

    def steps(self, program: Program, chosen: Chosen, first: int) -> Sequence[Sequence[Leaf[Any]]]:
        """As Conversation."""
        del first  # where the done ones led to is where the next begin
        return Planner(self._context, chosen).steps(program)

    def able(self, step: Action) -> bool:
        """As Conversation."""
        return able(step)

    def answer(self, step: Action) -> str:
        """As Conversation."""
        return answers.answer(self._context, step, self.doing) or ""

    def answer_to(self, text: str, unclear: Unclear) -> Spot | None:
        """As Conversation: a place that was not known is remembered by the words that asked for it."""
        spot = talk.answer_to(text, unclear.options, self._context.situation)
        if spot is not None and unclear.words and not unclear.options:
            self._context.told[unclear.words] = spot
        return spot

    def corrected(self, text: str, step: Action, job: Job) -> talk.Corrected | None:
        """As Conversation."""
        return talk.corrected(text, step, job.program, job.at, self._context.situation)

    def left(self) -> None:
        """As Conversation: ways that were shut may be tried again."""
        self._context.ways.forgive()


class Behaviour(Node):
    """Carry out what was understood. SI units; the plan is in map, goals in odom."""

    inputs = (
        topics.COMMAND, topics.ODOM, topics.LOCK, topics.PEOPLE, topics.LOCAL_MAP, topics.NAV_STATE,
    )  # fmt: skip
    outputs = (
        topics.NAV_GOAL, topics.FOLLOW_STATE, topics.LOCK_REQUEST, topics.REPLY, topics.BEHAVIOUR, topics.LOG,
    )  # fmt: skip
    rate_hz = 10

    def __init__(self, config: BehaviourConfig, rng: Generator) -> None:
        self._config = config
        self._rng = rng
        self._context = Context(config.plan, Ways(config.plan), Follower(config.follower, rng), config.follower)
        self._conversation = RoverConversation(self._context)
        self._waiting: list[Command] = []  # what came before the first odometry

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Take in commands, go on with the program, and say what there is to say."""
        self._waiting += [s.message for s in inbox.new(topics.COMMAND) if s.envelope.valid]
        odom = inbox.latest(topics.ODOM)
        if odom is None:
            return Outbox()
        context = self._context
        pose = Pose2(odom.x, odom.y, odom.yaw)
        context.see(now_ns, inbox, pose, inbox.latest(topics.LOCK), inbox.latest(topics.PEOPLE))
        context.goal, context.follow_state, context.note = None, None, ""
        for command in self._waiting:
            self._conversation.hear(command)
        self._waiting.clear()
        self._renew_follower()
        self._conversation.go_on()
        if context.goal is None:
            context.hold()
        return self._conversation.tell(now_ns, self._wanted(now_ns))

    def _renew_follower(self) -> None:
        """Follow by the settings as they now are."""
        context = self._context
        if not context.follow_anew:
            return
        context.follow_anew = False
        base, wanted = self._config.follower, context.settings.distance_m
        context.follower_config = replace(
            base,
            standoff_m=wanted,
            nearest_m=min(base.nearest_m, wanted - FOLLOW_MARGINS[0]),
            good_from_m=wanted - FOLLOW_MARGINS[0],
            good_to_m=wanted + FOLLOW_MARGINS[1],
            max_speed=min(1.0, base.max_speed * context.settings.speed),
        )
        context.follower = Follower(context.follower_config, self._rng)

    def _wanted(self, now_ns: int) -> Outbox:
        """Return what is asked of the base and of the tracker."""
        context, out = self._context, Outbox()
        assert context.goal is not None
        out.put(topics.NAV_GOAL, context.goal)
        idle = FollowState(stamp_ns=now_ns, mode="waiting", distance_m=0.0, reason="not following")
        out.put(topics.FOLLOW_STATE, context.follow_state or idle)
        for request in context.requests:
            out.put(topics.LOCK_REQUEST, request)
        context.requests.clear()
        return out
