"""A few of the bench's tasks on a desk, whole: words in, the display as asked, and a scorer that can say no."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from launch.bench.voice_display import episodes, run_episode, tasks
from launch.scoring.display import DisplayWants

ALL = {episode.task.id: episode for episode in episodes(0, None, "emulated")}


@pytest.mark.parametrize("name", ["ambiguous", "three steps", "wait", "no wheels"])
def test_a_task_is_done(name: str) -> None:
    row = run_episode(ALL[name])
    assert row["failed"] is None
    assert row["success"], row["missing"]


def test_the_scorer_sees_what_was_not_done() -> None:
    episode = ALL["person on the left"]
    wants = DisplayWants(
        looks_at="right", gestures=("nod",), azimuth_deg=90, raised_deg=20, counted=True, unlocked=True, ended="failed"
    )
    row = run_episode(replace(episode, task=msgspec.structs.replace(episode.task, wants=wants)))
    assert not row["success"]
    for missed in ("past right", "did no gesture", "base is at", "up", "sees three people", "watches", "ended with"):
        assert missed in row["missing"]


def test_there_are_enough_tasks_over_three_scenes_and_each_asks_for_something() -> None:
    found = tasks()
    assert len(found) >= 24
    assert len({task.id for task in found}) == len(found)
    assert len({task.scene for task in found}) >= 3
    assert all(task.wants != DisplayWants() for task in found)
