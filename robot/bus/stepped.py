"""One process per node, time handed out by a coordinator: same commits as `lockstep`, byte for byte, on all cores.

Messages go straight from writer to readers; the coordinator only says how many of each topic are committed by now, so
it decides what is visible and never carries it. It waits for a step at the tick at which that step's outputs are
committed, not before: slow nodes with a latency run beside the ticks that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import zmq

from robot.bus.audience import Audience
from robot.bus.control import Absorb, Again, Begin, Done, Failed, Tick
from robot.bus.crew import Crew
from robot.bus.door import Door
from robot.bus.process import LineSink, to_stderr
from robot.bus.reader import Source
from robot.bus.run_folder import RunFolder
from robot.bus.stepped_worker import NodeJob
from robot.runtime.commit import Observer
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.health import NodeHealth, timing
from robot.runtime.lockstep import RUN_OUT_S
from robot.runtime.schedule import Schedule
from robot.runtime.table import Graph
from robot.runtime.tap import Tap

HANG_S = 10.0  # wall time a step may take
START_S = 120.0  # wall time to import and build; also for the first step, which may compile kernels


class Stepped:
    """Runs a graph tick by tick, one process per node and per tap."""

    def __init__(
        self,
        graph: Graph,
        seed: int,
        observers: Sequence[Observer] = (),
        taps: Sequence[Tap] = (),
        *,
        hang_s: float = HANG_S,
        start_s: float = START_S,
        door: bool = False,
        on_line: LineSink = to_stderr,
    ) -> None:
        """Start every process and return when all of them hear each other.

        Args:
            hang_s: wall time a step may take before its node counts as hung.
            start_s: wall time for a node to import and build, and for its first step (which may compile).
            door: let readers from outside connect, at `self.door`.
            on_line: gets what workers write to stderr.

        Raises:
            RunFailed: a node cannot be built, or does not start in time.
        """
        self._graph = graph
        self._seed = seed
        self._hang_s, self._start_s = hang_s, start_s
        self._schedule = Schedule(graph)
        self._names = [slot.row.name for slot in graph.slots]
        self._inputs = [[topic.name for topic in slot.cls.inputs] for slot in graph.slots]
        self._outputs = [[topic.name for topic in slot.cls.outputs] for slot in graph.slots]
        self._writers = {topic: i for i, outputs in enumerate(self._outputs) for topic in outputs}
        self._counts: Counter[str] = Counter()
        self._fed_at = [0] * len(graph.slots)  # tick at which each slot last took in its messages
        self._experienced: set[int] = set()  # slots whose first step is over
        self._early: dict[int, Any] = {}  # answers that came before their tick
        self._closed = False
        self.tick = 0
        self.failures: list[NodeFailure] = []
        self.health = {name: NodeHealth() for name in self._names}
        self.results: dict[str, Any] = {}
        """What each tap returned, once the run is closed."""
        self._folder = RunFolder()
        self._context: zmq.Context[Any] = zmq.Context(1)
        self._crew = Crew(self._context, self._folder.control, on_line)
        self._audience = Audience(self._crew, self._context, self._sources(), observers, taps)
        self._door: Door | None = None
        try:
            self._start()
            if door:
                self._door = Door((self._folder.writer(i) for i in range(len(self._names))), [self.door])
        except BaseException:
            self._abandon()
            raise

    def advance(self, until_tick: int) -> None:
        """Run up to (not including) `until_tick`; observers have then seen all of it.

        Raises RunFailed when a node fails whose row says stop, or a tap.
        """
        while self.tick < until_tick:
            fatal = self._one_tick()
            if fatal is not None:
                self._run_out()
                raise RunFailed(fatal)
        self._audience.flush(self.tick)

    def close(self) -> None:
        """End every process; `results` holds what the taps returned. Raises RunFailed when a tap has no result."""
        if self._closed:
            return
        self._closed = True
        try:
            answers = self._crew.close(patient=self._audience.taps)
            for name, answer in answers.items():
                if isinstance(answer, Failed) and name in self.health:
                    self.failures.append(NodeFailure(name, self.tick, answer.reason, answer.details))
            self.results = self._audience.results(answers, self.tick)
        finally:
            self._clean_up()

    def timing(self) -> dict[str, dict[str, Any]]:
        """Return the summary of every node's step times."""
        return timing(self.health)

    @property
    def door(self) -> str:
        """Where a Subscription connects, if the run has a door."""
        return self._folder.door

    def pids(self) -> dict[str, int]:
        """Return the process id of every living node and tap ("tap:NAME")."""
        return self._crew.pids()

    def _sources(self) -> list[Source]:
        return [Source(topic, self._folder.writer(self._writers[topic.name])) for topic in self._graph.topics()]

    def _start(self) -> None:
        for index in range(len(self._names)):
            self._start_node(index, incarnation=0)
        self._audience.start(self._start_s)
        everybody = [*self._names, *self._audience.taps]
        self._all_well(self._crew.wait(everybody))
        self._acquaint()
        self._all_well({name: self._crew.answer(name) for name in everybody})

    def _start_node(self, index: int, incarnation: int) -> None:
        slot = self._graph.slots[index]
        writers = {t: self._folder.writer(self._writers[t]) for t in self._inputs[index] if t in self._writers}
        job = NodeJob(slot, self._seed, incarnation, self._folder.writer(index), writers)
        self._crew.start(self._names[index], job, self._start_s)

    def _all_well(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            if isinstance(answer, Failed):
                raise RunFailed(NodeFailure(name, self.tick, answer.reason, answer.details))

    def _acquaint(self) -> None:
        """Let everybody hear everybody: a subscription that is not there yet would lose messages."""
        here = [i for i, name in enumerate(self._names) if self.health[name].state == "running"]
        inputs = {self._names[i]: self._inputs[i] for i in here} | self._audience.taps
        writers = {topic: self._names[index] for topic, index in self._writers.items()}
        self._crew.acquaint(
            {name: {t: writers[t] for t in topics if t in writers} for name, topics in inputs.items()},
            {self._names[i]: [self._counts[topic] for topic in self._outputs[i]] for i in here},
            self._start_s,
            lambda: self._audience.hears(lambda topic: self._crew.incarnation(writers[topic])),
        )

    def _run_out(self) -> None:
        end = self.tick + self._graph.ticks.count(RUN_OUT_S)
        while self.tick < end:
            self._one_tick()
        self._audience.flush(self.tick)

    def _one_tick(self) -> NodeFailure | None:
        tick, fatal = self.tick, None
        returning = self._schedule.returning(tick)
        if returning:
            fatal = self._welcome(returning)
        if tick % self._graph.ticks.hz == 0:
            self._feed_the_idle(tick)
        for index in self._schedule.starting(tick):
            self._order_step(index, tick)
        finishing = self._schedule.finishing(tick)
        answers = self._answers(finishing)
        committed: list[str] = []
        for index in finishing:
            answer = answers[index]
            if isinstance(answer, Failed):
                fatal = self._fail(index, answer) or fatal
            else:
                committed += self._commit(index, answer, tick)
        self._counts.update(committed)
        self._audience.committed(committed, tick)
        self.tick += 1
        return fatal

    def _order_step(self, index: int, tick: int) -> None:
        ticks = self._graph.ticks
        counts = [self._counts[topic] for topic in self._inputs[index]]
        order = Tick(ticks.ns(tick), ticks.ns(tick + self._graph.slots[index].latency), counts)
        self._fed_at[index] = tick
        self._crew.send(self._names[index], order, self._hang_s if index in self._experienced else self._start_s)

    def _answers(self, indices: Sequence[int]) -> dict[int, Any]:
        """Wait for the answers of steps, and for no others."""
        missing = [index for index in indices if index not in self._early]
        answers = self._crew.wait([self._names[index] for index in missing])
        found = {index: answers[self._names[index]] for index in missing}
        return found | {index: self._early.pop(index) for index in indices if index in self._early}

    def _commit(self, index: int, done: Done, tick: int) -> list[str]:
        self._experienced.add(index)
        self.health[self._names[index]].times.add(done.step_ns)
        topics = [self._outputs[index][i] for i in done.outputs]
        self._schedule.committed(tick, topics)
        return topics

    def _fail(self, index: int, answer: Failed) -> NodeFailure | None:
        """Take a slot out; return its failure if that ends the run."""
        back = self._schedule.died(index, self.tick)
        name = self._names[index]
        failure = NodeFailure(name, self.tick, answer.reason, answer.details, back is not None)
        self._experienced.discard(index)
        self.health[name].gone(back is not None)
        self.failures.append(failure)
        if back is not None:
            self._start_node(index, self._crew.members[name].incarnation + 1)
        return None if failure.restarts else failure

    def _welcome(self, returning: Sequence[int]) -> NodeFailure | None:
        """Bring restarted nodes back in, at a moment when nobody is in a step."""
        fatal = None
        self._early |= self._answers(self._schedule.running())
        here = []
        for index, answer in self._answers(returning).items():
            if isinstance(answer, Failed):
                fatal = self._fail(index, answer) or fatal
            else:
                here.append(index)
                self.health[self._names[index]].state = "running"
        self._acquaint()
        for index in here:
            sequence = {topic: self._counts[topic] for topic in self._outputs[index]}
            self._crew.send(self._names[index], Begin(dict(self._counts), sequence))
        for index, answer in self._early.items():
            if isinstance(answer, Done):
                self._crew.send(self._names[index], Again())
        return fatal

    def _feed_the_idle(self, tick: int) -> None:
        """A node that seldom steps would let its queue grow: let it take in what is committed."""
        self._absorb(i for i, fed_at in enumerate(self._fed_at) if tick - fed_at >= self._graph.ticks.hz)

    def _absorb(self, indices: Iterable[int]) -> None:
        for index in indices:
            if self.health[self._names[index]].state == "running":
                self._crew.send(self._names[index], Absorb([self._counts[topic] for topic in self._inputs[index]]))

    def _abandon(self) -> None:
        """Close without asking for results: the run never began."""
        self._closed = True
        self._crew.close(patient=())
        self._clean_up()

    def _clean_up(self) -> None:
        if self._door is not None:
            self._door.close()
        self._context.destroy(linger=0)
        self._folder.remove()
