"""The addressing node: every command goes to the body that is meant, or its parts to the bodies that can do them.

Each command is answered once: what both do (stop, pause) the other one does without a word. Where a program is for
both, the second part waits until the first has ended.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import cast

from msgspec.structs import replace
from numpy.random import Generator

from policies.addressing.rules import BODIES, Body, goes_on, split
from policies.addressing.turns import Turns
from policies.behaviour import talk
from policies.behaviour.conversation import Conversation
from policies.language.naming import BOTH
from policies.language.program import Action, Program
from robot import topics
from robot.messages import Command, CommandStep
from robot.node import Inbox, Node, Outbox, Topic

COMMANDS: dict[Body, Topic[Command]] = {"rover": topics.ROVER_COMMAND, "display": topics.DISPLAY_COMMAND}
EVERYBODY = frozenset({"stop", "cancel", "pause", "resume"})
ENDED = frozenset({"stop", "cancel"})


@dataclass(frozen=True)
class AddressingConfig:
    """There is nothing to set."""


@dataclass(frozen=True)
class _Later:
    """A part that waits for a body to come to an end."""

    awaited: Body
    ends: tuple[str, ...]
    body: Body
    command: Command


class Addressing(Node):
    """Tell each body what is for it. Reads what both say, and nothing of the world."""

    inputs = (topics.COMMAND, topics.REPLY, topics.DISPLAY_REPLY, topics.BEHAVIOUR, topics.DISPLAY_BEHAVIOUR)
    outputs = (topics.ROVER_COMMAND, topics.DISPLAY_COMMAND)
    rate_hz = 20

    def __init__(self, config: AddressingConfig, rng: Generator) -> None:
        del config, rng
        self._turns = Turns()
        self._later: deque[_Later] = deque()

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Take in what was said, and pass on what is new and what has waited long enough."""
        turns, out = self._turns, Outbox()
        turns.ended.clear()
        for body, reply, state in (
            ("rover", topics.REPLY, topics.BEHAVIOUR),
            ("display", topics.DISPLAY_REPLY, topics.DISPLAY_BEHAVIOUR),
        ):
            said = [stamped.message for stamped in inbox.new(reply)]
            turns.see(now_ns, cast(Body, body), said, inbox.latest(state))
        self._go_on(out)
        for stamped in inbox.new(topics.COMMAND):
            if stamped.envelope.valid:
                for body, command in self._addressed(stamped.message):
                    out.put(COMMANDS[body], command)
        return out

    def _go_on(self, out: Outbox) -> None:
        """Pass on the next part once what it waits for has ended."""
        for body, kind in self._turns.ended:
            if not self._later or self._later[0].awaited != body:
                continue
            if kind == "dropped":
                self._later.clear()
            elif kind in self._later[0].ends:
                later = self._later.popleft()
                self._turns.tell(later.body)
                out.put(COMMANDS[later.body], replace(later.command, stamp_ns=self._turns.now_ns))

    def _addressed(self, command: Command) -> list[tuple[Body, Command]]:
        """Return who gets what of a command at once."""
        turns, program = self._turns, tuple(Action(step.action, step.slots) for step in command.steps)
        named: Body | None = command.to if command.to in BODIES else None
        if command.refused or not program:
            return self._to(named or "rover", command)
        first = program[0].name
        if named is None and (first in ENDED or (first in EVERYBODY and len(program) == 1)):
            return self._both(first, command)
        if named is not None:
            self._forget(named)
            if first == "pause":
                turns.waits.add(named)
            return self._to(named, command)
        if command.to == BOTH:
            self._later.clear()
            return [*self._to("display", command), *self._to("rover", command)]
        answering = turns.answers(command.text, program)
        if answering is not None:
            return self._to(answering, command)
        return self._parts(command, split(command.text, program, turns.lately))

    def _both(self, word: str, command: Command) -> list[tuple[Body, Command]]:
        """Return a word that is for both, one of them quiet; what comes after it goes to whom it is for."""
        turns, speaker = self._turns, self._turns.speaker(word)
        head, rest = command.steps[:1], tuple(Action(step.action, step.slots) for step in command.steps[1:])
        if word in ENDED:
            self._later.clear()
        turns.waits = set(BODIES) if word in ("pause", "stop") else set()  # a display stands still after either
        found: list[tuple[Body, Command]] = []
        for body in BODIES:
            mine = tuple(
                step for owner, part in split(command.text, rest, turns.lately) if owner == body for step in part
            )
            told = replace(command, steps=(*head, *_steps(mine)), quiet=body != speaker)
            found.append((body, told))
        return found

    def _parts(self, command: Command, parts: tuple[tuple[Body, Program], ...]) -> list[tuple[Body, Command]]:
        """Return the first part, and keep the others until it is their turn."""
        (body, program), *rest = parts
        if not rest:
            return self._one(body, command)
        self._later.clear()
        now = [(body, replace(command, steps=_steps(program)))]
        self._turns.tell(body)
        before, waits = (body, program), not goes_on(program)
        for owner, part in rest:
            told = replace(command, steps=_steps(part), text=" then ".join(str(step) for step in part))
            if waits:
                self._later.append(_Later(before[0], _ends(before[1]), owner, told))
            else:
                now.append((owner, told))
            before, waits = (owner, part), waits or not goes_on(part)
        return now

    def _one(self, body: Body, command: Command) -> list[tuple[Body, Command]]:
        """Return a command for one body; where its words add to what the other is at, it waits for that."""
        other: Body = "rover" if body == "display" else "display"
        turns = self._turns
        waits = turns.busy(other) and not turns.busy(body) and not turns.endless(other)
        if waits and talk.is_more(command.text):
            awaited = self._later[-1].body if self._later else other
            self._later.append(_Later(awaited, ("done", "failed"), body, command))
            return []
        if any(step.action not in Conversation.at_once for step in command.steps):
            self._forget(body)
        return self._to(body, command)

    def _forget(self, body: Body) -> None:
        """What waits for a body that is told something else will not come."""
        if any(later.awaited == body for later in self._later):
            self._later.clear()

    def _to(self, body: Body, command: Command) -> list[tuple[Body, Command]]:
        self._turns.tell(body)
        return [(body, command)]


def _steps(program: Program) -> tuple[CommandStep, ...]:
    return tuple(CommandStep(action=step.name, slots=step.slots) for step in program)


def _ends(program: Program) -> tuple[str, ...]:
    """Return the kinds of reply with which a part ends."""
    return ("answer",) if all(step.name in Conversation.at_once for step in program) else ("done", "failed")
