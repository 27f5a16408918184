"""What the theatres of both bodies have in common: they are told something, time passes, and what they say is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod

from policies.language.program import read
from robot.messages import BehaviourState, Command, CommandStep, Reply

STEPS_HZ = 10
STEP_NS = 1_000_000_000 // STEPS_HZ


class Stage(ABC):
    """A behaviour node and as little of a body as it needs."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.replies: list[Reply] = []
        self.state: BehaviourState | None = None

    @abstractmethod
    def step(self, command: Command | None = None) -> None:
        """One step of the node, then of the body."""

    @property
    def said(self) -> str:
        """Everything it said."""
        return " / ".join(reply.text for reply in self.replies)

    def tell(self, text: str, program: str = "unknown", refused: str = "", reply: str = "Not for me.") -> None:
        """Say something that was understood as `program`, and give the body one step to hear it."""
        steps = tuple(CommandStep(action=step.name, slots=step.slots) for step in read(program))
        self.step(Command(stamp_ns=self.now_ns, text=text, steps=steps, confidence=1.0, refused=refused, reply=reply))

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds * STEPS_HZ)):
            self.step()

    def until_idle(self, seconds: float = 200.0) -> None:
        """Let time pass until there is nothing more to do. Fails where it takes too long."""
        for _ in range(round(seconds * STEPS_HZ)):
            self.step()
            if self.state is not None and self.state.state == "idle":
                return
        raise AssertionError(f"still at it: {self.state}")
