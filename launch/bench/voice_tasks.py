"""`launch bench voice tasks`: sixty things said to the robot in three homes, and whether the world is then as asked.

A task's home is the shipped one with its people standing still, or where and as the task has them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from ruamel.yaml import YAML

from launch.bench.spoken_tasks import Episode, chosen, played, scripted, tasks_in
from launch.errors import CallError
from launch.home import behaviour_config
from launch.profiles import RunSpec
from launch.scoring.home import HomeScorer, Wants
from launch.spec import Perception
from worlds.catalog import HOMES, load_world

FILE = Path(__file__).with_name("voice_tasks.yaml")
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


def tasks(file: Path = FILE) -> list[Task]:
    """Return the tasks of a file. Raises CallError as `tasks_in`."""
    return tasks_in(file, Task)


def episodes(first: int, count: int | None, perception: Perception) -> list[Episode[Task]]:
    """Return the tasks from number `first` on as runs."""
    numbered = enumerate(tasks())
    return chosen([Episode(RunSpec("home", t.home, n, t.seconds, perception), t) for n, t in numbered], first, count)


def run_episode(episode: Episode[Task]) -> dict[str, Any]:
    """Run one task in this process until the robot has nothing left to do, and return its row."""
    task = episode.task
    with TemporaryDirectory() as folder:
        world = home_of(task, Path(folder))
        scorer = HomeScorer(load_world(world), task.wants, max(at for at, _ in task.say))
        spec = replace(episode.spec, world=world)
        graph = scripted(spec, task.say, {"behaviour": behaviour_config(spec)})
        row = played(graph, episode.spec.seed, scorer, task.seconds, task.full)
    return {
        "label": episode.label,
        "world": episode.spec.world,
        "title": task.id,
        **row,
        "said": [text for _, text in task.say],
    }


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
