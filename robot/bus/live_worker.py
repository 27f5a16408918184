"""A node in a process of its own on the wall clock: it steps at its rate or on its trigger, and tells that it lives.

Latest wins: before each step everything that has arrived is taken in. A step that takes longer than its period makes
the node skip periods, never catch up in a burst.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from robot.bus.compiling import tell_of_compiling
from robot.bus.control import Begin, Heard, Hello, Probe, Steps, Stop
from robot.bus.reader import Reader, Source
from robot.bus.wire import LIVE_QUEUE, Outlet
from robot.bus.worker import Link
from robot.clock import NS_PER_S
from robot.runtime.commit import Mailbox, Publisher
from robot.runtime.table import Slot

REPORT_S = 1.0
LISTEN_MS = 50  # between two looks at what the coordinator says
CLOSE_NS = 3_000_000  # so near to its time a node no longer waits for messages


@dataclass(frozen=True)
class LiveJob:
    """Everything a worker needs to be one node; called with its link, it is that node until told to stop."""

    slot: Slot
    seed: int
    incarnation: int
    endpoint: str
    writers: Mapping[str, str]
    """Endpoint of the writer of each input that has one."""
    period_ns: int | None
    counters: Path
    """Where the node counts what it published, for the incarnation that follows it."""

    def __call__(self, link: Link) -> None:
        _LiveNode(self, link).run()


class Counters:
    """The next sequence number of each output, in a file that outlives the process."""

    def __init__(self, path: Path, count: int) -> None:
        self._layout = struct.Struct(f"<{max(count, 1)}Q")
        self._count = count
        if not path.exists():
            path.write_bytes(bytes(self._layout.size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), self._layout.size)

    def read(self) -> list[int]:
        """Return the numbers."""
        return list(self._layout.unpack_from(self._map))[: self._count]

    def advance(self, index: int) -> None:
        """Count one message of output `index`."""
        value = struct.unpack_from("<Q", self._map, 8 * index)[0]
        struct.pack_into("<Q", self._map, 8 * index, value + 1)


class _LiveNode:
    def __init__(self, job: LiveJob, link: Link) -> None:
        slot = job.slot
        self._job = job
        self._link = link
        self._outputs = [topic.name for topic in slot.outputs]
        self._trigger = job.slot.trigger.name if job.slot.trigger is not None else None
        self._mailbox = Mailbox(slot.inputs)
        self._publisher = Publisher(job.slot.row.name, slot.outputs)
        self._counters = Counters(job.counters, len(self._outputs))
        self._publisher.resume(dict(zip(self._outputs, self._counters.read(), strict=True)))
        self._node = job.slot.build(job.seed)
        tell_of_compiling(link)
        self._outlet = Outlet(link.context, job.endpoint, LIVE_QUEUE)
        sources = [Source(t, job.writers[t.name]) for t in slot.inputs if t.name in job.writers]
        self._reader = Reader(link.context, sources, LIVE_QUEUE)
        self._steps: list[int] = []
        self._stepped = False
        self._start_ns = 0
        self._due_ns: int | None = None
        self._report_ns = 0

    def run(self) -> None:
        self._link.report(Hello())
        try:
            while self._obey():
                if self._take_in(self._wait_ms()) or self._is_due():
                    self._step()
                self._report()
        finally:
            self._node.close()
            self._outlet.close()
            self._reader.close()

    def _now_ns(self) -> int:
        return time.monotonic_ns() - self._start_ns

    def _obey(self) -> bool:
        """Carry out what the coordinator says; wait for it before the run has begun. Return False to stop."""
        while self._start_ns == 0 or self._link.socket.poll(0):
            order = self._link.order()
            if isinstance(order, Stop):
                return False
            if isinstance(order, Probe):
                self._outlet.probe(self._outputs, self._job.incarnation, self._counters.read())
                self._link.report(Heard(self._reader.hear()))
            elif isinstance(order, Begin):
                self._start_ns = order.start_ns
                if self._job.period_ns is not None:
                    self._due_ns = self._next_period()
        return True

    def _next_period(self) -> int:
        assert self._job.period_ns is not None
        return (max(self._now_ns(), 0) // self._job.period_ns + 1) * self._job.period_ns

    def _wait_ms(self) -> int:
        """Return how long to wait for messages; sleeps the last moments before the node is due by itself."""
        if self._due_ns is None:
            return LISTEN_MS
        wait_ns = self._due_ns - self._now_ns()
        if wait_ns >= CLOSE_NS:
            return min(wait_ns // 1_000_000 - 1, LISTEN_MS)  # a wait ends at whole milliseconds only
        if wait_ns > 0:
            time.sleep(wait_ns / NS_PER_S)
        return 0

    def _take_in(self, wait_ms: int) -> bool:
        """Take in what has arrived; return whether the trigger is among it."""
        triggered = False
        for commit in self._reader.arrived(wait_ms):
            self._mailbox.deliver(commit.stamped)
            triggered = triggered or commit.envelope.topic == self._trigger
        return triggered

    def _is_due(self) -> bool:
        if self._due_ns is None or self._now_ns() < self._due_ns:
            return False
        self._due_ns = self._next_period()
        return True

    def _step(self) -> None:
        started = time.perf_counter_ns()
        now_ns = self._now_ns()
        outbox = self._node.step(now_ns, self._mailbox.take(now_ns))
        for commit in self._publisher.publish(outbox, self._now_ns()):
            self._outlet.send(commit)
            self._counters.advance(self._outputs.index(commit.envelope.topic))
        if not self._stepped:
            self._stepped, self._report_ns = True, 0  # from here on a long silence means something
        self._steps.append(time.perf_counter_ns() - started)

    def _report(self) -> None:
        if self._now_ns() >= self._report_ns:
            self._link.report(Steps(self._steps))
            self._steps = []
            self._report_ns = self._now_ns() + round(REPORT_S * NS_PER_S)
