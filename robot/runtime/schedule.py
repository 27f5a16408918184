"""When nodes start and when their outputs become visible, in ticks. The one place that decides order.

At a tick, the nodes that are due start (each sees what was committed at earlier ticks only), then the steps that end
at this tick are committed in table order. So neither the number of processes nor their speed can change a result.
"""

from __future__ import annotations

from collections.abc import Iterable

from robot.runtime.table import Graph

RESTART_S = 0.5  # simulated time from a node's death to its return, where its row says restart


class Schedule:
    """Due and finishing nodes of each tick. Call `starting`, then `finishing`, then `committed` for each."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ends: dict[int, int] = {}  # slot index -> tick at which its running step commits
        self._triggered: dict[int, int] = {}  # slot index -> first tick at which it may start
        self._absent_until: dict[int, int | None] = {}  # dead slots; None = for good
        self._readers: dict[str, list[int]] = {}
        self._periods = [(slot.index, slot.period) for slot in graph.slots]
        for slot in graph.slots:
            if slot.trigger is not None:
                self._readers.setdefault(slot.trigger.name, []).append(slot.index)

    def starting(self, tick: int) -> list[int]:
        """Return the slots that start a step at `tick`, in table order."""
        started = [index for index, period in self._periods if self._is_due(index, period, tick)]
        for index in started:
            self._ends[index] = tick + self._graph.slots[index].latency
            self._triggered.pop(index, None)
        return started

    def finishing(self, tick: int) -> list[int]:
        """Return the slots whose outputs are committed at `tick`, in table order."""
        finished = [index for index, end in self._ends.items() if end == tick]
        finished.sort()
        for index in finished:
            del self._ends[index]
        return finished

    def running(self) -> list[int]:
        """Return the slots whose step has started and is not committed yet, in table order."""
        return sorted(self._ends)

    def committed(self, tick: int, topics: Iterable[str]) -> None:
        """Tell that messages on `topics` were committed at `tick`: nodes they trigger start at the next one."""
        for topic in topics:
            for reader in self._readers.get(topic, ()):
                if reader not in self._absent_until:  # what was said while a node was away does not start it
                    self._triggered.setdefault(reader, tick + 1)

    def died(self, index: int, tick: int) -> int | None:
        """Take a slot out. Return the tick at which it comes back, or None when it stays away."""
        self._ends.pop(index, None)
        self._triggered.pop(index, None)
        slot = self._graph.slots[index]
        back = tick + self._graph.ticks.count(RESTART_S) if slot.row.on_failure == "restart" else None
        self._absent_until[index] = back
        return back

    @property
    def absent(self) -> list[str]:
        """Names of the nodes that are out, in table order."""
        gone = self._absent_until
        return [self._graph.slots[index].row.name for index in sorted(gone)] if gone else []

    def returning(self, tick: int) -> list[int]:
        """Return the slots that come back at `tick`."""
        if not self._absent_until:
            return []
        back = sorted(index for index, until in self._absent_until.items() if until == tick)
        for index in back:
            del self._absent_until[index]
        return back

    def _is_due(self, index: int, period: int | None, tick: int) -> bool:
        due = tick % period == 0 if period is not None else self._triggered.get(index, tick + 1) <= tick
        return due and index not in self._ends and index not in self._absent_until
