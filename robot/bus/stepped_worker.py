"""A node in a process of its own, stepped by the coordinator: it sees and says what it would in `lockstep`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robot.bus.compiling import tell_of_compiling
from robot.bus.control import Absorb, Again, Begin, Done, Heard, Hello, Probe, Stop, Tick
from robot.bus.reader import Reader, Source
from robot.bus.wire import UNLIMITED, Outlet
from robot.bus.worker import Link
from robot.runtime.commit import Commit, Mailbox, Publisher
from robot.runtime.table import Slot


@dataclass(frozen=True)
class NodeJob:
    """Everything a worker needs to be one node; called with its link, it is that node until told to stop."""

    slot: Slot
    seed: int
    incarnation: int
    endpoint: str
    writers: Mapping[str, str]
    """Endpoint of the writer of each input that has one."""

    def sources(self) -> list[Source]:
        """Return the inputs that somebody writes."""
        return [Source(t, self.writers[t.name]) for t in self.slot.inputs if t.name in self.writers]

    def __call__(self, link: Link) -> None:
        _SteppedNode(self, link).run()


class _SteppedNode:
    def __init__(self, job: NodeJob, link: Link) -> None:
        slot = job.slot
        self._job = job
        self._link = link
        self._inputs = [topic.name for topic in slot.inputs]
        self._outputs = [topic.name for topic in slot.outputs]
        self._mailbox = Mailbox(slot.inputs)
        self._publisher = Publisher(job.slot.row.name, slot.outputs)
        self._last: list[Commit] = []
        self._node = job.slot.build(job.seed)
        tell_of_compiling(link)
        self._outlet = Outlet(link.context, job.endpoint, UNLIMITED)
        self._reader = Reader(link.context, job.sources(), UNLIMITED)

    def run(self) -> None:
        self._link.report(Hello())
        try:
            while not isinstance(order := self._link.order(), Stop):
                self._obey(order)
        finally:
            self._node.close()
            self._outlet.close()
            self._reader.close()

    def _obey(self, order: Any) -> None:
        if isinstance(order, Tick):
            self._step(order)
        elif isinstance(order, Absorb):
            self._reader.collect(self._inputs, order.counts, self._mailbox)
        elif isinstance(order, Probe):
            self._outlet.probe(self._outputs, self._job.incarnation, order.counts)
            self._link.report(Heard(self._reader.hear()))
        elif isinstance(order, Begin):
            self._reader.begin(order.received)
            self._publisher.resume(order.sequence)
        elif isinstance(order, Again):
            for commit in self._last:
                self._outlet.send(commit)

    def _step(self, tick: Tick) -> None:
        self._reader.collect(self._inputs, tick.counts, self._mailbox)
        started = time.perf_counter_ns()
        outbox = self._node.step(tick.now_ns, self._mailbox.take(tick.now_ns, tick.absent))
        self._last = self._publisher.publish(outbox, tick.commit_ns)
        for commit in self._last:
            self._outlet.send(commit)
        outputs = [self._outputs.index(commit.envelope.topic) for commit in self._last]
        self._link.report(Done(outputs, time.perf_counter_ns() - started))
