"""What a command is to what is going on: an answer, a correction, something to say at once, more to do, or a program.

A program replaces the one before it unless its words say "then". The same for every body: what differs is which steps
an action becomes, and which words mean what. The constitution was asked before a command came here: what it forbids
has no steps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from policies.behaviour import talk
from policies.behaviour.grounding import Spot
from policies.behaviour.job import Job, begin, summary
from policies.behaviour.shared import Shared
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.unclear import Chosen, Unclear
from policies.language.program import Action, Program
from policies.language.replies import reply
from robot import topics
from robot.messages import BehaviourState, Command, CommandStep, Log
from robot.node import Outbox

ENDED = frozenset({"stop", "cancel"})
PASSING = frozenset({"unknown", "yes", "no", "resume", "cancel"})  # no steps of a program


@dataclass
class Question:
    """A program that waits for an answer."""

    program: Program
    chosen: Chosen
    unclear: Unclear
    first: int = 0
    asked: int = 1


class Conversation(ABC):
    """Hears commands and carries out one program at a time."""

    at_once = frozenset({"where_is", "remember", "set", "status", "help"})
    """Actions that are answered without leaving the program at hand"""

    logs = True
    """Whether what is said goes to the log for people too: a topic has one writer, which may be another node"""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.job: Job | None = None
        self.question: Question | None = None

    @abstractmethod
    def steps(self, program: Program, chosen: Chosen, first: int) -> Sequence[Sequence[Leaf[Any]]]:
        """Return the steps of each action; those before `first` are done. Raises Unclear where something must be asked
        first."""

    @abstractmethod
    def able(self, step: Action) -> bool:
        """Whether the body can do anything about an action."""

    @abstractmethod
    def answer(self, step: Action) -> str:
        """Return what to say to one of the actions of `at_once`."""

    @abstractmethod
    def answer_to(self, text: str, unclear: Unclear) -> Spot | None:
        """Return what answers a question; None where the text does not."""

    @abstractmethod
    def corrected(self, text: str, step: Action, job: Job) -> talk.Corrected | None:
        """Return the job's program put right by a text; None where it takes nothing back."""

    def left(self) -> None:  # noqa: B027  # not every body minds
        """A program was left before its end."""

    def stopped(self) -> None:  # noqa: B027  # not every body minds
        """Everything was stopped."""

    def announced(self, program: Program) -> str:
        """Return what is said as a program begins; empty for nothing."""
        return reply(program, 5)

    def refusal(self, command: Command) -> str:
        """Return what is said where nothing is done about a command."""
        return command.reply

    def hear(self, command: Command) -> None:
        """Decide what a command is to what is going on."""
        said = len(self._shared.replies)
        self._hear(command)
        if command.quiet:
            del self._shared.replies[said:]

    def _hear(self, command: Command) -> None:
        program = self.read(command)
        if command.refused:
            self._shared.say(self.refusal(command), "refused")
        elif not program:
            self._shared.say(self.refusal(command), "answer")
        elif any(step.name in ENDED for step in program[:1]):
            self._end(program)
        elif not self._answered(command.text, program) and not self._put_right(command.text, program):
            self._new(command, program)

    def read(self, command: Command) -> Program:
        """Return the program of a command."""
        return tuple(_action(step) for step in command.steps)

    def go_on(self) -> None:
        """Go on with the program for one tick."""
        shared, job = self._shared, self.job
        if job is None:
            shared.rest()
            return
        before = job.at
        job.tick()
        if job.over:
            shared.rest()
            shared.say(summary(shared), "failed" if shared.failed else "done")
            self.ended(job)
            self.job = None
        elif job.at != before and shared.results:
            shared.say(shared.results[-1], "progress")

    def ended(self, job: Job) -> None:  # noqa: B027  # not every body minds
        """A program has come to its end."""

    @property
    def correctable(self) -> Job | None:
        """Return the job that a correction is about."""
        return self.job

    @property
    def doing(self) -> str:
        """Return what is being done, in a sentence."""
        if self.question is not None:
            return f"I'm waiting for an answer: {self.question.unclear.question}"
        if self.job is None:
            return "I have nothing to do."
        return f"I'm {'pausing before I' if self._shared.paused else 'about to'} {self.job.name}."

    def tell(self, now_ns: int, out: Outbox) -> Outbox:
        """Add what is said, and how the program stands."""
        for said in self._shared.replies:
            out.put(topics.REPLY, said)
            if self.logs:
                out.put(topics.LOG, Log(stamp_ns=now_ns, level="info", text=f"says: {said.text}"))
        self._shared.replies.clear()
        return out.put(topics.BEHAVIOUR, self._state(now_ns))

    def _new(self, command: Command, program: Program) -> None:
        shared = self._shared
        first = program[0].name
        if all(step.name == "unknown" for step in program):
            shared.say(self.refusal(command), "answer")
        elif first in ("pause", "resume") and len(program) == 1:
            self.pause(first == "pause")
        elif first in ("yes", "no") and len(program) == 1:
            shared.say("There is nothing I asked." if first == "yes" else "All right.", "answer")
        elif all(step.name in self.at_once for step in program):
            for step in program:
                shared.say(self.answer(step), "answer")
        elif talk.is_more(command.text) and self.job is not None:
            self.begin((*self.job.program, *program), self.job.chosen, self.job.at, program)
        else:
            self.question = None
            self._leave()
            shared.forget_results()
            self.begin(program, {}, 0, program)

    def begin(self, program: Program, chosen: Chosen, first: int, news: Program) -> None:
        """Start a program from one of its actions on, or ask what must be known first."""
        program = tuple(step for step in program if step.name not in PASSING)
        try:
            self.job = begin(program, chosen, self.steps(program, chosen, first), self._shared, first)
        except Unclear as unclear:
            self.job = None
            self.question = Question(program, chosen, unclear, first)
            self._shared.say(unclear.question, "question")
            return
        self.question = None
        self._shared.paused = False
        doable = tuple(step for step in news if self.able(step) and step.name != "unknown")
        said = self.announced(doable) if doable else ""
        if said:
            self._shared.say(said, "progress")

    def _answered(self, text: str, program: Program) -> bool:
        """Go on with what was asked about; return whether the text answered it."""
        question, shared = self.question, self._shared
        if question is None:
            return False
        unclear = question.unclear
        spot = self.answer_to(text, unclear)
        if spot is not None:
            chosen = {**question.chosen, (unclear.index, unclear.slot): spot}
            self.begin(question.program, chosen, question.first, question.program[question.first :])
            return True
        if program[0].name == "no":
            self.question = None
            shared.say("All right, dropped.", "failed")
            return True
        if all(step.name in ("unknown", "yes") for step in program):
            self.question = None if question.asked > 1 else question
            question.asked += 1
            shared.say(f"Sorry, I still don't know. {unclear.question}" if self.question else "I'll drop that then.",
                       "question" if self.question else "failed")  # fmt: skip
            return True
        return False

    def _put_right(self, text: str, program: Program) -> bool:
        job = self.correctable
        if job is None or len(program) > 1:
            return False
        better = self.corrected(text, program[0], job)
        if better is None:
            return False
        at = job.at  # once it is stopped, nothing of it counts as done
        job.stop()
        if job is not self.job:
            self._shared.forget_results()
        chosen = {key: spot for key, spot in job.chosen.items() if key[0] != better.at}
        self.begin(better.program, chosen, at, better.program[at:])
        return True

    def _end(self, program: Program) -> None:
        """Stop or cancel; what comes after it in the same breath is a program of its own."""
        busy = self.question is not None
        self.question = None
        busy = self._leave() or busy
        self._shared.paused = False
        rest = program[1:]
        if program[0].name == "cancel":
            self._shared.say("All right, dropped." if busy else "There is nothing to drop.", "answer")
        else:
            self._shared.say("Stopping.", "answer")
            self.stopped()
        self._shared.forget_results()
        if rest:
            self.begin(rest, {}, 0, rest)

    def pause(self, pause: bool) -> None:
        """Wait, or carry on."""
        shared = self._shared
        if self.job is None:
            shared.say("I'm standing still already." if pause else "There is nothing to carry on with.", "answer")
            return
        shared.paused = pause
        shared.say("I'll wait." if pause else "Carrying on.", "answer")

    def _leave(self) -> bool:
        """Leave what is being done; return whether there was something."""
        if self.job is None:
            return False
        self.job.stop()
        self.job = None
        self.left()
        return True

    def _state(self, now_ns: int) -> BehaviourState:
        job, question = self.job, self.question
        program = job.program if job else question.program if question else ()
        doing = "asking" if question else "idle" if job is None else "paused" if self._shared.paused else "working"
        return BehaviourState(
            stamp_ns=now_ns,
            state=doing,  # type: ignore[arg-type]  # the four words
            program=tuple(str(step) for step in program),
            step=job.at if job else 0,
            note=self._shared.note or (job.name if job else ""),
        )


def _action(step: CommandStep) -> Action:
    return Action(step.action, step.slots)
