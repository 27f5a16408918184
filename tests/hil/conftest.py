"""The firmware as the tests need it: built once, or the tests say what is missing. Another build can be tested too."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from boards import CoreBoard
from core_harness import Core

from firmware_bridge.emulator.library import BUILD, INSTALL

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {"avr-gcc": "", "avr-objcopy": "", "gcc": "", "make": ""}


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


@pytest.fixture
def core(firmware_build: Path) -> Iterator[Core]:
    """The core on the host, fresh for each test."""
    board = CoreBoard(firmware_build)
    yield Core(board)
    board.close()
