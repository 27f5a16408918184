"""An observer that may live elsewhere: built from a picklable factory, it follows all commits in order and ends with a
result. `lockstep` hosts it in its own process; the runners over ZeroMQ give it one of its own, so that hashing and
compressing never stall a run. One that only glances (a page) is told no order, and the run neither waits for it nor
ends with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from robot.runtime.commit import Commit


class TapObserver(Protocol):
    """What a tap's factory returns."""

    def on_commit(self, commit: Commit) -> None:
        """Take note of one committed message."""

    def close(self) -> Any:
        """Finish, and return the result (picklable)."""


@runtime_checkable
class Choosy(Protocol):
    """A tap's observer that glances, and does not always look at everything."""

    def wanted(self) -> frozenset[str]:
        """Return the topics to bring from now on."""


@dataclass(frozen=True)
class Tap:
    """A named observer and the topics it wants (None = all that somebody writes)."""

    name: str
    factory: Callable[[], TapObserver]
    """Picklable: a module-level class, or functools.partial of one with picklable arguments."""
    topics: frozenset[str] | None = None
    glances: bool = False
    """For eyes: gets messages a little later, in order per writer only, and may end without ending the run."""

    def wants(self, topic: str) -> bool:
        """Return whether this tap follows `topic`."""
        return self.topics is None or topic in self.topics
