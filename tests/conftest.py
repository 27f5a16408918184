"""Rules that hold for every test (with CI=true a skipped one is a failed one), and the firmware as several need it:
built once, or the tests say what is missing. Another build can be tested too."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import launch  # noqa: F401  # first of ours: it sets threads before numpy and OpenCV load
from firmware_bridge.emulator.library import BUILD, INSTALL

settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("avr-gcc", "avr-objcopy", "gcc", "make")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A skip says which command installs what is missing; CI has no excuse."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {report.longrepr}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--firmware-build", default=None, help="a build folder to test instead of build/firmware")


@pytest.fixture(scope="session")
def firmware_build(request: pytest.FixtureRequest) -> Path:
    """The folder with images, emulator and host programs, up to date."""
    given = request.config.getoption("--firmware-build", default=None)
    if given:
        return Path(given)
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing or not Path("/usr/include/simavr/sim_avr.h").exists():
        pytest.skip(f"the firmware cannot be built here: {INSTALL}")
    BUILD.mkdir(parents=True, exist_ok=True)
    command = ["make", "-s", "-C", str(ROOT / "firmware_bridge/firmware"), f"BUILD={BUILD}", f"PYTHON={sys.executable}"]
    with (BUILD / ".lock").open("w") as lock:  # of several test processes one builds
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run([*command, "boards", "host"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return BUILD


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return what makes a folder once for all tests of all of pytest's workers: its name, and what fills it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # what the workers have in common

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (base / name).exists():
                part = base / f"{name}.part"
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir()
                fill(part)
                part.rename(base / name)
        return base / name

    return made
