"""`launch bench voice display`: things said to the tabletop display, and whether it truly did them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from launch.bench.seeds import seed_range
from launch.bench.voice_tasks import played, scripted
from launch.errors import CallError
from launch.scoring.display import DisplayScorer, DisplayWants
from launch.spec import Devices, Perception, RunSpec

FILE = Path(__file__).with_name("voice_display.yaml")


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One task; its number in the file is the seed that decides how the people of its scene sit and move."""

    id: str
    scene: str
    say: tuple[tuple[float, str], ...]
    wants: DisplayWants
    seconds: float = 40.0
    full: bool = False
    """Watch to the end, also after the display has come to rest."""


@dataclass(frozen=True)
class Episode:
    """One task as a run."""

    spec: RunSpec
    task: Task
    label: str = "ours"


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
        Episode(RunSpec("tabletop", t.scene, number, t.seconds, perception, devices=Devices(listens=True)), t)
        for number, t in enumerate(tasks())
    ]
    chosen = found[first : None if count is None else first + count]
    if not chosen:
        raise CallError(f"--first-seed {first}: there are {len(found)} tasks, counted from 0")
    return chosen


def run_episode(episode: Episode) -> dict[str, Any]:
    """Run one task in this process until the display has nothing left to do, and return its row."""
    task = episode.task
    scorer = DisplayScorer(task.wants, max(at for at, _ in task.say))
    row = played(scripted(episode.spec, task.say, {}), episode.spec.seed, scorer, task.seconds, task.full)
    said = [text for _, text in task.say]
    return {"label": episode.label, "world": task.scene, "title": task.id, **row, "said": said}
