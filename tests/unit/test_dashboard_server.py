"""The page's server against strangers: other origins and names, no token, traversal, floods, and pages that take
nothing. Whatever is refused, a page that behaves goes on seeing the run."""

from __future__ import annotations

import asyncio
import json
import socket
import threading

import aiohttp
import pytest
from dashboard_desk import Desk, MadeUpShow, desk, run

from launch.dashboard import asked
from launch.dashboard.gate import Gate
from launch.dashboard.server import CONNECTIONS_AT_MOST, FRAME_BYTES, MISTAKES, PAGES_AT_MOST, SPEECH_BYTES
from launch.errors import CallError

TOKEN = "a-token-of-the-test"


async def next_of(page: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, object]:
    """Return the next text of a kind that reaches a page."""
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT and (said := json.loads(message.data))["kind"] == kind:
            return dict(said)
    raise AssertionError(f"the page was closed ({page.close_code}) before a '{kind}' came")


async def sees_the_run(at: Desk) -> None:
    """Fail unless a new page gets moments."""
    async with at.client.ws_connect(at.ws) as page:
        assert (await next_of(page, "hello"))["profile"] == "made_up"
        first, second = await next_of(page, "moment"), await next_of(page, "moment")
        assert second["t"] > first["t"]  # type: ignore[operator]


def test_a_page_gets_its_files_then_moments_lines_and_pictures() -> None:
    async def test() -> None:
        async with desk() as at:
            for path, kind in (("/", "text/html"), ("/display", "text/html"), ("/static/app.js", "text/javascript")):
                async with at.client.get(at.base + path) as answer:
                    assert (answer.status, answer.content_type) == (200, kind)
                    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            async with at.client.ws_connect(at.ws) as page:
                assert (await next_of(page, "hello"))["live"] is True
                first = await next_of(page, "moment")
                assert [line["text"] for line in first["lines"]] == ["0", "1", "2"]  # type: ignore[attr-defined]
                assert (await next_of(page, "moment"))["lines"] == []
                picture = await page.receive()
                assert picture.data[:1] == b"C"
                header = json.loads(picture.data[5 : 5 + int.from_bytes(picture.data[1:5], "big")])
                assert header == {"size": [1, 1]}

    run(test)


def test_the_displays_own_screen_gets_the_caller_and_no_other_page_does() -> None:
    async def kinds(at: Desk, query: str) -> set[bytes]:
        """Return the letters of what comes until something of the second look has come."""
        found: list[bytes] = []
        async with at.client.ws_connect(at.ws + query) as page:
            async for message in page:
                if message.type is aiohttp.WSMsgType.BINARY:
                    found.append(message.data[:1])
                    if len(found) > 2:
                        break
        return set(found)

    async def test() -> None:
        async with desk() as at:
            assert await kinds(at, "") == {b"C"}
            assert await kinds(at, "?view=display") == {b"C", b"V"}

    run(test)


def test_every_request_of_the_page_arrives_as_what_it_is() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws) as page:
            for text in (
                '{"do": "stop"}',
                '{"do": "lock", "id": 3}',
                '{"do": "command", "text": "go to the kitchen"}',
                '{"do": "speed", "x": 2}',
            ):
                await page.send_str(text)
            await page.send_str("{")  # its answer says that all before were read
            await next_of(page, "answer")
            wanted = [asked.Stop(), asked.Lock(id=3), asked.Command(text="go to the kitchen"), asked.SetSpeed(x=2.0)]
            assert at.asked == wanted

    run(test)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8765"},
    ],
)
def test_other_origins_and_foreign_names_are_refused(headers: dict[str, str]) -> None:
    async def test() -> None:
        async with desk() as at:
            for path in ("/", "/static/app.js", "/plan.png"):
                async with at.client.get(at.base + path, headers=headers) as answer:
                    assert answer.status in (403, 421)
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await at.client.ws_connect(at.ws, headers=headers)
            assert refused.value.status in (403, 421)
            await sees_the_run(at)

    run(test)


def test_the_pages_own_origin_is_let_in() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws, headers={"Origin": at.base}) as page:
            await next_of(page, "moment")

    run(test)


def test_without_the_token_nobody_looks_and_with_it_it_becomes_a_cookie() -> None:
    async def test() -> None:
        async with desk(token=TOKEN) as at:
            for query in ("", "?token=wrong", f"?token={TOKEN}x", "?token="):
                async with at.client.get(at.base + "/" + query, allow_redirects=False) as answer:
                    assert answer.status == 401
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await at.client.ws_connect(at.ws + query)
            async with at.client.get(f"{at.base}/?token={TOKEN}", allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/")
                assert "HttpOnly" in answer.headers["Set-Cookie"]
                assert "SameSite=Strict" in answer.headers["Set-Cookie"]
            await sees_the_run(at)  # by its cookie now

    run(test)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])
