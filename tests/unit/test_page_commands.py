"""Every command of README and docs is run, shortened as page_commands.py says."""

from __future__ import annotations

import json
import math
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_commands import ELSEWHERE, PageCommand, page_commands
from pages_text import ROOT, blocks

import launch.bench.sim
import launch.bench.tabletop
from launch.bench.tabletop import Episode
from launch.cli import call
from policies.language.score import DEV
from robot.voice.mailbox import Mailbox, runtime_folder
from tools.make_desk_video import make

MADE = {"render": "--out", "import": "--out", "track": "--out", "calibrate": "--out"}
CYLINDER = (
    "<model name='c{0}'><pose>{1} {2} 0 0 0 0</pose><link name='l'><collision name='c'><geometry><cylinder>"
    "<radius>0.075</radius><length>1</length></cylinder></geometry></collision></link></model>"
)


def fill(folder: Path) -> None:
    """Make what the pages' commands are given: a film, a run, worlds of three kinds, words, a calibration."""
    make(folder / "film.mp4", "one_caller", 0, 1.0)
    run = ["--runner", "lockstep", "--perception", "emulated", "--fast", "--no-video", "--duration", "1"]
    assert call(["sim", "follow_me", "--world", "studio", *run, "--out", str(folder / "run")]) == 0
    home = next(b for b in blocks((ROOT / "docs/howto/world.md").read_text()) if b.info == "yaml flat.yaml")
    (folder / "flat.yaml").write_text(home.body)
    posts = [(x, 0.15 * k) for k in range(64) for x in (-4.425, -0.075)]
    bodies = "".join(CYLINDER.format(i, x, y) for i, (x, y) in enumerate([*posts, (-2.25, 6.0)]))
    (folder / "office.world").write_text(f"<sdf version='1.6'><world name='w'>{bodies}</world></sdf>")
    barn = {"index": 7, "cylinders": [*posts, (-2.25, 6.0)], "path_length_m": 11.0}
    (folder / "barn.json").write_text(json.dumps({"worlds": [barn]}))
    (folder / "tasks.txt").write_text("\n".join(DEV.read_text().splitlines()[:9]))
    with wave.open(str(folder / "said.wav"), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        hum = 3000 * np.sin(2 * math.pi * 220 / 16_000 * np.arange(8000))
        sound.writeframes(hum.astype("<i2").tobytes())
    assert call(["calibrate", "--defaults", "--out", str(folder / "desk.json")]) == 0


@pytest.fixture
def desk(
    once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Stand in a folder with those files, as a user of one's own."""
    here = tmp_path / "here"
    shutil.copytree(once("page-desk", fill), here)
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with tempfile.TemporaryDirectory(prefix="hm-") as short:  # of sockets, whose paths must be short
        monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        yield here


def test_a_test_of_its_own_is_there_for_the_rest() -> None:
    for command, test in ELSEWHERE.items():
        assert (ROOT / test).is_file(), command


@pytest.mark.parametrize("command", page_commands(), ids=str)
def test_it_runs(
    command: PageCommand, desk: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = list(command.short)
    if {"hil", "--hil", "flash", "emulated:uno", "emulated:uno_rover"} & set(words):
        request.getfixturevalue("firmware_build")
    if words[:1] == ["view"]:
        is_served(words)
    elif words[:1] == ["say"]:
        is_heard(words)
    elif words[:1] == ["bench"]:
        monkeypatch.setattr(launch.bench.sim, "WARM_UP_S", 0.1)
        monkeypatch.setattr(launch.bench.tabletop, "episodes", second_long)
        is_measured(words, desk)
    else:
        runs(words, desk)


def second_long(*given: Any, at_all: Callable[..., list[Episode]] = launch.bench.tabletop.episodes) -> list[Episode]:
    """Return the display's episodes a second long; its bench takes no duration below five."""
    return [replace(episode, spec=replace(episode.spec, duration_s=1.0)) for episode in at_all(*given)]


def runs(words: list[str], desk: Path) -> None:
    """Run it to its good end; the files that it names are there then."""
    out = desk / "out"
    if words[:1] in (["sim"], ["hw"]):
        words = [*words, "--out", str(out)]
    # A replay with another setting ends with 1, because it finds differences.
    assert call(words) == (1 if words[:1] == ["replay"] and "--set" in words else 0)
    for option, name in pairwise(words):
        if option == "--out":
            assert (desk / name).exists(), name
    if out.exists():
        summary = json.loads((out / "summary.json").read_text())
        assert summary["failed"] is None
        assert summary["sim_seconds"] > 0
        assert (out / "report.html").stat().st_size > 1000


def is_measured(words: list[str], desk: Path) -> None:
    """Run a bench; so short a one need not hold its bars."""
    if "--baseline" in words and "--update-baseline" not in words:
        first = [word for word in words if not word.startswith("navigator.") and word != "--set"]
        assert call([*first, "--update-baseline", "--out", str(desk / "first")]) == 0
    has_files = words[1] not in ("sim", "memory", "envs", "page")
    assert call([*words, *(["--out", str(desk / "out")] if has_files else [])]) in (0, 1)
    if has_files:
        summary = json.loads((desk / "out" / "summary.json").read_text())
        assert summary.get("rows") or summary["bars"]


def is_served(words: list[str]) -> None:
    """Start a page, fetch it, and end it as Ctrl-C does."""
    program = [sys.executable, "-m", "launch", *words, "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        with urllib.request.urlopen(url) as page:
            assert b"Housemate" in page.read()
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().strip() == "closed"
    assert process.returncode == 0


def is_heard(words: list[str]) -> None:
    """Say it to a robot that listens."""
    robot = Mailbox(runtime_folder(), "robot")
    assert call(words) == 0
    assert robot.texts() == words[1:]
    robot.close()
