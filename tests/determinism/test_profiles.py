"""Every profile that ships: the same bytes twice in one process, and twice with one process per node."""

from __future__ import annotations

from pathlib import Path

import pytest

from launch.execute import RunOptions, execute
from launch.profiles import PROFILES, Perception, RunSpec
from robot.recording.reader import hash_of_log

SECONDS = 4.0  # long enough for the person to set off and the robot to follow


@pytest.mark.parametrize("perception", ["emulated", "pixels"])
@pytest.mark.parametrize("profile", [name for name, profile in PROFILES.items() if profile.listed])
def test_four_runs_give_one_hash(profile: str, perception: Perception, tmp_path: Path) -> None:
    spec = RunSpec(profile, PROFILES[profile].world, seed=7, duration_s=SECONDS, perception=perception)
    hashes = {}
    for runner in ("lockstep", "stepped"):
        for turn in (1, 2):
            options = RunOptions(runner=runner, fast=True, out=tmp_path / f"{runner}{turn}", report=False)  # type: ignore[arg-type]  # literals above
            summary, folder = execute(spec, options)
            assert summary["failed"] is None
            assert hash_of_log(folder / "log.mcap") == summary["log_sha256"]
            hashes[runner, turn] = summary["log_sha256"]
    assert len(set(hashes.values())) == 1, hashes


def test_another_seed_gives_another_log(tmp_path: Path) -> None:
    hashes = set()
    for seed in (1, 2):
        spec = RunSpec("follow_me", "apartment", seed=seed, duration_s=1.0, perception="emulated")
        summary, _ = execute(spec, RunOptions("lockstep", fast=True, out=tmp_path / str(seed), report=False))
        hashes.add(summary["log_sha256"])
    assert len(hashes) == 2
