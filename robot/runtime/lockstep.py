"""All nodes in one process, no sockets: the runner of tests and benches, and the reference for the others."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from robot.node import Node, Outbox
from robot.runtime.commit import Commit, Mailbox, Observer, Publisher
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.schedule import RESTART_S, Schedule
from robot.runtime.table import Graph

RUN_OUT_S = RESTART_S  # after a fatal failure the world goes on this long, so that the log shows the robot stop


class Lockstep:
    """Runs a graph tick by tick."""

    def __init__(self, graph: Graph, seed: int, observers: Sequence[Observer] = ()) -> None:
        self._graph = graph
        self._seed = seed
        self._observers = observers
        self._schedule = Schedule(graph)
        self._nodes: list[Node] = [slot.build(seed) for slot in graph.slots]
        self._mailboxes = [Mailbox(slot.cls.inputs) for slot in graph.slots]
        self._publishers = [Publisher(slot.row.name, slot.cls.outputs) for slot in graph.slots]
        self._outboxes: dict[int, Outbox] = {}
        self.tick = 0
        self.failures: list[NodeFailure] = []

    def advance(self, until_tick: int) -> None:
        """Run up to (not including) `until_tick`. Raises RunFailed when a node fails whose row says stop."""
        while self.tick < until_tick:
            fatal = self._one_tick()
            if fatal is not None:
                self._run_out()
                raise RunFailed(fatal)

    def close(self) -> None:
        """Close every node."""
        for node in self._nodes:
            node.close()

    def _run_out(self) -> None:
        end = self.tick + self._graph.ticks.count(RUN_OUT_S)
        while self.tick < end:
            self._one_tick()

    def _one_tick(self) -> NodeFailure | None:
        tick, fatal = self.tick, None
        for index in self._schedule.returning(tick):
            self._nodes[index] = self._graph.slots[index].build(self._seed)
            self._mailboxes[index] = Mailbox(self._graph.slots[index].cls.inputs)
        for index in self._schedule.starting(tick):
            failure = self._start(index, tick)
            if failure is not None and not failure.restarts:
                fatal = failure
        commits: list[Commit] = []
        for index in self._schedule.finishing(tick):
            made = self._publishers[index].publish(self._outboxes.pop(index), self._graph.ticks.ns(tick))
            self._schedule.committed(tick, [commit.envelope.topic for commit in made])
            commits += made
        self._deliver(commits)
        self.tick += 1
        return fatal

    def _start(self, index: int, tick: int) -> NodeFailure | None:
        now_ns = self._graph.ticks.ns(tick)
        try:
            self._outboxes[index] = self._nodes[index].step(now_ns, self._mailboxes[index].take(now_ns))
        except Exception as error:
            back = self._schedule.died(index, tick)
            failure = NodeFailure(
                self._graph.slots[index].row.name,
                tick,
                f"raised {type(error).__name__}: {error}",
                traceback.format_exc(),
                back is not None,
            )
            self.failures.append(failure)
            return failure
        return None

    def _deliver(self, commits: Sequence[Commit]) -> None:
        for commit in commits:
            for mailbox in self._mailboxes:
                if mailbox.reads(commit.envelope.topic):
                    mailbox.deliver(commit.stamped)
            for observer in self._observers:
                observer.on_commit(commit)