def test_off_this_machine_there_is_always_a_token(host: str) -> None:
    assert len(Gate.of(host, None).token) >= 16
    assert Gate.of(host, None).token != Gate.of(host, None).token
    with pytest.raises(CallError, match="12 characters"):
        Gate.of(host, "short")
    assert Gate.of("127.0.0.1", None).token == ""


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/static/../../../pyproject.toml",
        "/static/%2e%2e/tap.py",
        "/static/..%2ftap.py",
        "//etc/passwd",
        "/etc/passwd",
        "/static/tap.py",
        "/static/",
        "/static/app.js%00.html",
    ],
)
def test_no_path_leads_out_of_the_page(path: str) -> None:
    async def test() -> None:
        async with desk() as at:
            reader, writer = await asyncio.open_connection("127.0.0.1", at.server.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            assert answer.split(b" ", 2)[1] in (b"400", b"404")
            assert b"import" not in answer
            assert b"root:" not in answer

    run(test)


def test_malformed_requests_are_told_so_and_then_closed_out() -> None:
    wrong = [
        "{",
        "[]",
        '"stop"',
        '{"do": "fly"}',
        '{"do": "lock"}',
        '{"do": "lock", "id": -1}',
        '{"do": "command", "text": ""}',
        '{"do": "stop", "really": true}',
    ]
    assert len(wrong) >= MISTAKES

    async def test() -> None:
        async with desk() as at:
            async with at.client.ws_connect(at.ws) as page:
                for text in wrong:
                    await page.send_str(text)
                closed = [message async for message in page]
                assert page.close_code == 1008
                answers = [m.data for m in closed if m.type is aiohttp.WSMsgType.TEXT and "not understood" in m.data]
                assert len(answers) == MISTAKES - 1
            assert at.asked == []
            await sees_the_run(at)

    run(test)


def test_an_oversized_frame_closes_its_page_alone() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws) as other:
            async with at.client.ws_connect(at.ws) as page:
                await page.send_str(json.dumps({"do": "command", "text": "x" * FRAME_BYTES}))
                async for _ in page:
                    pass
                assert page.close_code == 1009
            assert at.asked == []
            await next_of(other, "moment")

    run(test)


def test_a_flood_of_requests_is_cut_but_stop_always_arrives() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws) as page:
            for number in range(2000):
                await page.send_str(json.dumps({"do": "lock", "id": number}))
            await page.send_str('{"do": "stop"}')
            await page.send_str("{")
            await next_of(page, "answer")
            assert asked.Stop() in at.asked
            # On a machine so slow that the flood took a minute, the allowance of that minute would all be used.
            assert len(at.asked) < 2000

    run(test)


def test_two_hundred_pages_are_bounded_and_those_that_look_go_on() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws) as first:
            await next_of(first, "moment")

            async def one_more() -> aiohttp.ClientWebSocketResponse | None:
                try:
                    return await at.client.ws_connect(at.ws)
                except aiohttp.ClientError:
                    return None

            others = [page for page in await asyncio.gather(*(one_more() for _ in range(200))) if page is not None]
            assert len(others) == PAGES_AT_MOST - 1
            await next_of(first, "moment")
            for page in others:
                await page.close()

    run(test)


def test_connections_that_never_ask_are_bounded_too() -> None:
    async def test() -> None:
        async with desk() as at, at.client.ws_connect(at.ws) as first:
            silent = [await asyncio.open_connection("127.0.0.1", at.server.port) for _ in range(200)]
            for reader, _ in silent[CONNECTIONS_AT_MOST:]:  # these came when the house was full
                assert await reader.read() == b""
            await next_of(first, "moment")
            for _, writer in silent:
                writer.close()

    run(test)


def test_a_page_that_takes_nothing_holds_up_nobody_and_piles_up_nothing() -> None:
    async def test() -> None:
        show = MadeUpShow(picture_bytes=400_000)
        async with desk(show) as at, at.client.ws_connect(at.ws) as other:
            slow = socket.create_connection(("127.0.0.1", at.server.port))
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.sendall(
                b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            waiting = []
            for _ in range(30):
                await next_of(other, "moment")
                waiting.append(at.server.waiting_bytes())
            # One picture and what the kernel holds, not one picture per moment.
            assert max(waiting) < 3 * 400_000
            slow.close()

    run(test)


def test_recordings_are_heard_one_at_a_time_and_none_too_long_or_from_elsewhere() -> None:
    may_end, begun = threading.Event(), threading.Event()

    def hear(wav: bytes) -> str:
        begun.set()
        may_end.wait()
        return f"heard: {len(wav)} bytes"

    async def test() -> None:
        async with desk(hear=hear) as at:
            url = f"{at.base}/speech"
            async with at.client.post(url, data=b"x", headers={"Origin": "http://evil.example"}) as answer:
                assert answer.status == 403
            async with at.client.post(url, data=bytes(SPEECH_BYTES + 1)) as answer:
                assert answer.status == 413
            assert not begun.is_set()
            first = asyncio.create_task(at.client.post(url, data=bytes(1000)))
            await asyncio.to_thread(begun.wait)
            async with at.client.post(url, data=b"x") as answer:
                assert answer.status == 429
            await sees_the_run(at)  # nobody waits for it
            may_end.set()
            assert await (await first).text() == "heard: 1000 bytes"

    run(test)


def test_where_nobody_listens_no_recording_is_taken() -> None:
    async def test() -> None:
        async with desk() as at, at.client.post(f"{at.base}/speech", data=b"x") as answer:
            assert answer.status == 404

    run(test)
