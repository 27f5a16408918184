"""All nodes in one process, no sockets: the runner of tests and benches, and the reference for the others."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from robot.node import Node
from robot.runtime.commit import Commit, Mailbox, Observer, Publisher
from robot.runtime.failure import NodeFailure, RunFailed, raised
from robot.runtime.garbage import rare_collections
from robot.runtime.health import NodeHealth, timing
from robot.runtime.schedule import RESTART_S, Schedule
from robot.runtime.table import Graph, Slot
from robot.runtime.tap import Tap, TapObserver

RUN_OUT_S = RESTART_S  # after a fatal failure the world goes on this long, so that the log shows the robot stop


class Lockstep:
    """Runs a graph tick by tick.

    A step that fails counts as failed at the tick at which it would have been committed, as it does where steps run
    in processes of their own and are awaited then.
    """

    def __init__(self, graph: Graph, seed: int, observers: Sequence[Observer] = (), taps: Sequence[Tap] = ()) -> None:
        self._graph = graph
        self._seed = seed
        self._observers = observers
        self._schedule = Schedule(graph)
        self._nodes = self._all_built()
        self._mailboxes = [Mailbox(slot.inputs) for slot in graph.slots]
        self._publishers = [Publisher(slot.row.name, slot.outputs) for slot in graph.slots]
        self._taps: list[tuple[Tap, TapObserver]] = [(tap, tap.factory()) for tap in taps]
        self._readers = {
            topic.name: [index for index, slot in enumerate(graph.slots) if topic in slot.inputs]
            for topic in graph.topics()
        }
        self._answers: dict[int, list[Commit] | Exception] = {}
        self._closed = False
        self.tick = 0
        self.failures: list[NodeFailure] = []
        self.health = {slot.row.name: NodeHealth() for slot in graph.slots}
        self.results: dict[str, Any] = {}
        """What each tap returned, once the run is closed."""
        self._until_closed = ExitStack()
        self._until_closed.enter_context(rare_collections())

    def advance(self, until_tick: int) -> None:
        """Run up to (not including) `until_tick`. Raises RunFailed when a node fails whose row says stop."""
        while self.tick < until_tick:
            fatal = self._one_tick()
            if fatal is not None:
                self._run_out()
                raise RunFailed(fatal)

    def close(self) -> None:
        """Close every node and tap; `results` holds what the taps returned."""
        if self._closed:
            return
        self._closed = True
        self._until_closed.close()
        for node in self._nodes:
            node.close()
        self.results = {tap.name: observer.close() for tap, observer in self._taps}

    def timing(self) -> dict[str, dict[str, Any]]:
        """Return the summary of every node's step times."""
        return timing(self.health)

    def _run_out(self) -> None:
        end = self.tick + self._graph.ticks.count(RUN_OUT_S)
        while self.tick < end:
            self._one_tick()

    def _one_tick(self) -> NodeFailure | None:
        tick, fatal = self.tick, None
        for index in self._schedule.returning(tick):
            fatal = self._come_back(index) or fatal
        for index in self._schedule.starting(tick):
            self._answers[index] = self._step(index, tick)
        commits: list[Commit] = []
        for index in self._schedule.finishing(tick):
            answer = self._answers.pop(index)
            if isinstance(answer, Exception):
                fatal = self._fail(index, answer) or fatal
            else:
                self._schedule.committed(tick, [commit.envelope.topic for commit in answer])
                commits += answer
        if commits:
            self._deliver(commits)
        self.tick += 1
        return fatal

    def _all_built(self) -> list[Node]:
        """Return a node for each slot; where one cannot be made, those before it are closed."""
        with ExitStack() as built:
            nodes: list[Node] = []
            for slot in self._graph.slots:
                nodes.append(self._build(slot))
                built.callback(nodes[-1].close)
            built.pop_all()
        return nodes

    def _build(self, slot: Slot) -> Node:
        try:
            return slot.build(self._seed)
        except Exception as error:
            raise RunFailed(NodeFailure(slot.row.name, 0, raised(error), traceback.format_exc())) from error

    def _come_back(self, index: int) -> NodeFailure | None:
        slot = self._graph.slots[index]
        try:
            self._nodes[index] = slot.build(self._seed)
        except Exception as error:
            return self._fail(index, error)
        self._mailboxes[index] = Mailbox(slot.inputs)
        self.health[slot.row.name].state = "running"
        return None

    def _step(self, index: int, tick: int) -> list[Commit] | Exception:
        slot, ticks = self._graph.slots[index], self._graph.ticks
        now_ns, commit_ns = ticks.ns(tick), ticks.ns(tick + slot.latency)
        started = time.perf_counter_ns()
        try:
            outbox = self._nodes[index].step(now_ns, self._mailboxes[index].take(now_ns, self._schedule.absent))
            return self._publishers[index].publish(outbox, commit_ns)
        except Exception as error:
            return error
        finally:
            self.health[slot.row.name].times.add(time.perf_counter_ns() - started)

    def _fail(self, index: int, error: Exception) -> NodeFailure | None:
        """Take a slot out; return its failure if that ends the run."""
        back = self._schedule.died(index, self.tick)
        name = self._graph.slots[index].row.name
        details = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        failure = NodeFailure(name, self.tick, raised(error), details, back is not None)
        self.health[name].gone(back is not None)
        self.failures.append(failure)
        return None if failure.restarts else failure

    def _deliver(self, commits: Sequence[Commit]) -> None:
        for commit in commits:
            topic = commit.envelope.topic
            for index in self._readers[topic]:
                self._mailboxes[index].deliver(commit.stamped)
            for observer in self._observers:
                observer.on_commit(commit)
            for tap, tap_observer in self._taps:
                if tap.wants(topic):
                    tap_observer.on_commit(commit)
