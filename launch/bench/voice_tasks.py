"""`launch bench voice tasks`: sixty things said to the robot in three homes, and whether the world is then as asked.

A task's home is the shipped one with its people standing still, or where and as the task has them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import msgspec
from ruamel.yaml import YAML

from launch.bench.seeds import seed_range
from launch.errors import CallError
from launch.execute import prepare
from launch.home import behaviour_config
from launch.profiles import RunSpec
from launch.scoring.home import HomeScorer, Wants
from launch.scoring.scorer import Scorer
from launch.spec import Perception
from robot.recording.log_hash import LogHash
from robot.runtime.failure import RunFailed
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph, Row, resolve
from robot.voice.commands import CommandConfig, Said
from worlds.catalog import HOMES, load_world

FILE = Path(__file__).with_name("voice_tasks.yaml")
BAR = 0.95
CHUNK_S = 0.25
STAND = [{"stop": {"seconds": 600}}]


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One task."""

    id: str
    home: str
    say: tuple[tuple[float, str], ...]
    wants: Wants
    people: dict[str, dict[str, Any]] = {}
    seconds: float = 120.0
    full: bool = False
    """Watch to the end, also after the robot has come to rest."""


@dataclass(frozen=True)
class Episode:
    """One task as a run; the seed is its number in the file."""

    spec: RunSpec
    task: Task
    label: str = "ours"


class TaskScorer(Scorer, Protocol):
    """A scorer that knows when it has seen enough."""

    done: bool


def tasks(file: Path = FILE) -> list[Task]:
    """Return the tasks of a file.

    Raises:
        CallError: it holds none, or one that is no task.
    """
    try:
        return msgspec.convert(YAML(typ="safe").load(file.read_text(encoding="utf-8")), list[Task])
    except msgspec.ValidationError as error:
        raise CallError(f"{file}: {error}") from error


def episodes(first: int, count: int | None, perception: Perception) -> list[Episode]:
    """Return the tasks from number `first` on as runs."""
    seed_range(1 if count is None else count, first)
    found = [
        Episode(RunSpec("home", task.home, number, task.seconds, perception), task)
        for number, task in enumerate(tasks())
    ]
    chosen = found[first : None if count is None else first + count]
    if not chosen:
        raise CallError(f"--first-seed {first}: there are {len(found)} tasks, counted from 0")
    return chosen


def run_episode(episode: Episode) -> dict[str, Any]:
    """Run one task in this process until the robot has nothing left to do, and return its row."""
    task = episode.task
    with TemporaryDirectory() as folder:
        world = home_of(task, Path(folder))
        scorer = HomeScorer(load_world(world), task.wants, max(at for at, _ in task.say))
        spec = replace(episode.spec, world=world)
        graph = scripted(spec, task.say, {"behaviour": behaviour_config(spec)})
        row = played(graph, episode.spec.seed, scorer, task.seconds, task.full)
    return {"label": episode.label, "world": episode.spec.world, "title": task.id, **row, "said": _words(task.say)}


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


def _words(say: Sequence[tuple[float, str]]) -> list[str]:
    return [text for _, text in say]


def home_of(task: Task, folder: Path) -> str:
    """Write the task's home to `folder` and return the file's name."""
    yaml = YAML(typ="safe", pure=True)
    home = yaml.load((HOMES / f"{task.home}.yaml").read_text(encoding="utf-8"))
    unknown = set(task.people) - {person["name"] for person in home["people"]}
    if unknown:
        raise CallError(f"task '{task.id}': nobody called {', '.join(sorted(unknown))} lives in {task.home}")
    for person in home["people"]:
        person |= {"script": STAND, "loop": False} | task.people.get(person["name"], {})
    file = folder / f"{task.home}.yaml"
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(home, out)
    return str(file)


def judge(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the bar's line."""
    reached = sum(bool(row["success"]) for row in rows) / len(rows)
    return [{"metric": "success", "rule": "mean >=", "bar": BAR, "reached": reached, "held": reached >= BAR}]


def _with(row: Row, configs: dict[str, Any]) -> Row:
    return replace(row, config=configs[row.name]) if row.name in configs else row
