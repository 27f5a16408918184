"""`--engine ray`: the rows of this machine's processes, also where a worker is killed in the middle of an episode."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from launch.bench.engine import run_all
from launch.bench.nav import NOT_COMPARED, Episode, run_episode, spec_of
from launch.errors import CallError

WORLDS = [("hazards:u_trap:0", 0), ("hazards:shoe:1", 1), ("hazards:pet:2", 2)]


@dataclass(frozen=True)
class Doomed:
    """An episode whose first worker is lost: the file tells that this has happened."""

    episode: Episode
    killed: str | None


def dies_once(doomed: Doomed) -> dict[str, Any]:
    """Run the episode, but kill the worker the first time."""
    if doomed.killed is not None and not Path(doomed.killed).exists():
        Path(doomed.killed).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_episode(doomed.episode)


def compared(rows: Any) -> list[dict[str, Any]]:
    kept = [{key: value for key, value in row.items() if key not in NOT_COMPARED} for row in rows]
    return sorted(kept, key=lambda row: str(row["world"]))


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_lost_worker_changes_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray", reason="pip install 'housemate[ray]'")
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    episodes = [Episode(spec_of(world, seed, "mppi"), "mppi") for world, seed in WORLDS]
    doomed = [Doomed(episode, str(tmp_path / "killed") if i == 1 else None) for i, episode in enumerate(episodes)]
    there = compared(run_all(dies_once, doomed, 2, "ray"))
    assert (tmp_path / "killed").exists()
    assert there == compared(run_all(run_episode, episodes, 1))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="pip install 'housemate[ray]'")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(CallError, match=r"--engine ray: no cluster at '127.0.0.1:1'"):
        list(run_all(run_episode, [], 1, "ray"))
