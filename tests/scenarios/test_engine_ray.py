"""`--engine ray`: rows as from processes of this machine, also where a worker is killed; the tree is shipped."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from launch.bench.engine import run_all
from launch.bench.engine_speed import compared, with_a_lost_worker
from launch.bench.nav import Episode, run_episode, spec_of
from launch.errors import CallError

# Ray reads these once, when it is imported: the clusters of these tests have a token, and it is in no file.
os.environ.update({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
WORLDS = [("hazards:u_trap:0", 0), ("hazards:shoe:1", 1), ("hazards:pet:2", 2)]
HERE = Path(__file__).resolve().parents[2]
CLUSTER = """
import sys, ray
for attempt in range(3):  # Ray gives up after 30 s, which a busy machine may need
    try:
        context = ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
        break
    except Exception:
        ray.shutdown()
print(context.address_info["gcs_address"], flush=True)
sys.stdin.read()
"""


def looked_around(number: int) -> dict[str, Any]:
    """Tell from which tree a worker runs, and what it has of it."""
    import launch

    root = Path(launch.__file__).resolve().parents[1]
    return {
        "number": number,
        "root": str(root),
        "source": (root / "launch" / "bench" / "nav.py").read_text(encoding="utf-8"),
        "tests": (root / "tests").exists(),
    }


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster that lives on its own, and give its address."""
    head = subprocess.Popen([sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert head.stdin is not None
    assert head.stdout is not None
    try:
        yield next(line.strip() for line in head.stdout if line.strip().rpartition(":")[2].isdecimal())
    finally:
        head.stdin.close()
        head.wait()
        head.stdout.close()


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_lost_worker_changes_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="pip install 'housemate[ray]'")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    episodes = [Episode(spec_of(world, seed, "mppi"), "mppi") for world, seed in WORLDS]
    there, killed = with_a_lost_worker(episodes, 2)
    assert killed
    assert compared(there) == compared(list(run_all(run_episode, episodes, 1)))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_is_joined_and_runs_the_tree_that_was_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray", reason="pip install 'housemate[ray]'")
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with cluster() as address:
        monkeypatch.setenv("RAY_ADDRESS", address)
        found = sorted(run_all(looked_around, [0, 1], 1, "ray"), key=lambda row: int(row["number"]))
    assert [row["number"] for row in found] == [0, 1]
    for row in found:
        assert Path(row["root"]) != HERE
        assert row["source"] == (HERE / "launch" / "bench" / "nav.py").read_text(encoding="utf-8")
        assert not row["tests"]


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="pip install 'housemate[ray]'")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(CallError, match=r"--engine ray: no cluster at '127.0.0.1:1'"):
        list(run_all(run_episode, [], 1, "ray"))
