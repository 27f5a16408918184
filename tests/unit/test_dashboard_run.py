"""A run with a page: looking changes nothing of its log, and what is asked on the page is in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from dashboard_visit import Page, Visitor, mailboxes, run_with, until  # noqa: F401  # a fixture

from launch.api import make_spec
from launch.dashboard.controls import PACE, ROLLOUTS, Operator, OperatorConfig, open_mailbox, post, received
from launch.dashboard.pace import STEP, Pace
from launch.execute import prepare
from launch.replay.run import replay
from robot import topics
from robot.messages import OperatorRequest, SafetyState
from robot.node import Inbox
from robot.recording.reader import LogReader
from robot.rng import spawn
from robot.voice.mailbox import send


@pytest.mark.parametrize(
    ("profile", "runner"), [("tabletop", "lockstep"), ("tabletop", "stepped"), ("follow_me", "lockstep")]
)
def test_looking_changes_nothing_of_the_log(tmp_path: Path, profile: str, runner: str) -> None:
    async def look(client: aiohttp.ClientSession, url: str, page: Page) -> None:
        hello = await until(page, lambda said: said["kind"] == "hello")
        assert (hello["profile"], hello["seed"]) == (profile, 3)
        await until(page, lambda said: said["kind"] == "moment" and said["pace"].get("paused") is True)

    alone = run_with(tmp_path / "alone", profile, 1.0, None)
    seen = run_with(tmp_path / "seen", profile, 1.0, Visitor(look), runner)
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


@pytest.mark.parametrize("profile", ["follow_me", "home"])
def test_the_navigator_shows_what_it_considers_only_where_there_is_a_page(profile: str) -> None:
    spec = make_spec(profile, None, 0, 1.0, "emulated")
    for operator, shows in (("", 0), ("somebody", ROLLOUTS)):
        slots = {slot.row.name: slot for slot in prepare(replace(spec, operator=operator)).slots}
        config = slots["navigator"].row.config
        assert (config.shows if config else 0) == shows
        assert ("page" in slots) == bool(operator)
    own = replace(spec, operator="somebody", overrides=("navigator.shows=3",))
    assert next(s for s in prepare(own).slots if s.row.name == "navigator").row.config.shows == 3


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
