"""Things said to a body in simulation, one run each, and whether it did them: what the benches of both bodies share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from ruamel.yaml import YAML

from launch.bench.bars import Bar
from launch.bench.seeds import seed_range
from launch.errors import CallError
from launch.execute import prepare
from launch.scoring.scorer import Scorer
from launch.spec import RunSpec
from robot.recording.log_hash import LogHash
from robot.runtime.failure import RunFailed
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph, Row, resolve
from robot.voice.commands import CommandConfig, Said

BARS = (Bar("success", "mean >=", 0.95),)
CHUNK_S = 0.25

T = TypeVar("T")


@dataclass(frozen=True)
class Episode(Generic[T]):
    """One task as a run; the seed is its number in the file."""

    spec: RunSpec
    task: T
    label: str = "ours"


class TaskScorer(Scorer, Protocol):
    """A scorer that knows when it has seen enough."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to come."""


def tasks_in(file: Path, kind: type[T]) -> list[T]:
    """Return the tasks of a file.

    Raises:
        CallError: it holds none, or one that is no task.
    """
    try:
        return msgspec.convert(YAML(typ="safe").load(file.read_text(encoding="utf-8")), list[kind])  # type: ignore[valid-type]  # a type given as a value
    except msgspec.ValidationError as error:
        raise CallError(f"{file}: {error}") from error


def chosen(found: Sequence[Episode[T]], first: int, count: int | None) -> list[Episode[T]]:
    """Return `count` of the episodes from number `first` on, or all from there."""
    seed_range(1 if count is None else count, first)
    kept = list(found[first : None if count is None else first + count])
    if not kept:
        raise CallError(f"--first-seed {first}: there are {len(found)} tasks, counted from 0")
    return kept


def played(graph: Graph, seed: int, scorer: TaskScorer, seconds: float, full: bool) -> dict[str, Any]:
    """Run a graph until its scorer has seen enough, or to the end; return what it measured."""
    digest = LogHash()
    runner = Lockstep(graph, seed, [scorer, digest])
    started, failed = time.perf_counter(), None
    try:
        end = graph.ticks.count(seconds)
        while runner.tick < end and (full or not scorer.done):
            runner.advance(min(end, runner.tick + graph.ticks.count(CHUNK_S)))
    except RunFailed as error:
        failed = str(error)
    finally:
        runner.close()
    return {
        "seed": seed,
        **scorer.metrics(),
        "time_s": runner.tick / graph.ticks.hz,
        "failed": failed,
        "wall_seconds": time.perf_counter() - started,
        "log_sha256": digest.hexdigest(),
        "events": [event.as_dict() for event in scorer.events],
    }


def scripted(spec: RunSpec, say: Sequence[tuple[float, str]], more: dict[str, Any]) -> Graph:
    """Return the profile's graph with these words as its script, nobody's own phrases, and `more` configs by row."""
    said = tuple(Said(at, text) for at, text in say)
    graph = prepare(spec)
    language = next(slot.row.config for slot in graph.slots if slot.row.name == "language")
    configs = {"commands": CommandConfig(script=said), "language": replace(language, phrasebook=""), **more}
    rows = [_with(slot.row, configs) for slot in graph.slots]
    return resolve(rows, graph.ticks.hz)


def _with(row: Row, configs: dict[str, Any]) -> Row:
    return replace(row, config=configs[row.name]) if row.name in configs else row
