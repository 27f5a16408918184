"""One short log of every profile, made once for all tests and all of pytest's workers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from profile_runs import RUNS, Logs, made


@pytest.fixture(scope="session")
def logs(once: Callable[[str, Callable[[Path], None]], Path]) -> Logs:
    """Return what gives the log of a run by its name in RUNS; the run is made when its log is first asked for."""
    return lambda name: once(f"profile-{name}", partial(made, RUNS[name])) / "run" / "log.mcap"


@pytest.fixture(scope="session")
def log(request: pytest.FixtureRequest, logs: Logs) -> Path:
    """Return the log of the run that the test is about."""
    if RUNS[request.param].emulates_a_board:
        request.getfixturevalue("firmware_build")
    return logs(request.param)
