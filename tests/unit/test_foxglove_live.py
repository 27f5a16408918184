"""Foxglove's own protocol against the live server: what it promises, what a subscriber gets, and what nobody gets."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

import aiohttp
from recording_nodes import play

from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.recording.fixed_views import HOME, TRANSFORMS
from robot.recording.foxglove_live import LiveViews
from robot.recording.foxglove_scene import Solid
from robot.recording.view_table import VIEWS
from robot.runtime.commit import Commit

LIMIT_S = 60.0
MESSAGE_DATA = 1
WALL = Solid("wall", "box", (1.0, 0.1, 2.5), (0.0, 0.0, 1.25), (0.0, 0.0, 0.0, 1.0), (0.5, 0.5, 0.5, 1.0))
WANTED = {"view/camera": "foxglove.CompressedImage", "view/scan": "foxglove.LaserScan", HOME: "foxglove.SceneUpdate"}


class RunClock:
    """Observer whose clock is the run's, times a factor: a viewer in real time, however fast the test's run is."""

    def __init__(self, wall_per_run_s: float = 1.0) -> None:
        self._factor, self.now_s = wall_per_run_s, 0.0

    def on_commit(self, commit: Commit) -> None:
        self.now_s = commit.envelope.t_ns / NS_PER_S * self._factor

    def read(self) -> float:
        return self.now_s


async def advertised(page: aiohttp.ClientWebSocketResponse) -> dict[str, dict[str, Any]]:
    """Return the channels that the server offers, by topic."""
    found: dict[str, dict[str, Any]] = {}
    promised = {view.channel for view in VIEWS if not view.source.is_truth}
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT and (said := json.loads(message.data))["op"] == "advertise":
            found |= {channel["topic"]: channel for channel in said["channels"]}
            if promised <= set(found):
                return found
    raise AssertionError(f"never offered: {promised - set(found)}")


async def look(views: LiveViews, clock: RunClock, frames: int) -> dict[str, int]:
    """Subscribe to some channels, play a second of the made-up run, and return how many messages came on each."""
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(views.url, protocols=["foxglove.sdk.v1"]) as page,
    ):
        channels = await advertised(page)
        assert not any("truth" in name for name in channels)
        for name, schema in WANTED.items():
            assert channels[name]["schemaName"] == schema
        chosen = [*WANTED, TRANSFORMS]
        asked = [{"id": number, "channelId": channels[name]["id"]} for number, name in enumerate(chosen)]
        await page.send_str(json.dumps({"op": "subscribe", "subscriptions": asked}))
        while views.watched() != set(chosen):
            await asyncio.sleep(0)
        counts = dict.fromkeys(chosen, 0)
        assert views.wanted() == {"camera", "scan", "odom", "joints/states"}
        taking = asyncio.create_task(take(page, chosen, counts, frames))
        await asyncio.to_thread(play, [clock, views], 1.05)
        await taking
        return counts


async def take(page: aiohttp.ClientWebSocketResponse, chosen: list[str], counts: dict[str, int], frames: int) -> None:
    """Count what comes, until the last frame of the camera has come."""
    while counts["view/camera"] < frames:
        message = await page.receive()
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
        if message.type is aiohttp.WSMsgType.BINARY and message.data[0] == MESSAGE_DATA:
            number, t_ns = struct.unpack_from("<IQ", message.data, 1)
            assert 0 <= t_ns <= 1_050_000_000
            counts[chosen[number]] += 1


def test_a_subscriber_gets_what_was_promised_and_no_truth() -> None:
    clock = RunClock()
    views = LiveViews(0, (WALL,), RoverBody(), Pose2(1.0, 2.0, 0.5), clock.read)
    counts = asyncio.run(asyncio.wait_for(look(views, clock, 11), LIMIT_S))
    views.close()
    assert counts["view/scan"] >= 10
    assert counts[HOME] >= 1
    assert counts[TRANSFORMS] >= 10


def test_a_run_ten_times_as_fast_sends_no_more_a_second() -> None:
    clock = RunClock(0.1)
    views = LiveViews(0, (WALL,), RoverBody(), Pose2(), clock.read)
    counts = asyncio.run(asyncio.wait_for(look(views, clock, 2), LIMIT_S))
    views.close()
    assert counts["view/scan"] <= 2  # in a tenth of a second


def test_nothing_is_made_while_nobody_looks() -> None:
    views = LiveViews(0, (), None, Pose2())
    assert views.watched() == set()
    assert views.wanted() == frozenset()
    play([views], 0.2)
    views.close()
