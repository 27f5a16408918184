"""The tree of a program: its steps in order, held still while paused, and idling when there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from py_trees import composites, decorators
from py_trees.behaviour import Behaviour
from py_trees.common import Status

from policies.behaviour.shared import Shared
from policies.behaviour.steps.leaf import Leaf, Outcome


class Idle(Leaf[Shared]):
    """Wait for words."""

    def go_on(self) -> Outcome:
        """Do what the body does meanwhile."""
        self.context.rest()
        return "going on"


class Pausable(decorators.Decorator):  # type: ignore[misc]  # py_trees is untyped
    """Leaves its child as it is while paused, and the body still."""

    def __init__(self, child: Behaviour, context: Shared) -> None:
        super().__init__(name="unless paused", child=child)
        self._context = context

    def tick(self) -> Iterator[Behaviour]:
        """Tick the child, unless paused."""
        if self._context.paused:
            self._context.hold()
            self.status = Status.RUNNING
            yield self
            return
        yield from super().tick()

    def update(self) -> Status:
        """Return the child's status."""
        return self.decorated.status


def program_tree(steps: Sequence[Behaviour], context: Shared) -> Behaviour:
    """Return the root for a program."""
    program = composites.Sequence(name="program", memory=True, children=list(steps))
    root = composites.Selector(name="home", memory=False)
    root.add_children([Pausable(program, context), Idle("idle", context)])
    return root
