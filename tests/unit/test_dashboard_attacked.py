"""Everything at once against the page of a real run: strangers are refused, what is too much is bounded, and the run's
log is that of a run that nobody looked at."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from dashboard_visit import Page, Visitor, mailboxes, run_with  # noqa: F401  # a fixture

from launch.dashboard.controls import PACE, post, run_name
from launch.dashboard.server import FRAME_BYTES, MISTAKES, PAGES_AT_MOST

TOKEN = "known-to-few-people"
CROWD = 200
UPGRADE = (
    "GET /ws?token={} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Attack:
    """What strangers and those who misbehave try, while one page looks on."""

    def __init__(self) -> None:
        self.after: list[float] = []
        """Moments that the page which behaves saw while all this went on."""

    async def __call__(self, client: aiohttp.ClientSession, url: str, page: Page) -> None:
        home = url.partition("?")[0]
        await strangers_are_refused(home)
        await paths_lead_nowhere(home)
        slow = takes_nothing(home)
        crowd = await crowding(client, f"{home}ws?token={TOKEN}")
        # All that stays as it is while the run goes on, and the rest comes again and again.
        post(run_name(), PACE, {"do": "resume"})
        again = asyncio.create_task(self._again(home))
        async for message in page:
            if message.type is aiohttp.WSMsgType.TEXT and (said := json.loads(message.data))["kind"] == "moment":
                self.after.append(said["t"])
        again.cancel()
        with suppress(asyncio.CancelledError):
            await again
        slow.close()
        for one in crowd:
            await one.close()

    async def _again(self, home: str) -> None:
        while True:
            # The run may end at any of these; a test before it did everything once.
            with suppress(aiohttp.ClientError, OSError):
                await strangers_are_refused(home)


async def strangers_are_refused(home: str) -> None:
    """Without the token, with a wrong one, from another page: nobody gets in, by any door."""
    origin = {"Origin": "http://elsewhere.example"}
    async with aiohttp.ClientSession(cookies={"housemate": "guessed-by-chance"}) as stranger:
        for query, headers in (("", {}), ("?token=", {}), ("?token=known-to-few", {}), (f"?token={TOKEN}", origin)):
            async with stranger.get(home + query, headers=headers, allow_redirects=False) as answer:
                assert answer.status in (401, 403)
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await stranger.ws_connect(f"{home}ws{query}", headers=headers)
            assert refused.value.status in (401, 403)


async def paths_lead_nowhere(home: str) -> None:
    """With the token too, no path leads out of the page's own files."""
    port = urlsplit(home).port
    for path in ("/../pyproject.toml", "/static/%2e%2e/tap.py", "/static/..%2f..%2fapi.py", "//etc/passwd"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: housemate={TOKEN}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        assert answer.split(b" ", 2)[1] in (b"400", b"404"), path


def takes_nothing(home: str) -> socket.socket:
    """Return a page that asks for everything and reads nothing."""
    slow = socket.create_connection(("127.0.0.1", urlsplit(home).port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.sendall(UPGRADE.format(TOKEN).encode())
    return slow


async def crowding(client: aiohttp.ClientSession, ws: str) -> list[Page]:
    """Open two hundred pages at once; return those that got in, a few of them closed for how they behaved."""

    async def one() -> Page | None:
        try:
            return await client.ws_connect(ws)
        except aiohttp.ClientError:
            return None

    pages = [page for page in await asyncio.gather(*(one() for _ in range(CROWD))) if page is not None]
    assert 3 <= len(pages) < PAGES_AT_MOST  # one looks on, one takes nothing
    await pages[0].send_str(json.dumps({"do": "command", "text": "x" * FRAME_BYTES}))
    for number in range(MISTAKES):
        await pages[1].send_str(f'{{"do": "fly", "to": {number}}}')
    await pages[2].send_bytes(b"\x00" * (FRAME_BYTES - 1))
    for page, code in ((pages[0], 1009), (pages[1], 1008)):
        async for _ in page:
            pass
        assert page.close_code == code
    return pages[2:]


@pytest.mark.parametrize(("profile", "runner"), [("follow_me", "stepped"), ("tabletop", "lockstep")])
def test_a_run_under_attack_is_the_run_that_nobody_saw(tmp_path: Path, profile: str, runner: str) -> None:
    alone = run_with(tmp_path / "alone", profile, 1.0, None)
    attack = Attack()
    attacked = run_with(tmp_path / "attacked", profile, 1.0, Visitor(attack), runner, TOKEN)
    assert attacked["failed"] is None
    assert attacked["sim_seconds"] == 1.0
    assert attacked["log_sha256"] == alone["log_sha256"]
    assert attack.after
    assert attack.after == sorted(attack.after)
