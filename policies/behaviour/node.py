"""The behaviour node: commands in; goals for the base, the lock, questions, progress and an honest end out.

Each command is an answer, a correction, something to say at once, or a program; a program replaces the one before it
unless its words say "then". The constitution was asked before a command came here: what it forbids has no steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numpy.random import Generator

from policies.behaviour import answers, talk
from policies.behaviour.context import Context
from policies.behaviour.floor_plan import FloorPlan
from policies.behaviour.job import Job, begin, summary
from policies.behaviour.program import Unclear, able
from policies.behaviour.ways import Ways
from policies.follow.config import FollowerConfig
from policies.follow.follower import Follower
from policies.language.program import Action, Program
from policies.language.replies import reply
from robot import topics
from robot.geometry import Pose2
from robot.messages import BehaviourState, Command, CommandStep, FollowState, Log
from robot.node import Inbox, Node, Outbox

AT_ONCE = frozenset({"where_is", "remember", "set", "status", "help"})
ENDED = frozenset({"stop", "cancel"})
FOLLOW_MARGINS = (0.25, 0.3)  # m nearer and farther than wanted that is still well placed


@dataclass(frozen=True)
class BehaviourConfig:
    """What the robot was told of the home, and how it follows."""

    plan: FloorPlan = field(default_factory=FloorPlan)
    follower: FollowerConfig = field(default_factory=FollowerConfig)


@dataclass
class Question:
    """A program that waits for an answer."""

    program: Program
    chosen: dict[tuple[int, str], object]
    unclear: Unclear
    first: int = 0
    asked: int = 1


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
        self._job: Job | None = None
        self._question: Question | None = None
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
            self._hear(command)
        self._waiting.clear()
        self._renew_follower()
        self._go_on()
        return self._told(now_ns)

    def _hear(self, command: Command) -> None:
        """Decide what a command is to what is going on."""
        program = tuple(_action(step) for step in command.steps)
        if command.refused:
            self._context.say(command.reply, "refused")
        elif not program:
            self._context.say(command.reply, "answer")
        elif any(step.name in ENDED for step in program[:1]):
            self._end(program)
        elif not self._answered(command.text, program) and not self._put_right(command.text, program):
            self._new(command, program)

    def _new(self, command: Command, program: Program) -> None:
        context = self._context
        first = program[0].name
        if all(step.name == "unknown" for step in program):
            context.say(command.reply, "answer")
        elif first in ("pause", "resume") and len(program) == 1:
            self._pause(first == "pause")
        elif first in ("yes", "no") and len(program) == 1:
            context.say("There is nothing I asked." if first == "yes" else "All right.", "answer")
        elif all(step.name in AT_ONCE for step in program):
            for step in program:
                context.say(answers.answer(context, step, self._doing()) or "", "answer")
        elif talk.is_more(command.text) and self._job is not None:
            self._begin((*self._job.program, *program), dict(self._job.chosen), self._job.at, program)
        else:
            self._question = None
            self._leave()
            context.results.clear()
            context.failed = False
            self._begin(program, {}, 0, program)

    def _begin(self, program: Program, chosen: dict[tuple[int, str], object], first: int, news: Program) -> None:
        """Start a program from one of its actions on, or ask what must be known first."""
        program = tuple(step for step in program if step.name not in ("unknown", "yes", "no", "resume", "cancel"))
        try:
            self._job = begin(program, chosen, self._context, first)  # type: ignore[arg-type]  # spots
        except Unclear as unclear:
            self._job = None
            self._question = Question(program, chosen, unclear, first)
            self._context.say(unclear.question, "question")
            return
        self._question = None
        self._context.paused = False
        doable = tuple(step for step in news if able(step) and step.name != "unknown")
        if doable:
            self._context.say(reply(doable, 5), "progress")

    def _answered(self, text: str, program: Program) -> bool:
        """Go on with what was asked about; return whether the text answered it."""
        question, context = self._question, self._context
        if question is None:
            return False
        unclear = question.unclear
        spot = talk.answer_to(text, unclear.options, context.situation)
        if spot is not None:
            if unclear.words and not unclear.options:
                context.told[unclear.words] = replace(spot, label=spot.label)
            chosen = question.chosen | {(unclear.index, unclear.slot): spot}
            self._begin(question.program, chosen, question.first, question.program[question.first :])
            return True
        if program[0].name == "no":
            self._question = None
            context.say("All right, dropped.", "failed")
            return True
        if all(step.name in ("unknown", "yes") for step in program):
            self._question = None if question.asked > 1 else question
            question.asked += 1
            context.say(f"Sorry, I still don't know. {unclear.question}" if self._question else "I'll drop that then.",
                        "question" if self._question else "failed")  # fmt: skip
            return True
        return False

    def _put_right(self, text: str, program: Program) -> bool:
        job = self._job
        if job is None or len(program) > 1:
            return False
        better = talk.corrected(text, program[0], job.program, job.at, self._context.situation)
        if better is None:
            return False
        job.stop()
        chosen = {key: spot for key, spot in dict(job.chosen).items() if key[0] != better.at}
        self._begin(better.program, chosen, job.at, better.program[job.at :])  # type: ignore[arg-type]  # spots
        return True

    def _end(self, program: Program) -> None:
        """Stop or cancel; what comes after it in the same breath is a program of its own."""
        self._question = None
        busy = self._leave()
        self._context.paused = False
        rest = program[1:]
        if program[0].name == "cancel":
            self._context.say("All right, dropped." if busy else "There is nothing to drop.", "answer")
        else:
            self._context.say("Stopping.", "answer")
        self._context.results.clear()
        self._context.failed = False
        if rest:
            self._begin(rest, {}, 0, rest)

    def _pause(self, pause: bool) -> None:
        context = self._context
        if self._job is None:
            context.say("I'm standing still already." if pause else "There is nothing to carry on with.", "answer")
            return
        context.paused = pause
        context.say("I'll wait." if pause else "Carrying on.", "answer")

    def _leave(self) -> bool:
        """Leave what is being done; return whether there was something."""
        if self._job is None:
            return False
        self._job.stop()
        self._job = None
        self._context.ways.forgive()
        return True

    def _go_on(self) -> None:
        context, job = self._context, self._job
        if job is None:
            context.hold()
            return
        before = job.at
        job.tick()
        if job.over:
            context.hold()
            context.say(summary(context), "failed" if context.failed else "done")
            self._job = None
        elif job.at != before and context.results:
            context.say(context.results[-1], "progress")
        if context.goal is None:
            context.hold()

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

    def _doing(self) -> str:
        if self._question is not None:
            return f"I'm waiting for an answer: {self._question.unclear.question}"
        if self._job is None:
            return "I have nothing to do."
        return f"I'm {'pausing before I' if self._context.paused else 'about to'} {self._job.name}."

    def _told(self, now_ns: int) -> Outbox:
        context, out = self._context, Outbox()
        assert context.goal is not None
        out.put(topics.NAV_GOAL, context.goal)
        idle = FollowState(stamp_ns=now_ns, mode="waiting", distance_m=0.0, reason="not following")
        out.put(topics.FOLLOW_STATE, context.follow_state or idle)
        for request in context.requests:
            out.put(topics.LOCK_REQUEST, request)
        for said in context.replies:
            out.put(topics.REPLY, said)
            out.put(topics.LOG, Log(stamp_ns=now_ns, level="info", text=f"says: {said.text}"))
        context.requests.clear()
        context.replies.clear()
        return out.put(topics.BEHAVIOUR, self._state(now_ns))

    def _state(self, now_ns: int) -> BehaviourState:
        job, question = self._job, self._question
        program = job.program if job else question.program if question else ()
        doing = "asking" if question else "idle" if job is None else "paused" if self._context.paused else "working"
        return BehaviourState(
            stamp_ns=now_ns,
            state=doing,  # type: ignore[arg-type]  # the four words
            program=tuple(str(step) for step in program),
            step=job.at if job else 0,
            note=self._context.note or (job.name if job else ""),
        )


def _action(step: CommandStep) -> Action:
    return Action(step.action, step.slots)
