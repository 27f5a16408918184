"""Steps that any body can do: say something, decline something, wait until told to go on."""

from __future__ import annotations

from collections.abc import Callable

from policies.behaviour.shared import Shared
from policies.behaviour.steps.leaf import Leaf, Outcome


class Wait(Leaf[Shared]):
    """Stand still until told to go on."""

    def begin(self) -> None:
        """From here on everything waits."""
        self.context.paused = True

    def go_on(self) -> Outcome:
        """Go on once told to: no tick comes before."""
        return "done" if self.ticks > 1 else "going on"


class Tell(Leaf[Shared]):
    """Say something, made up when its turn comes."""

    def __init__(self, name: str, context: Shared, words: Callable[[], str], kind: str = "answer") -> None:
        super().__init__(name, context)
        self._words = words
        self._kind = kind

    def go_on(self) -> Outcome:
        """Say it."""
        self.context.say(self._words(), self._kind)
        return "done"


class Decline(Leaf[Shared]):
    """Say what this body cannot do; the rest of the program goes on."""

    def __init__(self, name: str, context: Shared, words: str) -> None:
        super().__init__(name, context)
        self._words = words

    def go_on(self) -> Outcome:
        """Remember it for the end."""
        self.context.results.append(self._words)
        self.context.failed = True
        return "done"
