"""Run nodes again on a log and compare, moment by moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launch.errors import CallError, unknown
from launch.execute import prepare
from launch.hw.profiles import HARDWARE
from launch.profiles import PROFILES, RunSpec
from launch.recording import WALL_CLOCK
from launch.replay.differences import TopicDifference, compare, count
from launch.replay.tape import Tape, open_log, played
from launch.spec import Devices
from robot.clock import NS_PER_S
from robot.recording.reader import LogReader
from robot.runtime.commit import Commit
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph


@dataclass(frozen=True)
class Replayed:
    """What a replay found."""

    again: tuple[str, ...]
    """Names of the nodes that were run again."""
    seconds: float
    topics: tuple[TopicDifference, ...]
    damage: str | None
    """Why the log ended before its proper end."""
    on_wall_clock: bool = False
    """The log's steps fell between ticks: what was said then cannot be said again to the bit."""

    @property
    def equal(self) -> bool:
        """Whether every node said what it said then, or would have said on ticks."""
        return not any(topic.differing for topic in self.topics)


class _Again:
    """Nodes that run again on a log, in step with whoever asks."""

    def __init__(self, reader: LogReader, graph: Graph, again: set[str], seed: int) -> None:
        self.tape = Tape(reader)
        self._names, self._said = again, list[Commit]()
        self._ticks = graph.ticks
        self._runner = Lockstep(played(graph, again, self.tape), seed, [self])

    def on_commit(self, commit: Commit) -> None:
        if commit.envelope.src in self._names and commit.topic.log:
            self._said.append(commit)

    @property
    def now_ns(self) -> int:
        return self._ticks.ns(self._runner.tick)

    def step(self) -> list[Commit]:
        """Return what the nodes say at the next tick."""
        self._said.clear()
        self._runner.advance(self._runner.tick + 1)
        return self._said

    def close(self) -> None:
        self._runner.close()


def replay(log: Path, node: str | None = None, overrides: Sequence[str] = ()) -> Replayed:
    """Run `node`, or all nodes that face no world, on what the log recorded, and compare what they say.

    What a log of the wall clock holds was said between ticks. There a setting is compared with the recorded ones, both
    run again; without one, messages are only counted.

    Args:
        overrides: `row.key=value`, on top of those of the recorded run: what would the new setting have done?

    Raises:
        CallError: no log, or one of another table; RunFailed: a node failed.
    """
    reader, spec = open_run(log, overrides)
    graph = prepare(spec)
    _check_table(reader, graph)
    again = _again(graph, node)
    found = {t.name: TopicDifference(t.name) for s in graph.slots if s.row.name in again for t in s.outputs if t.log}
    new, on_wall_clock = _Again(reader, graph, again, spec.seed), reader.metadata.get("clock") == WALL_CLOCK
    old = _old(log, again) if on_wall_clock and overrides else None
    try:
        while not new.tape.ended:
            now_ns, then = new.now_ns, old.step() if old else None
            said = new.step()
            heard = [c for c in new.tape.at(now_ns) if c.envelope.src in again] if then is None else then
            if on_wall_clock and old is None:
                count(heard, said, found)
            else:
                compare(heard, said, found)
    finally:
        new.close()
        if old:
            old.close()
    return Replayed(tuple(sorted(again)), new.now_ns / NS_PER_S, tuple(found.values()), reader.damage, on_wall_clock)


def _old(log: Path, again: set[str]) -> _Again:
    """Return the nodes as they were set then."""
    reader, spec = open_run(log)
    return _Again(reader, prepare(spec), again, spec.seed)


def open_run(log: Path, overrides: Sequence[str] = ()) -> tuple[LogReader, RunSpec]:
    """Return the reader of a log and the run that it is of. Raises CallError."""
    reader = _reader(log)
    return reader, _spec(reader, overrides)


def _reader(log: Path) -> LogReader:
    try:
        return open_log(log)
    except FileNotFoundError:
        raise CallError(f"{log}: no such log (a log.mcap, or the folder of a run)") from None
    except (OSError, ValueError) as error:
        raise CallError(str(error)) from error


def _spec(reader: LogReader, overrides: Sequence[str]) -> RunSpec:
    about = reader.metadata
    if "profile" not in about:
        raise CallError(f"{reader.path}: does not say which profile it is of: not a log of `launch sim`")
    if about["profile"] not in {*PROFILES, *HARDWARE}:
        raise unknown(f"profile in {reader.path}:", about["profile"], [*PROFILES, *HARDWARE])
    return RunSpec(
        about["profile"],
        about["world"],
        int(about["seed"]),
        float(about["duration_s"]),
        about["perception"],  # type: ignore[arg-type]  # written from a RunSpec
        (*json.loads(about["overrides"]), *overrides),
        nodes=tuple(json.loads(about.get("nodes", "[]"))),
        operator=about.get("operator", ""),
        devices=Devices(**json.loads(about.get("devices", "{}"))),
    )


def _check_table(reader: LogReader, graph: Graph) -> None:
    then = [row["name"] for row in json.loads(reader.metadata["table"])]
    now = [slot.row.name for slot in graph.slots]
    if then != now:
        raise CallError(f"{reader.path}: was made by the nodes {', '.join(then)}; the profile now has {', '.join(now)}")


def _again(graph: Graph, node: str | None) -> set[str]:
    can = [slot.row.name for slot in graph.slots if not slot.cls.faces_world]
    if node is None:
        return set(can)
    if node not in can:
        raise unknown("value of --node:", node, can)
    return {node}
