"""A robot on hardware with a page: it lives, says what cannot be asked of a robot, and its stop reaches the wheels."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from launch.cli import call
from launch.execute import prepare
from launch.hw.profiles import HARDWARE
from launch.profiles import PROFILES
from launch.spec import Devices, RunSpec
from robot import topics
from robot.recording.reader import LogReader

LIMIT_S = 240.0


@pytest.fixture
def short_folder() -> Iterator[str]:
    """Return a folder for sockets, whose paths must be short."""
    with tempfile.TemporaryDirectory(prefix="hm-") as folder:
        yield folder


@pytest.mark.usefixtures("firmware_build")
def test_the_page_of_a_rover_shows_it_and_stops_it(
    tmp_path: Path, short_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", short_folder)
    said = "commands.script=[{at_s: 2, text: go back two metres}]"
    rover = ["hw", "rover", "--port", "emulated:uno_rover", "--duration", "600", "--set", said]
    page = ["--dashboard", "--page-port", "0", "--out", str(tmp_path / "run")]
    program = [sys.executable, "-m", "launch", *rover, *page]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("dashboard: http://127.0.0.1:"), line
        try:
            asyncio.run(asyncio.wait_for(look(line.split()[-1]), LIMIT_S))
        finally:
            process.terminate()
            process.stdout.read()
    assert process.returncode == 0
    asked = [c.message.action for c in LogReader(tmp_path / "run" / "log.mcap").commits() if c.topic is topics.OPERATOR]  # type: ignore[attr-defined]  # of the topic's type
    assert asked == ["stop"]


async def look(url: str) -> None:
    """Wait until the wheels turn, ask for what cannot be, stop it, and wait until it stands and says why."""
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{url}ws") as page:
        assert (await heard(page, lambda said: said["kind"] == "hello"))["on_hardware"] is True
        await heard(page, lambda said: any(node["name"] == "wheels" for node in said.get("nodes", ())))
        await page.send_str('{"do": "pause"}')
        answer = await heard(page, lambda said: said["kind"] == "answer")
        assert answer["text"] == "only a simulation can be held; STOP stops the robot"
        await page.send_str('{"do": "stop"}')
        await heard(page, lambda said: "stopped by hand" in said.get("states", {}).get("safety", ""))


async def heard(page: aiohttp.ClientWebSocketResponse, wanted: Any) -> dict[str, Any]:
    """Return the first text of the page's server that is wanted."""
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT and wanted(said := json.loads(message.data)):
            return dict(said)
    raise AssertionError("the page was closed")


@pytest.mark.parametrize("profile", [*PROFILES.values(), *HARDWARE.values()], ids=lambda profile: profile.name)
def test_every_profile_can_have_somebody_at_its_page(profile: Any) -> None:
    devices = Devices(hil="uno") if profile.name == "tabletop" else Devices(port="emulated:uno", camera="none.mp4")
    spec = RunSpec(profile.name, profile.world, operator="run1", devices=devices)
    names = [slot.row.name for slot in prepare(spec).slots]
    assert names[-1] == "page"


def test_a_wrong_page_is_told_before_anything_moves(capsys: pytest.CaptureFixture[str]) -> None:
    rover = ["hw", "rover", "--port", "emulated:uno_rover", "--dashboard"]
    for wrong, says in (
        (["--page-port", "70000"], "--page-port 70000: must be from 0 to 65535"),
        (["--token", "short"], "--token: must have at least 12 characters"),
        (["--host", "no.such.host.invalid"], "--host no.such.host.invalid: "),
    ):
        assert call([*rover, *wrong]) == 2
        error = capsys.readouterr().err
        assert says in error
        assert error.count("\n") == 1
