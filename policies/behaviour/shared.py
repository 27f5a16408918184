"""What the steps of every body share: what they say, what came of them, and how the body waits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from robot.messages import Reply


@dataclass(kw_only=True)
class Shared(ABC):
    """Shared by all steps of all programs of a run. A body adds what its steps know of the world and want of it."""

    now_ns: int = 0
    """The moment"""
    replies: list[Reply] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    """Sentences for the end of the program"""
    failed: bool = False
    """Whether anything of the program could not be done"""
    paused: bool = False
    note: str = ""

    def say(self, text: str, kind: str = "progress") -> None:
        """Say something."""
        self.replies.append(Reply(stamp_ns=self.now_ns, text=text, kind=kind))  # type: ignore[arg-type]

    def forget_results(self) -> None:
        """Begin a program: nothing has come of it yet."""
        self.results.clear()
        self.failed = False

    @abstractmethod
    def hold(self) -> None:
        """Be still."""

    @abstractmethod
    def rest(self) -> None:
        """Do what the body does while no program is carried out."""
