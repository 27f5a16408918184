"""The process table: one row per node, and the checks that make a set of rows a graph.

Reading the rows is reading the system. `resolve` refuses what cannot run: duplicate names, two writers of a topic,
inputs nobody writes, rates that do not divide the tick, and truth read by anything but a scorer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from robot.clock import PeriodError, Ticks
from robot.node import Node, Topic, config_class, node_class
from robot.runtime.renames import Renamed, Renames, renamed, wrong_rename


class TableError(ValueError):
    """A table that cannot run; the message is one line naming what, where and what would be right."""


@dataclass(frozen=True)
class Row:
    """One node of a run."""

    name: str
    node: str
    """"module:Class"."""
    config: Any = None
    """Instance of the node's config dataclass; None = its defaults."""
    rate_hz: float | None = None
    """Overrides the class's rate."""
    latency_s: float = 0.0
    """Time a step takes on the robot: its outputs are committed this much later, and it may overlap with others."""
    on_failure: Literal["stop", "restart"] = "stop"
    renames: Renames = ()
    """Topics that this row reads and writes in place of those that its node's class says."""


@dataclass(frozen=True)
class Slot:
    """A row, checked and counted in ticks."""

    index: int
    row: Row
    cls: type[Node]
    period: int | None  # ticks; None = runs on its trigger
    latency: int  # ticks

    @property
    def inputs(self) -> tuple[Topic[Any], ...]:
        """What it reads in this run."""
        return renamed(self.cls.inputs, self.row.renames)

    @property
    def outputs(self) -> tuple[Topic[Any], ...]:
        """What it writes in this run."""
        return renamed(self.cls.outputs, self.row.renames)

    @property
    def trigger(self) -> Topic[Any] | None:
        """The topic whose commits start this node; None where it runs at a rate."""
        if self.period is not None or self.cls.trigger is None:
            return None
        return renamed((self.cls.trigger,), self.row.renames)[0]

    def build(self, seed: int) -> Node:
        """Construct the node with its own random stream."""
        from robot.rng import spawn

        config = config_class(self.cls)() if self.row.config is None else self.row.config
        node: Node = self.cls(config, spawn(seed, self.row.name))  # type: ignore[call-arg]
        return Renamed(node, self.row.renames) if self.row.renames else node


@dataclass(frozen=True)
class Graph:
    """A table that can run."""

    ticks: Ticks
    slots: tuple[Slot, ...]

    def writer_of(self, topic: Topic[Any]) -> Slot | None:
        """Return the one slot that writes `topic`, or None."""
        return next((s for s in self.slots if topic in s.outputs), None)

    def topics(self) -> tuple[Topic[Any], ...]:
        """Return every topic somebody writes, in table order."""
        return tuple(topic for slot in self.slots for topic in slot.outputs)


def resolve(rows: Iterable[Row], tick_hz: int, *, privileged: bool = False) -> Graph:
    """Check `rows` and return the graph they make.

    Args:
        tick_hz: ticks a second of the run.
        privileged: let rows whose class says `reads_truth` read truth (labelled baselines and scorers).

    Raises:
        TableError: the first thing that is wrong, in one line.
    """
    ticks = Ticks(tick_hz)
    slots: list[Slot] = []
    for index, row in enumerate(rows):
        if any(slot.row.name == row.name for slot in slots):
            raise TableError(f"node '{row.name}' stands twice in the table: names must differ")
        slots.append(_slot(index, row, ticks))
    graph = Graph(ticks, tuple(slots))
    _check_writers(graph)
    _check_readers(graph, privileged)
    return graph


def _slot(index: int, row: Row, ticks: Ticks) -> Slot:
    try:
        cls = node_class(row.node)
        rate = row.rate_hz if row.rate_hz is not None else cls.rate_hz
        if rate is None and cls.trigger is None:
            raise TableError(f"node '{row.name}': neither a rate nor a trigger topic; give it rate_hz")
        period = None if rate is None else ticks.period(rate, f"node '{row.name}'")
    except (PeriodError, TableError) as error:
        raise TableError(str(error)) from error
    except ValueError as error:
        raise TableError(f"row '{row.name}': {error}") from error
    if row.config is not None and not isinstance(row.config, config_class(cls)):
        wanted, got = config_class(cls).__name__, type(row.config).__name__
        raise TableError(f"node '{row.name}': config is a {got}, must be a {wanted}")
    wrong = wrong_rename(cls.inputs, cls.outputs, row.renames)
    if wrong:
        raise TableError(f"node '{row.name}' {wrong}")
    return Slot(index, row, cls, period, ticks.count(row.latency_s))


def _check_writers(graph: Graph) -> None:
    writers: dict[str, str] = {}
    for slot in graph.slots:
        for topic in slot.outputs:
            if topic.name in writers:
                first = writers[topic.name]
                raise TableError(
                    f"topic '{topic.name}' has two writers, '{first}' and '{slot.row.name}': keep one of them"
                )
            writers[topic.name] = slot.row.name


def _check_readers(graph: Graph, privileged: bool) -> None:
    written = {topic.name: topic for topic in graph.topics()}
    for slot in graph.slots:
        for topic in slot.inputs:
            if topic.is_truth and not (privileged and slot.cls.reads_truth):
                raise TableError(f"node '{slot.row.name}' reads '{topic.name}': truth is for scorers only")
            source = written.get(topic.name)
            if source is None and topic.rate_hz > 0:
                raise TableError(f"node '{slot.row.name}' reads '{topic.name}', which no node writes")
            if source is not None and source.type is not topic.type:
                raise TableError(
                    f"node '{slot.row.name}' reads '{topic.name}' as {topic.type.__name__}, "
                    f"but it is written as {source.type.__name__}"
                )
        trigger = slot.trigger
        if trigger is not None and trigger.name not in written:
            raise TableError(f"node '{slot.row.name}' is triggered by '{trigger.name}', which no node writes")
