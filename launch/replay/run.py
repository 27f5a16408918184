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
from launch.replay.differences import TopicDifference, compare
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

    @property
    def equal(self) -> bool:
        """Whether every node said what it said then."""
        return not any(topic.differing for topic in self.topics)


class _Heard:
    """Collects what the nodes that run again say at a tick."""

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self.commits: list[Commit] = []

    def on_commit(self, commit: Commit) -> None:
        if commit.envelope.src in self._names:
            self.commits.append(commit)


def replay(log: Path, node: str | None = None, overrides: Sequence[str] = ()) -> Replayed:
    """Run `node`, or all nodes that face no world, on what the log recorded, and compare what they say.

    Args:
        overrides: `row.key=value`, on top of those of the recorded run: what would the new setting have done?

    Raises:
        CallError: no log, or one of another table; RunFailed: a node failed.
    """
    reader, spec = open_run(log, overrides)
    graph = prepare(spec)
    _check_table(reader, graph)
    again = _again(graph, node)
    tape, heard = Tape(reader), _Heard(again)
    found = {t.name: TopicDifference(t.name) for s in graph.slots if s.row.name in again for t in s.cls.outputs}
    runner = Lockstep(played(graph, again, tape), spec.seed, [heard])
    try:
        while not tape.ended:
            now_ns = graph.ticks.ns(runner.tick)
            runner.advance(runner.tick + 1)
            compare(tape.at(now_ns), heard.commits, found)
            heard.commits.clear()
    finally:
        runner.close()
    seconds = graph.ticks.ns(runner.tick) / NS_PER_S
    return Replayed(tuple(sorted(again)), seconds, tuple(found.values()), reader.damage)


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
