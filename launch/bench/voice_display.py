"""`launch bench voice display`: things said to the tabletop display, and whether it truly did them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from launch.bench.spoken_tasks import Episode, chosen, played, scripted, tasks_in
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


def tasks(file: Path = FILE) -> list[Task]:
    """Return the tasks of a file. Raises CallError as `tasks_in`."""
    return tasks_in(file, Task)


def episodes(first: int, count: int | None, perception: Perception) -> list[Episode[Task]]:
    """Return the tasks from number `first` on as runs."""
    listens = Devices(listens=True)
    found = [
        Episode(RunSpec("tabletop", task.scene, number, task.seconds, perception, devices=listens), task)
        for number, task in enumerate(tasks())
    ]
    return chosen(found, first, count)


def run_episode(episode: Episode[Task]) -> dict[str, Any]:
    """Run one task in this process until the display has nothing left to do, and return its row."""
    task = episode.task
    scorer = DisplayScorer(task.wants, max(at for at, _ in task.say))
    row = played(scripted(episode.spec, task.say, {}), episode.spec.seed, scorer, task.seconds, task.full)
    said = [text for _, text in task.say]
    return {"label": episode.label, "world": task.scene, "title": task.id, **row, "said": said}
