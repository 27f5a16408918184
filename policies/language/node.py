"""The language node: every text becomes a command message, or one for each body that it names in turn.

Also teaches phrases by voice: "party mode means …".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from numpy.random import Generator

from policies.constitution import judged
from policies.language.listener import Listener
from policies.language.naming import BodyNames, Part, parts_of
from policies.language.program import Program
from policies.language.teach import TeachError
from robot import topics
from robot.messages import Command, CommandStep, CommandText
from robot.node import Inbox, Node, Outbox

TEACHING = re.compile(
    r"^(?:please |robot |housemate |hey |ok )*(?:"
    r"(?:when|whenever|if) i say (?P<phrase>.+?)(?:,|:| then| you should| i want you to| please| i mean)+ (?P<means>.+)"
    r"|(?:learn|remember) that (?P<phrase2>.+?) means (?P<means2>.+)"
    r"|(?P<phrase3>.+?) (?:means|shall mean) (?P<means3>.+))$",
    re.IGNORECASE,
)
FORGETTING = re.compile(r"^(?:please )?forget (?:the phrase |what )?(?P<phrase>.+?)(?: means)?$", re.IGNORECASE)


@dataclass(frozen=True)
class LanguageConfig:
    """Where taught phrases are kept, and who may be spoken to."""

    phrasebook: str = ""  # a file; empty: they last as long as the run
    bodies: tuple[BodyNames, ...] = ()  # where several bodies hear: what each is called


class LanguageNode(Node):
    """Understand what was said; decide nothing about it."""

    inputs = (topics.COMMAND_TEXT,)
    outputs = (topics.COMMAND,)
    trigger = topics.COMMAND_TEXT

    def __init__(self, config: LanguageConfig, rng: Generator) -> None:
        """Load the model. Raises TeachError where the phrasebook is none."""
        del rng  # nothing here is left to chance
        self._bodies = config.bodies
        self._listener = Listener(Path(config.phrasebook) if config.phrasebook else None)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return a command for every text."""
        out = Outbox()
        for stamped in inbox.new(topics.COMMAND_TEXT):
            if stamped.envelope.valid:
                for command in self._commands(now_ns, stamped.message):
                    out.put(topics.COMMAND, command)
        return out

    def _commands(self, now_ns: int, said: CommandText) -> list[Command]:
        if not self._bodies:
            return [self._command(now_ns, Part("", said.text), said.alternatives)]
        parts = parts_of(said.text, self._bodies)
        others = [parts_of(text, self._bodies) for text in said.alternatives]
        readings = tuple(other[0].text for other in others if len(other) == len(parts) == 1)
        return [self._command(now_ns, part, readings) for part in parts]

    def _command(self, now_ns: int, said: Part, alternatives: tuple[str, ...]) -> Command:
        taught = self._taught(said.text)
        if taught:
            return Command(
                stamp_ns=now_ns, text=said.text, steps=steps_of(()), confidence=1.0, reply=taught, to=said.to
            )
        understood = self._listener.understand_heard((said.text, *alternatives))
        return Command(
            stamp_ns=now_ns,
            text=understood.text,
            steps=steps_of(understood.actions),
            confidence=round(understood.confidence, 6),
            refused=understood.refused,
            reply=understood.reply,
            to=said.to,
        )

    def _taught(self, text: str) -> str:
        """Return the reply to a phrase being taught or forgotten; empty where none is."""
        forgotten = FORGETTING.match(text.strip())
        if forgotten and self._listener.phrasebook.forget(forgotten["phrase"]):
            return f"I have forgotten '{forgotten['phrase']}'."
        found = TEACHING.match(text.strip().rstrip("."))
        if not found or judged(text, ()):
            return ""
        phrase = found["phrase"] or found["phrase2"] or found["phrase3"]
        means = found["means"] or found["means2"] or found["means3"]
        try:
            taught = self._listener.teach(phrase.strip(" '\",:"), means)
        except TeachError:
            return ""  # an ordinary sentence that happens to say "means"
        return f"Got it: '{taught.phrase}' now means: {taught.means}."


def steps_of(program: Program) -> tuple[CommandStep, ...]:
    """Return a program as the message holds it."""
    return tuple(CommandStep(action=step.name, slots=step.slots) for step in program)
