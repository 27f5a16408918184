"""PyBullet's window on a virtual screen: home, robot, people and the planned way are drawn in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser_runs import LIMIT_MS
from PIL import ImageGrab

from launch.api import make_spec
from launch.execute import prepare

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "bash tools/system_packages.sh browser (as root: apt-get install xvfb libgl1-mesa-dri)"


@pytest.fixture
def screen() -> Iterator[str]:
    """Return the name of a virtual screen; the server itself picks a free number."""
    if shutil.which("Xvfb") is None:
        pytest.skip(f"no Xvfb here; {INSTALL}")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()


def share_of(picture: np.ndarray, low: tuple[int, int, int], high: tuple[int, int, int]) -> float:
    """Return the share of pixels with every channel between `low` and `high`."""
    return float(((picture >= low) & (picture <= high)).all(axis=2).mean())


# A robot that is told a way of one metre ahead, at its first tick; it stays until its stdin is closed.
SHOWN = """
import sys
import numpy as np
import launch
from robot import topics
from robot.messages import Path
from robot.node import Envelope, Inbox, Stamped
from robot.rng import spawn
from sim.config import SimConfig
from sim.window import EmulatedWindow

sim = EmulatedWindow(SimConfig(world="studio", seed=3, gui=True), spawn(3, "sim"))
ahead = np.stack([np.linspace(0.4, 1.6, 40), np.zeros(40)], axis=1).astype(np.float32)
way = Stamped(Envelope("nav/path", 0, 0, "navigator"), Path(stamp_ns=0, points=ahead))
for tick in range(3):
    sim.step(tick, Inbox(tick, {topics.NAV_PATH.name: way}, {}))
sys.stdin.read()
sim.close()
"""


def test_the_window_shows_home_robot_and_the_planned_way(screen: str, tmp_path: Path) -> None:
    shell = dict(os.environ, DISPLAY=screen, LIBGL_ALWAYS_SOFTWARE="1")
    run = subprocess.Popen(
        [sys.executable, "-c", SHOWN], env=shell, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert run.stdin is not None
    give_up = time.monotonic() + 2 * LIMIT_MS / 1000
    try:
        while True:
            picture = np.asarray(ImageGrab.grab(xdisplay=screen).convert("RGB"))
            way = share_of(picture, (10, 170, 70), (60, 230, 130))
            colors = len(np.unique(picture.reshape(-1, 3), axis=0))
            if way > 0.0002 and colors > 300:
                break
            assert run.poll() is None, "the simulator ended before anything was drawn"
            assert time.monotonic() < give_up, f"way {way:.5f} of the picture, {colors} colours"
            time.sleep(0.2)
        ImageGrab.grab(xdisplay=screen).save(tmp_path / "window.png")
    finally:
        run.stdin.close()
        run.wait()


@pytest.mark.parametrize(("perception", "node"), [("pixels", "PixelWindow"), ("emulated", "EmulatedWindow")])
def test_gui_puts_the_window_in_the_simulators_place(perception: str, node: str) -> None:
    graph = prepare(make_spec("follow_me", None, 0, None, perception, gui=True))
    assert graph.slots[0].row.node == f"sim.window:{node}"
    plain = prepare(make_spec("follow_me", None, 0, None, perception))
    assert [slot.row.name for slot in graph.slots] == [slot.row.name for slot in plain.slots]
