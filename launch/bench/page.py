"""`launch bench page`: what looking costs. A run alone, and the same with page and Foxglove open and both looked at.

Measured in turn, so that a machine whose speed drifts drifts for both. The logs must be equal.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import threading
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from launch.dashboard.gate import Gate
from launch.dashboard.tap import DashboardOptions
from launch.execute import RunOptions, execute
from launch.profiles import Perception, RunSpec

WARM_UP_S = 2.0  # compiles kernels and fills caches


class Audience:
    """A browser's worth of reading at the page, and a Foxglove that has subscribed to everything."""

    def __init__(self) -> None:
        self.bytes = {"dashboard:": 0, "foxglove:": 0}
        self._threads: list[threading.Thread] = []

    def announce(self, text: str) -> None:
        """Look at an address as soon as it is there."""
        name, url = text.split()
        look = self._page if name == "dashboard:" else self._foxglove
        thread = threading.Thread(target=lambda: asyncio.run(look(url)), daemon=True)
        thread.start()
        self._threads.append(thread)

    def join(self) -> None:
        """Wait until the run has closed both."""
        for thread in self._threads:
            thread.join()

    async def _page(self, url: str) -> None:
        async with aiohttp.ClientSession() as client, client.ws_connect(f"{url}ws") as page:
            async for message in page:
                self.bytes["dashboard:"] += len(message.data)

    async def _foxglove(self, url: str) -> None:
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(url, protocols=["foxglove.sdk.v1"], max_msg_size=0) as app,
        ):
            async for message in app:
                self.bytes["foxglove:"] += len(message.data)
                if message.type is aiohttp.WSMsgType.TEXT and (said := json.loads(message.data))["op"] == "advertise":
                    rows = [{"id": channel["id"], "channelId": channel["id"]} for channel in said["channels"]]
                    await app.send_str(json.dumps({"op": "subscribe", "subscriptions": rows}))


def run(world: str, seconds: float, repeats: int, perception: Perception) -> dict[str, Any]:
    """Measure, print the table and return it."""
    _one(world, WARM_UP_S, perception, None)
    pairs = []
    for _ in range(repeats):
        audience = Audience()
        alone = _one(world, seconds, perception, None)
        served = _one(world, seconds, perception, audience)
        audience.join()
        pairs.append((alone, served, audience))
    loss = [1.0 - served["real_time_factor"] / alone["real_time_factor"] for alone, served, _ in pairs]
    found = {
        "x_real_time_alone": statistics.median(alone["real_time_factor"] for alone, _, _ in pairs),
        "x_real_time_looked_at": statistics.median(served["real_time_factor"] for _, served, _ in pairs),
        "share_lost": statistics.median(loss),
        "equal_logs": all(alone["log_sha256"] == served["log_sha256"] for alone, served, _ in pairs),
        "page_kb_per_s": statistics.median(a.bytes["dashboard:"] / 1000 / s["wall_seconds"] for _, s, a in pairs),
        "foxglove_kb_per_s": statistics.median(a.bytes["foxglove:"] / 1000 / s["wall_seconds"] for _, s, a in pairs),
    }
    table = Table(title=f"follow_me in {world}, {perception}, {seconds:g} s simulated, stepped, median of {repeats}")
    table.add_column("what")
    table.add_column("value", justify="right")
    for name, value in found.items():
        table.add_row(name, str(value) if isinstance(value, bool) else f"{value:.3f}")
    Console(width=120).print(table)
    return found


def _one(world: str, seconds: float, perception: Perception, audience: Audience | None) -> dict[str, Any]:
    """Return the summary of one run."""
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(
            fast=True,
            out=Path(folder) / "run",
            report=False,
            dashboard=None if audience is None else DashboardOptions(Gate.of("127.0.0.1", None)),
            foxglove=None if audience is None else 0,
            announce=print if audience is None else audience.announce,
        )
        summary, _ = execute(RunSpec("follow_me", world, 0, seconds, perception), options)
    return summary
