"""The page's server: static files by name, and one WebSocket per page that carries moments out and requests in.

Everything is bounded: connections, pages, what a page may send and how fast, and what waits for a slow page (nothing:
it gets the newest moment when it has taken the last).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Protocol

import msgspec
from aiohttp import WSMsgType, web

from launch.dashboard.asked import DECODER, Request
from launch.dashboard.gate import COOKIE, HEADERS, Gate
from launch.dashboard.pictures import CALLER, CAMERA, Packet

PERIOD_S = 0.1
PAGES_AT_MOST = 24
CONNECTIONS_AT_MOST = 96
FRAME_BYTES = 4096  # of what a page sends
SPEECH_BYTES = 512 * 1024  # of a recording: 16 s at 16 kHz
ASKED_PER_S, BURST = 20.0, 40.0
PATIENCE_S = 15.0  # a page that takes nothing for so long is closed
FAREWELL_S = 2.0  # a page may take to answer that the run is over
MISTAKES = 8  # malformed requests before a page is closed
TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
DISPLAY, ON_DISPLAY = "display", (CAMERA, CALLER)
PAGES = {"/": "index.html", "/display": "display.html"}


class Show(Protocol):
    """What there is to see."""

    @property
    def plan_png(self) -> bytes:
        """The home from above; empty where there is none."""

    def hello(self) -> dict[str, Any]:
        """Return what a page must know once."""

    def moment(self) -> dict[str, Any]:
        """Return what a page must know now."""

    def pictures(self) -> list[Packet]:
        """Return the newest pictures, one of each kind that there is."""

    def caller(self) -> Packet | None:
        """Return the newest frame of a call, if there is one. Called in a thread of its own."""

    def lines(self, since: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the number of the next line of the log, and those from `since` on."""


