"""The runners by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from launch.profiles import Runner
from robot.runtime.commit import Observer
from robot.runtime.failure import NodeFailure
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph
from robot.runtime.tap import Tap


class AnyRunner(Protocol):
    """What `execute` needs of a runner."""

    failures: list[NodeFailure]
    results: dict[str, Any]

    @property
    def tick(self) -> int:
        """The tick it is at."""

    def advance(self, until_tick: int) -> None:
        """Run up to (not including) `until_tick`."""

    def close(self) -> None:
        """End all nodes and taps."""

    def timing(self) -> dict[str, dict[str, Any]]:
        """Each node's step times."""


def make_runner(kind: Runner, graph: Graph, seed: int, observers: Sequence[Observer], taps: Sequence[Tap]) -> AnyRunner:
    """Return a runner ready to advance."""
    if kind == "lockstep":
        return Lockstep(graph, seed, observers, taps)
    if kind == "live":
        from robot.bus.live import Live

        return Live(graph, seed, observers, taps)
    from robot.bus.stepped import Stepped

    return Stepped(graph, seed, observers, taps)
