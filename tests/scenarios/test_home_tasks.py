"""A few of the bench's tasks, whole: words in, the simulated world as asked, and the scorer able to say no."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from launch.bench.voice_tasks import Episode, episodes, run_episode, tasks
from launch.scoring.home import Wants

ALL = {episode.task.id: episode for episode in episodes(0, None, "emulated")}


@pytest.mark.parametrize("name", ["come here", "turn left", "spy", "remember keys"])
def test_a_task_is_done(name: str) -> None:
    row = run_episode(ALL[name])
    assert row["failed"] is None
    assert row["success"], row["missing"]


def test_the_scorer_sees_what_was_not_done() -> None:
    episode = ALL["turn left"]
    other = msgspec.structs.replace(episode.task, wants=Wants(room="kitchen", turned_deg=-90, said="never said"))
    row = run_episode(replace(episode, task=other))
    assert not row["success"]
    assert "is in living, not in kitchen" in row["missing"]
    assert "turned by" in row["missing"]
    assert "never said" in row["missing"]


def test_there_are_sixty_tasks_over_three_homes_and_each_asks_for_something() -> None:
    found = tasks()
    assert len(found) == 60
    assert len({task.id for task in found}) == 60
    assert len({task.home for task in found}) == 3
    assert all(task.wants != Wants() for task in found)
    assert all(isinstance(episode, Episode) for episode in ALL.values())