class Server:
    """One show for all pages."""

    def __init__(
        self, show: Show, gate: Gate, ask: Callable[[Request], str], hear: Callable[[bytes], str] | None = None
    ) -> None:
        """Serve `show`.

        Args:
            ask: carries out a request; returns what to tell the page, empty where there is nothing to say.
            hear: gets a recording, in a thread of its own, and returns what to tell; None where nobody listens.
        """
        self._show, self._gate, self._ask, self._hear = show, gate, ask, hear
        self._hearing = False
        self._files = {
            f"/static/{item.name}": item.read_bytes()
            for item in files("launch.dashboard").joinpath("page").iterdir()
            if item.name.rpartition(".")[2] in TYPES
        }
        self._made, self._made_s = b"{}", -PERIOD_S
        self._pages: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self.port = 0

    async def start(self, port: int) -> None:
        """Listen; port 0 takes a free one. Raises OSError."""
        app = web.Application(middlewares=[self._guard], client_max_size=SPEECH_BYTES)
        app.router.add_post("/speech", self._listen_to_speech)
        app.router.add_get("/ws", self._talk)
        app.router.add_get("/plan.png", self._plan)
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, keepalive_timeout=20.0)
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._protocol, self._gate.host, port, backlog=CONNECTIONS_AT_MOST)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close every page and stop listening."""
        if self._listener is not None:
            self._listener.close()
        await asyncio.gather(*(page.close(code=1001, message=b"the run is over") for page in list(self._pages)))
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where a browser finds the page."""
        host = f"[{self._gate.host}]" if ":" in self._gate.host else self._gate.host
        query = f"?token={self._gate.token}" if self._gate.token else ""
        return f"http://{host}:{self.port}/{query}"

    def waiting_bytes(self) -> int:
        """Return how much is on its way to pages that have not taken it yet."""
        transports = (page._req.transport for page in self._pages if page._req is not None)
        return sum(t.get_write_buffer_size() for t in transports if isinstance(t, asyncio.WriteTransport))

    def _protocol(self) -> asyncio.BaseProtocol:
        assert self._runner is not None
        assert self._runner.server is not None
        if len(self._runner.server.connections) >= CONNECTIONS_AT_MOST:
            return _Refusal()
        return self._runner.server()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        refusal = self._gate.check(request)
        if refusal is None and request.path != "/ws":
            refusal = self._welcome(request)
        answer: web.StreamResponse = await handler(request) if refusal is None else refusal
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    def _welcome(self, request: web.Request) -> web.Response | None:
        """A token in the address moves into a cookie, so that it does not stay in the bar and the history."""
        if not (self._gate.token and "token" in request.query):
            return None
        moved = web.Response(status=303, headers={"Location": request.path})
        moved.set_cookie(COOKIE, self._gate.token, httponly=True, samesite="Strict", path="/")
        return moved

    async def _file(self, request: web.Request) -> web.Response:
        name = f"/static/{PAGES[request.path]}" if request.path in PAGES else request.path
        body = self._files.get(name)
        if body is None:
            return web.Response(status=404, text="there is no such page\n")
        return web.Response(body=body, content_type=TYPES[name.rpartition(".")[2]], charset="utf-8")

    async def _plan(self, request: web.Request) -> web.Response:
        if not self._show.plan_png:
            return web.Response(status=404, text="this run has no home\n")
        return web.Response(body=self._show.plan_png, content_type="image/png")

    async def _listen_to_speech(self, request: web.Request) -> web.Response:
        """One recording at a time: recognising takes a core for as long as was spoken."""
        if self._hear is None:
            return web.Response(status=404, text="nobody listens here\n")
        if self._hearing:
            return web.Response(status=429, text="one at a time: somebody is being listened to\n")
        self._hearing = True
        try:
            wav = await asyncio.wait_for(request.read(), PATIENCE_S)
            return web.Response(text=await asyncio.to_thread(self._hear, wav))
        except (TimeoutError, asyncio.TimeoutError):
            return web.Response(status=408, text="the recording never ended\n")
        finally:
            self._hearing = False

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        if len(self._pages) >= PAGES_AT_MOST:
            return web.Response(status=503, text=f"{PAGES_AT_MOST} pages look already\n")
        socket = web.WebSocketResponse(
            max_msg_size=FRAME_BYTES, heartbeat=PATIENCE_S, compress=False, timeout=FAREWELL_S
        )
        self._pages.add(socket)
        telling: asyncio.Task[None] | None = None
        try:
            await socket.prepare(request)
            telling = asyncio.create_task(self._tell(socket, request.query.get("view") == DISPLAY))
            await self._listen(socket)
        finally:
            self._pages.discard(socket)
            if telling is not None:
                telling.cancel()
        return socket

    async def _tell(self, socket: web.WebSocketResponse, on_display: bool) -> None:
        """Send what is new, as fast as the page takes it: a call's frames to the display's own screen only."""
        seen: dict[bytes, object] = {}
        told, next_line = b"", 0
        try:
            await _sent(socket.send_str(_text({"kind": "hello", **self._show.hello()})))
            while not socket.closed:
                started = time.monotonic()
                next_line, lines = self._show.lines(next_line)
                moment = self._moment()
                if lines or moment != told:
                    told = moment
                    await _sent(socket.send_str(f'{moment[:-1].decode()},"lines":{_text(lines)}}}'))
                pictures = self._show.pictures()
                if on_display:
                    caller = await asyncio.to_thread(self._show.caller)
                    pictures = [p for p in (*pictures, caller) if p is not None and p.kind in ON_DISPLAY]
                for packet in pictures:
                    if seen.get(packet.kind) != packet.version:
                        await _sent(socket.send_bytes(packet.data))
                        seen[packet.kind] = packet.version
                await asyncio.sleep(max(0.01, PERIOD_S - (time.monotonic() - started)))
        except (TimeoutError, asyncio.TimeoutError):
            await _abort(socket)
        except (ConnectionError, RuntimeError):
            pass  # it has gone

    def _moment(self) -> bytes:
        """Return what is now, made once for all pages."""
        now_s = time.monotonic()
        if now_s - self._made_s >= PERIOD_S / 2:
            self._made, self._made_s = msgspec.json.encode({"kind": "moment", **self._show.moment()}), now_s
        return self._made

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        mistakes, allowance, last = 0, BURST, time.monotonic()
        async for message in socket:
            now = time.monotonic()
            allowance, last = min(BURST, allowance + (now - last) * ASKED_PER_S), now
            try:
                if message.type is not WSMsgType.TEXT:
                    raise msgspec.ValidationError("requests are text")
                request = DECODER.decode(message.data)
            except (msgspec.DecodeError, UnicodeError) as error:
                mistakes += 1
                if mistakes >= MISTAKES:
                    await socket.close(code=1008, message=b"too many malformed requests")
                    return
                await _sent(socket.send_str(_text({"kind": "answer", "text": f"not understood: {error}"})))
                continue
            if allowance < 1.0 and not _is_stop(request):
                continue
            allowance -= 1.0
            answer = self._ask(request)
            if answer:
                await _sent(socket.send_str(_text({"kind": "answer", "text": answer})))


class _Refusal(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _is_stop(request: Request) -> bool:
    return type(request).__name__ == "Stop"


async def _sent(sending: Any) -> None:
    await asyncio.wait_for(sending, PATIENCE_S)


async def _abort(socket: web.WebSocketResponse) -> None:
    """A page that takes nothing would not take a farewell either."""
    transport = socket._req.transport if socket._req is not None else None
    if transport is not None:
        transport.abort()


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
