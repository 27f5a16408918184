"""A made-up show and a client for the tests of the page's server. Nothing here waits for a clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from launch.dashboard.asked import Request
from launch.dashboard.gate import Gate
from launch.dashboard.pictures import CALLER, CAMERA, Packet, packed
from launch.dashboard.server import Server

LIMIT_S = 60.0  # whatever waits longer than this on a busy machine hangs


class MadeUpShow:
    """A show whose clock advances with every look."""

    plan_png = b"\x89PNG made up"

    def __init__(self, picture_bytes: int = 1000) -> None:
        self.looks = 0
        self._picture = bytes(picture_bytes)

    def hello(self) -> dict[str, Any]:
        return {"live": True, "profile": "made_up", "plan": {}}

    def moment(self) -> dict[str, Any]:
        self.looks += 1
        return {"t": self.looks / 10}

    def pictures(self) -> list[Packet]:
        return [Packet(self.looks, packed(CAMERA, {"size": [1, 1]}, self._picture))]

    def caller(self) -> Packet | None:
        return Packet(self.looks, packed(CALLER, {"size": [1, 1]}, b"somebody"))

    def lines(self, since: int) -> tuple[int, list[dict[str, Any]]]:
        lines = [{"t": 0.0, "level": "info", "text": str(i)} for i in range(since, 3)]
        return 3, lines


class Desk:
    """A server on a free port, what was asked of it, and a client."""

    def __init__(self, server: Server, client: aiohttp.ClientSession, asked: list[Request]) -> None:
        self.server, self.client, self.asked = server, client, asked

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.server.port}/ws"


@asynccontextmanager
async def desk(
    show: MadeUpShow | None = None, token: str | None = None, hear: Callable[[bytes], str] | None = None
) -> AsyncIterator[Desk]:
    """Yield a running server and a client without cookies of its own."""
    asked: list[Request] = []

    def ask(request: Request) -> str:
        asked.append(request)
        return ""

    server = Server(show or MadeUpShow(), Gate.of("127.0.0.1", token), ask, hear)
    await server.start(0)
    # As many connections as a test wants; addresses as cookie hosts are for the test of the token.
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        yield Desk(server, client, asked)
    await server.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine; one that hangs fails."""

    async def limited() -> None:
        await asyncio.wait_for(test(), LIMIT_S)

    asyncio.run(limited())
