"""A run with a page: looking changes nothing of its log, and what is asked on the page is in it."""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from launch.api import make_spec
from launch.dashboard.controls import PACE, Operator, OperatorConfig, open_mailbox, post, received, run_name
from launch.dashboard.gate import Gate
from launch.dashboard.pace import STEP, Pace
from launch.dashboard.tap import DashboardOptions
from launch.execute import RunOptions, execute
from launch.replay.run import replay
from robot import topics
from robot.messages import OperatorRequest, SafetyState
from robot.node import Inbox
from robot.recording.reader import LogReader
from robot.rng import spawn
from robot.voice.mailbox import send

Page = aiohttp.ClientWebSocketResponse
LIMIT_S = 120.0  # whatever takes longer on a busy machine hangs


@pytest.fixture(autouse=True)
def mailboxes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test a runtime folder of its own, with a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="hm-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


class Visitor:
    """Holds the run as soon as its page is there, does something on the page, and lets the run go on."""

    def __init__(self, visit: Callable[[aiohttp.ClientSession, str, Page], Awaitable[None]]) -> None:
        self._visit = visit
        self._thread: threading.Thread | None = None
        self._urls: dict[str, str] = {}
        self.failure: BaseException | None = None

    def announce(self, text: str) -> None:
        """Get the addresses of page and Foxglove; once both are there, the run is held at its next stretch."""
        name, url = text.split()
        self._urls[name] = url
        if len(self._urls) == 2:
            post(run_name(), PACE, {"do": "pause"})
            self._thread = threading.Thread(target=self._work)
            self._thread.start()

    def join(self) -> None:
        """Wait for the end of the visit and raise what went wrong in it."""
        assert self._thread is not None, "the page was never announced"
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _work(self) -> None:
        try:
            asyncio.run(asyncio.wait_for(self._look(), LIMIT_S))
        except BaseException as error:
            self.failure = error
        finally:
            post(run_name(), PACE, {"do": "resume"})

    async def _look(self) -> None:
        url, app = self._urls["dashboard:"], self._urls["foxglove:"]
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(app, protocols=["foxglove.sdk.v1"]),
            client.ws_connect(f"{url}ws") as page,
        ):
            await self._visit(client, url, page)


async def until(page: Page, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the first text from the page's server that is wanted."""
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT and wanted(said := json.loads(message.data)):
            return dict(said)
    raise AssertionError("the page was closed")


def run_with(
    folder: Path, profile: str, seconds: float, visitor: Visitor | None, runner: str = "lockstep"
) -> dict[str, Any]:
    """Return the summary of a fast emulated run, with a page if somebody visits."""
    page = None if visitor is None else DashboardOptions(Gate.of("127.0.0.1", None))
    options = RunOptions(
        runner=runner,  # type: ignore[arg-type]
        fast=True,
        out=folder,
        report=False,
        dashboard=page,
        foxglove=None if visitor is None else 0,
        announce=print if visitor is None else visitor.announce,
    )
    summary, _ = execute(make_spec(profile, None, 3, seconds, "emulated"), options)
    if visitor is not None:
        visitor.join()
    return summary


@pytest.mark.parametrize("runner", ["lockstep", "stepped"])
def test_looking_changes_nothing_of_the_log(tmp_path: Path, runner: str) -> None:
    async def look(client: aiohttp.ClientSession, url: str, page: Page) -> None:
        hello = await until(page, lambda said: said["kind"] == "hello")
        assert (hello["profile"], hello["world"], hello["seed"]) == ("tabletop", "one_caller", 3)
        await until(page, lambda said: said["kind"] == "moment" and said["pace"].get("paused") is True)

    alone = run_with(tmp_path / "alone", "tabletop", 1.0, None)
    seen = run_with(tmp_path / "seen", "tabletop", 1.0, Visitor(look), runner)
    assert seen["failed"] is None
    assert seen["log_sha256"] == alone["log_sha256"]
    assert replay(tmp_path / "seen").equal


def test_what_is_asked_on_the_page_is_in_the_log_and_stops_the_robot(tmp_path: Path) -> None:
    async def press(client: aiohttp.ClientSession, url: str, page: Page) -> None:
        async with client.get(f"{url}plan.png") as plan:
            assert (await plan.read())[:4] == b"\x89PNG"
        await page.send_str('{"do": "command", "text": "hello"}')
        answer = await until(page, lambda said: said["kind"] == "answer")
        assert "launch sim home" in answer["text"]  # nobody in this profile understands words
        await page.send_str('{"do": "lock", "id": 0}')
        await page.send_str('{"do": "stop"}')
        await page.send_str("{")  # its answer says that all before is on its way
        await until(page, lambda said: said["kind"] == "answer")

    summary = run_with(tmp_path / "run", "follow_me", 3.0, Visitor(press))
    assert summary["failed"] is None
    commits = list(LogReader(tmp_path / "run" / "log.mcap").commits())
    asked = [c.message for c in commits if c.topic is topics.OPERATOR]
    assert [(a.action, a.id) for a in asked if isinstance(a, OperatorRequest)] == [("lock", 0), ("stop", -1)]
    first_ns = next(c.envelope.t_ns for c in commits if c.topic is topics.OPERATOR)
    after = [c.message for c in commits if c.topic is topics.SAFETY and c.envelope.t_ns > first_ns + 20_000_000]
    assert len(after) > 100
    assert all(isinstance(s, SafetyState) and (s.applied_v, s.applied_omega) == (0.0, 0.0) for s in after)
    assert replay(tmp_path / "run").equal


def test_the_operator_drops_what_is_no_request() -> None:
    node = Operator(OperatorConfig("test"), spawn(0, "operator"))
    for value in ({"action": "fly"}, {"action": "lock", "id": "three"}, {}, {"action": "lock", "id": 2}):
        assert post("test", "operator", value)
    out = node.step(5, Inbox(5, {}, {}))
    assert [message for _, message, _ in out.items] == [OperatorRequest(stamp_ns=5, action="lock", id=2)]
    node.close()
    assert not post("test", "operator", {"action": "stop"})


def test_a_mailbox_gives_objects_only() -> None:
    box = open_mailbox("test", "pace")
    for text in ('{"do": "pause"}', "[1]", "nonsense", '"pause"'):
        send(text, box.path)
    assert received(box) == [{"do": "pause"}]
    box.close()


def test_the_pace_holds_steps_and_goes_on() -> None:
    box = open_mailbox("test", PACE)
    heard: list[dict[str, Any]] = []
    pace = Pace(True, box, heard.append)
    for asked in ({"url": "x"}, {"do": "step"}, {"do": "step"}):
        post("test", PACE, asked)
    for stretch in range(2 * STEP):
        pace.hold(0.05 * stretch)
        assert pace.paused
    post("test", PACE, {"do": "resume"})
    pace.hold(0.3)
    assert not pace.paused
    assert heard == [{"url": "x"}]
    for wrong in ({"do": "speed", "x": "fast"}, {"do": "speed"}, {"do": "fly"}):
        post("test", PACE, wrong)
    post("test", PACE, {"do": "speed", "x": 100})
    pace.hold(0.4)
    assert pace.speed == 100.0
    box.close()
