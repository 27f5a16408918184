"""A log as nodes of a graph: what a node said then is said again at the same tick, so that others can run on it.

The one idea: a slot whose node is not run again is given a node that plays its recorded commits, and the ordinary
lockstep runner does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from numpy.random import Generator

from robot.node import Inbox, Node, Outbox
from robot.recording.reader import LogReader
from robot.runtime.commit import Commit
from robot.runtime.table import Graph, Slot


class Tape:
    """A log read once, from front to back, one moment at a time."""

    def __init__(self, reader: LogReader) -> None:
        """Wind to the first commit."""
        self._commits: Iterator[Commit] = reader.commits()
        self._next: Commit | None = next(self._commits, None)
        self._now_ns, self._at_now = -1, list[Commit]()

    @property
    def ended(self) -> bool:
        """Whether everything was played."""
        return self._next is None

    def at(self, now_ns: int) -> list[Commit]:
        """Return what was committed at `now_ns`. Moments may be asked for again, but not in the past."""
        if now_ns != self._now_ns:
            self._now_ns, self._at_now = now_ns, []
            while self._next is not None and self._next.envelope.t_ns <= now_ns:
                self._at_now.append(self._next)
                self._next = next(self._commits, None)
        return self._at_now


class Playback(Node):
    """Says what one node of the log said, when it said it. Subclasses take over that node's outputs."""

    faces_world = True

    def __init__(self, tape: Tape, rng: Generator) -> None:
        """Play from `tape`."""
        self._tape = tape
        self._names = {topic.name for topic in self.outputs}

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the recorded messages of this moment."""
        out = Outbox()
        for commit in self._tape.at(now_ns):
            if commit.topic.name in self._names:
                out.put(commit.topic, commit.message, valid=commit.envelope.valid)
        return out


def played(graph: Graph, again: set[str], tape: Tape) -> Graph:
    """Return the graph in which all nodes but those named `again` play what the log holds of them."""
    return replace(graph, slots=tuple(s if s.row.name in again else _playing(s, tape) for s in graph.slots))


def _playing(slot: Slot, tape: Tape) -> Slot:
    cls = type(f"Recorded{slot.cls.__name__}", (Playback,), {"outputs": slot.outputs})
    return Slot(slot.index, replace(slot.row, config=tape, latency_s=0.0, renames=()), cls, period=1, latency=0)


def open_log(path: Path) -> LogReader:
    """Return the reader of a log, or of the log in a run's folder.

    Raises:
        OSError, ValueError: there is none, or it is none, in one line.
    """
    return LogReader(path / "log.mcap" if path.is_dir() else path)
