"""Who is at what, who asked, and who was spoken to: what the two bodies have said and told of themselves so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from policies.addressing.rules import BODIES, ENDLESS, Body, looks_somewhere
from policies.behaviour import talk
from policies.display import grounding
from policies.display.conversation import ANSWERS, POINTED
from policies.language.program import Program
from robot.clock import NS_PER_S
from robot.messages import BehaviourState, Reply

LATELY_S = 20.0
ENDS = ("done", "failed")


@dataclass
class Turns:
    """The talk so far."""

    now_ns: int = 0
    states: dict[Body, str] = field(default_factory=lambda: dict.fromkeys(BODIES, "idle"))
    programs: dict[Body, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(BODIES, ()))
    waits: set[Body] = field(default_factory=set)
    """Who was told to be still, also where there was nothing to do"""
    ended: list[tuple[Body, str]] = field(default_factory=list)
    """Bodies that have just come to the end of a program or of an answer, and the kind of what they said"""
    _asked_ns: dict[Body, int] = field(default_factory=dict)
    _told: tuple[Body, int] | None = None

    def see(self, now_ns: int, body: Body, replies: Sequence[Reply], state: BehaviourState | None) -> None:
        """Take in what a body has said and how it stands."""
        self.now_ns = now_ns
        for reply in replies:
            if reply.kind == "question":
                self._asked_ns[body] = now_ns
            if reply.kind in (*ENDS, "answer", "refused"):
                dropped = reply.kind == "failed" and self.states[body] == "asking"
                self.ended.append((body, "dropped" if dropped else reply.kind))
        if state is not None:
            self.states[body], self.programs[body] = state.state, state.program

    def tell(self, body: Body) -> None:
        """Note that somebody speaks with a body."""
        self._told = body, self.now_ns

    @property
    def lately(self) -> Body | None:
        """Return who was spoken to a moment ago."""
        if self._told is None or self.now_ns - self._told[1] > LATELY_S * NS_PER_S:
            return None
        return self._told[0]

    @property
    def asking(self) -> Body | None:
        """Return who waits for an answer; of two, who asked last."""
        asking = [body for body in BODIES if self.states[body] == "asking"]
        return max(asking, key=lambda body: self._asked_ns.get(body, 0), default=None)

    def busy(self, body: Body) -> bool:
        """Whether a body has a program at hand."""
        return self.states[body] != "idle"

    def endless(self, body: Body) -> bool:
        """Whether what a body does has no end of its own."""
        return any(step.split(" ")[0] in ENDLESS for step in self.programs[body])

    def answers(self, text: str, program: Program) -> Body | None:
        """Return whom an answer or a correction is for; None where a text is neither, or a program of its own."""
        if len(program) != 1:
            return None
        if looks_somewhere(text, program):
            return None
        empty, asking = program[0].name in ("unknown", "yes", "no"), self.asking
        if asking is not None and (empty or (asking == "display" and _points(text, program))):
            return asking
        takes_back = talk.taken_back(text) is not None or POINTED.match(talk.plain(text)) is not None
        if empty and takes_back and self.lately == "display":
            return "display"
        return "rover" if empty else None

    def speaker(self, word: str) -> Body:
        """Return who answers to a word that is for both: stop, cancel, pause or resume."""
        if word == "stop" or self.busy("rover"):
            return "rover"
        if self.busy("display") or (word == "resume" and "display" in self.waits):
            return "display"
        return "rover"


def _points(text: str, program: Program) -> bool:
    """Whether a text says which person is meant."""
    said = grounding.ADDRESSED.sub("", text.lower()).strip(" .,!?")
    return program[0].name in ANSWERS and grounding.is_person(said)
