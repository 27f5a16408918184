"""A program being carried out: its tree, which action it is at, and the honest sentence at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from policies.behaviour.shared import Shared
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.tree import program_tree
from policies.behaviour.unclear import Chosen
from policies.language.program import Program


@dataclass
class Job:
    """One program. `begun` is the number of actions done before it was put right."""

    program: Program
    chosen: Chosen
    steps: Sequence[Sequence[Leaf[Any]]]
    root: Behaviour
    begun: int = 0

    @property
    def at(self) -> int:
        """Return which action of the program is being carried out; their number when all are done."""
        for index, group in enumerate(self.steps):
            if any(step.status != Status.SUCCESS for step in group):
                return self.begun + index
        return len(self.program)

    @property
    def name(self) -> str:
        """Return what the step at hand is called."""
        doing = (step for group in self.steps for step in group if step.status != Status.SUCCESS)
        step = next(doing, None)
        return "" if step is None else str(step.name)

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or the other."""
        status = self.root.children[0].decorated.status
        return bool(status in (Status.SUCCESS, Status.FAILURE))

    def tick(self) -> None:
        """Go on for one tick."""
        self.root.tick_once()

    def stop(self) -> None:
        """Leave it."""
        self.root.stop(Status.INVALID)


def begin(
    program: Program, chosen: Chosen, groups: Sequence[Sequence[Leaf[Any]]], context: Shared, first: int = 0
) -> Job:
    """Return a program ready to be ticked, from its action `first` on; `groups` are the steps of all its actions."""
    groups = groups[first:]
    steps = [step for group in groups for step in group]
    return Job(program, chosen, groups, program_tree(steps, context), first)


def summary(context: Shared) -> str:
    """Return what came of it, in the order in which it happened."""
    kept: list[str] = []
    for sentence in context.results:
        if sentence not in kept[-1:]:
            kept.append(sentence)
    return " ".join(kept) if kept else "Done."
