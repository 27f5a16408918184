"""One process per node, time handed out by a coordinator: same commits as `lockstep`, byte for byte, on all cores.

Messages go straight from writer to readers; the coordinator only says how many of each topic are committed by now, so
it decides what is visible and never carries it. It waits for a step at the tick at which that step's outputs are
committed, not before: slow nodes with a latency run beside the ticks that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from robot.bus.audience import Audience
from robot.bus.control import Absorb, Again, Begin, Done, Failed, Tick
from robot.bus.run import BusOptions, BusRun
from robot.bus.stepped_worker import NodeJob
from robot.runtime.commit import Observer
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.lockstep import RUN_OUT_S
from robot.runtime.schedule import Schedule
from robot.runtime.table import Graph
from robot.runtime.tap import Tap


class Stepped(BusRun):
    """Runs a graph tick by tick, one process per node and per tap."""

    def __init__(
        self,
        graph: Graph,
        seed: int,
        observers: Sequence[Observer] = (),
        taps: Sequence[Tap] = (),
        options: BusOptions = BusOptions(),  # noqa: B008  # frozen
    ) -> None:
        """Start every process and return when all of them hear each other.

        Raises:
            RunFailed: a node cannot be built, or does not start in time.
            BusError: tcp without keys.
        """
        super().__init__(graph, seed, options)
        self._schedule = Schedule(graph)
        self._fed_at = [0] * len(graph.slots)  # tick at which each slot last took in its messages
        self._experienced: set[int] = set()  # slots whose first step is over
        self._early: dict[int, Any] = {}  # answers that came before their tick
        self.tick = 0
        self._audience = Audience(self._crew, self._context, self._sources(), observers, taps)
        try:
            with self._crew.interrupt:
                self._start()
            self._open_doors()
        except BaseException:
            self._abandon()
            raise

    def advance(self, until_tick: int) -> None:
        """Run up to (not including) `until_tick`; observers have then seen all of it.

        Raises RunFailed when a node fails whose row says stop, or a tap.
        """
        with self._crew.interrupt:
            while self.tick < until_tick:
                fatal = self._one_tick()
                if fatal is not None:
                    self._run_out()
                    raise RunFailed(fatal)
                self._crew.interrupt.check()
            self._audience.flush(self.tick)

    def close(self) -> None:
        """End every process; `results` holds what the taps returned. Raises RunFailed when a tap has no result."""
        if self._closed:
            return
        self._closed = True
        try:
            answers = self._crew.close(patient=self._audience.taps)
            self._note_last_words(answers, self.tick)
            self.results = self._audience.results(answers, self.tick)
        finally:
            self._clean_up()

    def _start(self) -> None:
        for index in range(len(self._names)):
            self._start_node(index, incarnation=0)
        self._audience.start(self._options.start_s)
        everybody = [*self._names, *self._audience.taps]
        self._all_well(self._crew.wait(everybody))
        self._acquaint(self._audience.taps)
        self._all_well({name: self._crew.answer(name) for name in everybody})

    def _start_node(self, index: int, incarnation: int) -> None:
        slot, endpoint = self._graph.slots[index], self._folder.writer(index)
        job = NodeJob(slot, self._seed, incarnation, endpoint, self._writers_of(index))
        self._crew.start(self._names[index], job, self._options.start_s)

    def _acquaint(self, taps: Mapping[str, list[str]]) -> None:
        """Let everybody hear everybody: a subscription that is not there yet would lose messages."""
        here = [i for i, name in enumerate(self._names) if self.health[name].state == "running"]
        inputs = {self._names[i]: self._inputs[i] for i in here} | dict(taps)
        self._crew.acquaint(
            {name: self._writer_names(topics) for name, topics in inputs.items()},
            {self._names[i]: [self._counts[topic] for topic in self._outputs[i]] for i in here},
            self._options.start_s,
            lambda: self._audience.hears(self._incarnation),
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
        order = Tick(ticks.ns(tick), ticks.ns(tick + self._graph.slots[index].latency), counts, self._schedule.absent)
        self._fed_at[index] = tick
        self._crew.send(self._names[index], order, self._limit_s(index))

    def _limit_s(self, index: int) -> float:
        return self._options.hang_s if index in self._experienced else self._options.start_s

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
        self._acquaint(self._audience.followers)
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
