"""Talk with a display: its own steps, its own words, and corrections also of what it has just done.

Looking at somebody takes a second, so "no, the one on the right" mostly comes after the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from policies.behaviour import talk
from policies.behaviour.conversation import Conversation
from policies.behaviour.grounding import Spot
from policies.behaviour.job import Job
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.steps.words import Decline
from policies.behaviour.unclear import Chosen, Unclear
from policies.display import grounding, words
from policies.display.answers import answer
from policies.display.context import DisplayContext
from policies.display.planner import Planner, able, spot_of
from policies.language.program import Action, Program, action
from robot.clock import NS_PER_S
from robot.messages import Command

RECENT_S = 15.0  # what ended longer ago is not put right but asked for anew
POINTED = re.compile(  # somebody, and nothing else
    r"^(?:no )?(?:the |that |this )?(?:(?:one|person|guy|man|woman|lady)\b.*"
    r"|(?:left|right|middle|other|next|nearest|closest|second|third) (?:one|person|guy|man|woman|lady)"
    r"|him|her|me)$"
)
ANSWERS = frozenset({"unknown", "yes", "no", "look_at", "lock_on", "find", "turn", "move", "go_to"})
NAMED = frozenset({"lock_on", "look_at"})  # actions whose target can be put right


class DisplayConversation(Conversation):
    """Hears commands to a display."""

    logs = False  # on hardware the servos' node writes that topic

    def __init__(self, context: DisplayContext) -> None:
        super().__init__(context)
        self._context = context
        self._last: tuple[int, Job] | None = None
        self._heard: Program = ()

    def read(self, command: Command) -> Program:
        """As Conversation, read as a display means it."""
        self._context.speaker = grounding.speaker(self._context.view, self._context.speaker)
        self._heard = words.reread(command.text, super().read(command))
        return self._heard

    def steps(self, program: Program, chosen: Chosen, first: int) -> Sequence[Sequence[Leaf[Any]]]:
        """As Conversation."""
        return Planner(self._context, chosen).steps(program, first)

    def able(self, step: Action) -> bool:
        """As Conversation."""
        return able(step)

    def answer(self, step: Action) -> str:
        """As Conversation."""
        return answer(self._context, step, self.doing if self.job or self.question else "")

    def answer_to(self, text: str, unclear: Unclear) -> Spot | None:
        """As Conversation. What asks for something else is no answer."""
        if any(step.name not in ANSWERS for step in self._heard):
            return None
        return spot_of(self._context, text, unclear.options)

    def refusal(self, command: Command) -> str:
        """As Conversation."""
        return words.own(command.reply)

    def announced(self, program: Program) -> str:
        """As Conversation: the names of the steps say it."""
        assert self.job is not None
        groups = dict(zip(self.job.program[self.job.begun :], self.job.steps, strict=True))
        steps = [step for doing in program for step in groups.get(doing, ()) if not isinstance(step, Decline)]
        return f"I'll {', then '.join(str(step.name) for step in steps)}." if steps else ""

    @property
    def correctable(self) -> Job | None:
        """As Conversation: also what has ended a moment ago."""
        if self.job is not None or self._last is None:
            return self.job
        ended_ns, job = self._last
        return job if self._context.now_ns - ended_ns < RECENT_S * NS_PER_S else None

    def corrected(self, text: str, step: Action, job: Job) -> talk.Corrected | None:
        """As Conversation: another person or direction for the newest step that had one."""
        rest = talk.taken_back(text)
        if rest is None and not (step.name == "unknown" and POINTED.match(talk.plain(text))):
            return None
        said = str(step.get("target") or "") if step.name in NAMED else ""
        said = said or (talk.plain(text) if rest is None else rest)
        at = next((i for i in range(min(job.at, len(job.program) - 1), -1, -1) if job.program[i].name in NAMED), None)
        if at is None or not (words.direction(said) or spot_of(self._context, said, ())):
            return None
        better = action(job.program[at].name, {"target": said})
        if at == job.at:
            return talk.Corrected((*job.program[:at], better, *job.program[at + 1 :]), at)
        return talk.Corrected((*job.program[: job.at], better, *job.program[job.at :]), job.at)

    def ended(self, job: Job) -> None:
        """As Conversation."""
        self._last = self._context.now_ns, job

    def stopped(self) -> None:
        """As Conversation: everything stands."""
        self._last = None
        self._context.stand_still()

    def pause(self, pause: bool) -> None:
        """As Conversation: also while nothing is carried out, for then it looks and copies."""
        context = self._context
        idle = self.job is None and not context.paused and context.wish.look != "still"
        if not pause and idle:
            context.say("There is nothing to carry on with.", "answer")
            return
        if not pause and context.wish.look == "still":
            context.look_at_face()
        context.paused = pause
        context.say("I'll wait." if pause else "Carrying on.", "answer")
