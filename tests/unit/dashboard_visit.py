"""A run with somebody at its page: held as soon as the page is there, until the visit lets it go on."""

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
from launch.dashboard.controls import PACE, post, run_name
from launch.dashboard.gate import Gate
from launch.dashboard.tap import DashboardOptions
from launch.execute import RunOptions, execute

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
        home, _, query = url.partition("?")
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(app, protocols=["foxglove.sdk.v1"]),
            client.ws_connect(f"{home}ws?{query}") as page,
        ):
            await self._visit(client, url, page)


async def until(page: Page, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the first text from the page's server that is wanted."""
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT and wanted(said := json.loads(message.data)):
            return dict(said)
    raise AssertionError("the page was closed")


def run_with(
    folder: Path,
    profile: str,
    seconds: float,
    visitor: Visitor | None,
    runner: str = "lockstep",
    token: str | None = None,
) -> dict[str, Any]:
    """Return the summary of a fast emulated run, with a page if somebody visits."""
    page = None if visitor is None else DashboardOptions(Gate.of("127.0.0.1", token))
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
