"""What runs over ZeroMQ have in common: the private folder, the crew, who writes what, the doors, and the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import zmq

from robot.bus.control import Failed
from robot.bus.crew import Crew
from robot.bus.curve import Keys
from robot.bus.door import Door
from robot.bus.errors import BusError
from robot.bus.process import LineSink, to_stderr
from robot.bus.reader import Source
from robot.bus.run_folder import RunFolder
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.health import NodeHealth, timing
from robot.runtime.table import Graph


@dataclass(frozen=True)
class BusOptions:
    """How a run over ZeroMQ is watched and who may look in. Changes nothing of what nodes do."""

    hang_s: float = 10.0
    """Wall time a step may take before its node counts as hung."""
    start_s: float = 120.0
    """Wall time for a node to import and build, and for its first step (which may compile kernels)."""
    door: bool = False
    """Let readers of this machine and user connect, at `door` of the runner."""
    tcp: str | None = None
    """Let readers of other machines connect: "tcp://ADDRESS:PORT". Needs keys."""
    keys: Keys | None = None
    on_line: LineSink = to_stderr
    """Gets what workers write to stdout and stderr."""


class BusRun:
    """Base of the runners with one process per node."""

    def __init__(self, graph: Graph, seed: int, options: BusOptions) -> None:
        if options.tcp is not None and options.keys is None:
            raise BusError(f"{options.tcp}: a bus over tcp needs keys (an open port is refused); give it a key file")
        self._graph = graph
        self._seed = seed
        self._options = options
        self._names = [slot.row.name for slot in graph.slots]
        self._inputs = [[topic.name for topic in slot.inputs] for slot in graph.slots]
        self._outputs = [[topic.name for topic in slot.outputs] for slot in graph.slots]
        self._writers = {topic: i for i, outputs in enumerate(self._outputs) for topic in outputs}
        self._counts: Counter[str] = Counter()
        self._closed = False
        self._doors: list[Door] = []
        self.failures: list[NodeFailure] = []
        self.health = {name: NodeHealth() for name in self._names}
        self.results: dict[str, Any] = {}
        """What each tap returned, once the run is closed."""
        self._folder = RunFolder()
        self._context: zmq.Context[Any] = zmq.Context(1)
        self._crew = Crew(self._context, self._folder.control, options.on_line)

    @property
    def door(self) -> str:
        """Where a Subscription connects, if the run has a door."""
        return self._folder.door

    def timing(self) -> dict[str, dict[str, Any]]:
        """Return the summary of every node's step times."""
        return timing(self.health)

    def pids(self) -> dict[str, int]:
        """Return the process id of every living node and tap ("tap:NAME")."""
        return self._crew.pids()

    def _sources(self) -> list[Source]:
        return [Source(topic, self._folder.writer(self._writers[topic.name])) for topic in self._graph.topics()]

    def _writers_of(self, index: int) -> dict[str, str]:
        """Return the endpoint of the writer of each input of a slot that has one."""
        return {t: self._folder.writer(self._writers[t]) for t in self._inputs[index] if t in self._writers}

    def _writer_names(self, topics: list[str]) -> dict[str, str]:
        return {topic: self._names[self._writers[topic]] for topic in topics if topic in self._writers}

    def _incarnation(self, topic: str) -> int | None:
        return self._crew.incarnation(self._names[self._writers[topic]])

    def _all_well(self, answers: Mapping[str, Any]) -> None:
        """Raise RunFailed for the first answer that is a failure."""
        for name, answer in answers.items():
            if isinstance(answer, Failed):
                raise RunFailed(NodeFailure(name, 0, answer.reason, answer.details))

    def _open_doors(self) -> None:
        writers = [self._folder.writer(index) for index in range(len(self._names))]
        if self._options.door:
            self._doors.append(Door(writers, self.door))
        if self._options.tcp is not None:
            self._doors.append(Door(writers, self._options.tcp, self._options.keys))

    def _note_last_words(self, answers: Mapping[str, Any], tick: int) -> None:
        """Nodes that failed while closing are failures too."""
        for name, answer in answers.items():
            if isinstance(answer, Failed) and name in self.health:
                self.failures.append(NodeFailure(name, tick, answer.reason, answer.details))

    def _abandon(self) -> None:
        """Close without asking for results: the run never began."""
        self._closed = True
        self._crew.close(patient=())
        self._clean_up()

    def _clean_up(self) -> None:
        for door in self._doors:
            door.close()
        self._context.destroy(linger=0)
        self._folder.remove()
