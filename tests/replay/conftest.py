"""One short log of every profile, made once for all tests and all of pytest's workers."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from profile_runs import RUNS, Logs, made


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    """Return what gives the log of a run by its name in RUNS; the run is made when its log is first asked for."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # what the workers have in common
    folder /= "profile-logs"
    folder.mkdir(exist_ok=True)

    def log_of(name: str) -> Path:
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = folder / name / "log.mcap"
            if not done.exists():
                made(RUNS[name], folder / f"{name}.part")
                (folder / f"{name}.part").rename(folder / name)
        return done

    return log_of


@pytest.fixture(scope="session")
def log(request: pytest.FixtureRequest, logs: Logs) -> Path:
    """Return the log of the run that the test is about."""
    if RUNS[request.param].emulates_a_board:
        request.getfixturevalue("firmware_build")
    return logs(request.param)
