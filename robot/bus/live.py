"""One process per node on the wall clock, each at its own rate: how a robot runs. Its supervisor brings back who falls.

Nobody hands out time: a coordinator that stalls delays nothing. While a node is away its topics go stale, and safety
holds the robot still.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from typing import Any

from robot.bus.control import Begin, Failed, Hello, Result
from robot.bus.live_worker import LiveJob
from robot.bus.reader import Reader
from robot.bus.run import BusOptions, BusRun
from robot.bus.supervisor import Supervisor
from robot.bus.tap_worker import LooseTapJob
from robot.bus.wire import LIVE_QUEUE
from robot.clock import NS_PER_S
from robot.runtime.commit import Observer
from robot.runtime.failure import NodeFailure
from robot.runtime.table import Graph
from robot.runtime.tap import Tap


class Live(BusRun):
    """Runs a graph on the wall clock. Observers and taps see messages in the order in which they arrive."""

    def __init__(
        self,
        graph: Graph,
        seed: int,
        observers: Sequence[Observer] = (),
        taps: Sequence[Tap] = (),
        options: BusOptions = BusOptions(),  # noqa: B008  # frozen
    ) -> None:
        """Start every process and begin when all of them hear each other.

        Raises:
            RunFailed: a node cannot be built, or does not start in time.
            BusError: tcp without keys.
        """
        super().__init__(graph, seed, options)
        self._observers = observers
        self._supervisor = Supervisor()
        self._taps = {f"tap:{tap.name}": tap for tap in taps}
        self._reader = Reader(self._context, self._sources() if observers else (), LIVE_QUEUE)
        self._start_ns = 0
        try:
            with self._crew.interrupt:
                self._start()
            self._open_doors()
        except BaseException:
            self._reader.close()
            self._abandon()
            raise

    @property
    def tick(self) -> int:
        """The tick it would be by now, were there ticks."""
        return (time.monotonic_ns() - self._start_ns) * self._graph.ticks.hz // NS_PER_S

    def advance(self, until_tick: int) -> None:
        """Let it run until the time of `until_tick`; observers are called meanwhile. Failures come and go."""
        with self._crew.interrupt:
            while self.tick < until_tick:
                self._crew.listen()
                self._look_around()
                self._crew.interrupt.check()

    def close(self) -> None:
        """End every process; `results` holds what the taps returned."""
        if self._closed:
            return
        self._closed = True
        try:
            answers = self._crew.close(patient=self._taps)
            self._note_last_words(answers, self.tick)
            for member, tap in self._taps.items():
                answer = answers.get(member)
                if isinstance(answer, Result):
                    self.results[tap.name] = pickle.loads(answer.data)
        finally:
            self._reader.close()
            self._clean_up()

    def _start(self) -> None:
        for index in range(len(self._names)):
            self._start_node(index, incarnation=0)
        for member, tap in self._taps.items():
            sources = tuple(source for source in self._sources() if tap.wants(source.topic.name))
            self._crew.start(member, LooseTapJob(tap.factory, sources, tap.glances), self._options.start_s)
        everybody = [*self._names, *self._taps]
        self._all_well(self._crew.wait(everybody))
        reads = dict(zip(self._names, self._inputs, strict=True))
        reads |= {member: [topic for topic in self._writers if tap.wants(topic)] for member, tap in self._taps.items()}
        self._crew.acquaint(
            {name: self._writer_names(topics) for name, topics in reads.items()},
            {name: [0] * len(outputs) for name, outputs in zip(self._names, self._outputs, strict=True)},
            self._options.start_s,
            self._hears,
        )
        self._all_well({name: self._crew.answer(name) for name in everybody})
        self._start_ns = time.monotonic_ns()
        for name in self._names:
            self._begin(name)

    def _start_node(self, index: int, incarnation: int) -> None:
        slot = self._graph.slots[index]
        period_ns = None if slot.period is None else self._graph.ticks.ns(slot.period)
        endpoint, counters = self._folder.writer(index), self._folder.counters(index)
        job = LiveJob(slot, self._seed, incarnation, endpoint, self._writers_of(index), period_ns, counters)
        self._crew.start(self._names[index], job, self._options.start_s)

    def _begin(self, name: str) -> None:
        # Until its first step is over (it may compile), a node may be silent for longer.
        self._crew.send(name, Begin({}, {}, self._start_ns), self._options.start_s)
        self._supervisor.began(name, time.monotonic())
        self.health[name].state = "running"

    def _hears(self) -> bool:
        heard = self._reader.hear()
        return all(heard.get(topic) == self._incarnation(topic) for topic in self._reader.topics)

    def _look_around(self) -> None:
        for commit in self._reader.arrived():
            for observer in self._observers:
                observer.on_commit(commit)
        self._note_steps()
        living = [name for name, member in self._crew.members.items() if member.alive]
        self._crew.look_after(living)
        for name in list(self._crew.members):
            self._note(name, self._crew.answer(name))
        for name in self._supervisor.due(time.monotonic()):
            index = self._names.index(name)
            self._start_node(index, self._crew.members[name].incarnation + 1)

    def _note_steps(self) -> None:
        for name, steps in self._crew.steps.items():
            for step_ns in steps:
                self.health[name].times.add(step_ns)
            if steps:
                self._crew.allow(name, self._options.hang_s)
        self._crew.steps.clear()

    def _note(self, name: str, answer: Any) -> None:
        if isinstance(answer, Hello):
            self._begin(name)
        elif isinstance(answer, Failed):
            is_node = name in self.health
            self.failures.append(NodeFailure(name, self.tick, answer.reason, answer.details, is_node))
            if is_node:
                delay_s = self._supervisor.fell(name, time.monotonic())
                self.health[name].gone(comes_back=True)
                self._options.on_line(name, f"{answer.reason}; starts again in {delay_s:g} s")
