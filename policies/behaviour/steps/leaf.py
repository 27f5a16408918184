"""A step of any body: a leaf of the tree that sees what all steps share, counts its own ticks, and ends with a result.

Ticks, not time: a step that is paused does not age.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, Literal, TypeVar

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from policies.behaviour.shared import Shared

RATE_HZ = 10  # ticks of the tree a second
Outcome = Literal["going on", "done", "failed"]
STATUS = {"going on": Status.RUNNING, "done": Status.SUCCESS, "failed": Status.FAILURE}
Body = TypeVar("Body", bound=Shared)


class Leaf(Behaviour, Generic[Body]):  # type: ignore[misc]  # py_trees is untyped
    """Base of all steps. `name` is what the robot calls it."""

    def __init__(self, name: str, context: Body) -> None:
        super().__init__(name)
        self.context = context
        self.ticks = 0

    @property
    def seconds(self) -> float:
        """Return for how long the step has been at it."""
        return self.ticks / RATE_HZ

    def initialise(self) -> None:
        """Begin anew."""
        self.ticks = 0
        self.begin()

    def update(self) -> Status:
        """Go on for one tick."""
        self.ticks += 1
        return STATUS[self.go_on()]

    def begin(self) -> None:  # most steps have nothing to prepare
        """Prepare for the first tick."""

    @abstractmethod
    def go_on(self) -> Outcome:
        """Do this tick's part."""

    def failure(self, text: str) -> Outcome:
        """Remember why it could not be done and return that."""
        self.context.results.append(text)
        self.context.failed = True
        return "failed"
