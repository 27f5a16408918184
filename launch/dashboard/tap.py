"""The dashboard of a run: a tap, so it sits in a process of its own where nodes do, and only ever listens."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from functools import partial

import msgspec

from launch.dashboard import asked
from launch.dashboard.board import SHOWN, Board
from launch.dashboard.controls import OPERATOR, PACE, SERVER, open_mailbox, post, post_words, received
from launch.dashboard.ears import Ears
from launch.dashboard.gate import Gate
from launch.dashboard.server import PERIOD_S, Server
from launch.dashboard.show import About, BoardShow
from robot.runtime.commit import Commit
from robot.runtime.table import Graph
from robot.runtime.tap import Tap
from robot.voice.recording import RecordingError

TAP = "dashboard"
START_S = 20.0
NOBODY = "nobody here understands words: launch sim home does"


@dataclass(frozen=True)
class DashboardOptions:
    """Where the page is served."""

    gate: Gate
    port: int = 0


def dashboard_tap(options: DashboardOptions, run: str, about: About, graph: Graph) -> Tap:
    """Return the tap that serves the page of the run whose controls are named `run`. Ground truth does not reach it."""
    shown = frozenset(topic.name for topic in graph.topics()) & SHOWN
    return Tap(TAP, partial(Dashboard, options, run, about), shown, glances=True)


class Dashboard:
    """A tap with a web server beside it, in a thread of its own."""

    def __init__(self, options: DashboardOptions, run: str, about: About) -> None:
        """Serve. Raises OSError when the port cannot be had, MailboxError when the run cannot be reached."""
        self._run, self._board = run, Board()
        self._show = BoardShow(about, self._board)
        self._ears = Ears()
        self._server = Server(self._show, options.gate, self._ask, self._hear)
        self._mailbox = open_mailbox(run, SERVER)
        self._loop = asyncio.new_event_loop()
        self._started: list[BaseException | None] = []
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, args=(options.port,), name=TAP, daemon=True)
        self._thread.start()
        self._ready.wait(START_S)
        if self._started and self._started[0] is not None:
            raise self._started[0]
        post(self._run, PACE, {"url": self._server.url})

    def on_commit(self, commit: Commit) -> None:
        """Show one commit."""
        self._board.on_commit(commit)

    def close(self) -> None:
        """Close every page."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(START_S)
        self._mailbox.close()

    def _serve(self, port: int) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._work(port))
        finally:
            self._loop.close()

    async def _work(self, port: int) -> None:
        try:
            await self._server.start(port)
        except OSError as error:
            self._started.append(error)
            return
        finally:
            self._ready.set()
        while not self._over.is_set():
            for told in received(self._mailbox):
                self._board.tell(told)
                self._show.pace = told.get("pace", self._show.pace)
            try:
                await asyncio.wait_for(self._over.wait(), PERIOD_S)
            except asyncio.TimeoutError:
                continue
        await self._server.close()

    def _hear(self, wav: bytes) -> str:
        try:
            text = self._ears.text(wav)
        except RecordingError:
            return "that is no recording"
        if not text:
            return "no words were heard"
        return f"heard: {text}" if post_words(self._run, text) else f"heard: {text}; {NOBODY}"

    def _ask(self, request: asked.Request) -> str:
        value = msgspec.to_builtins(request)
        match request:
            case asked.Stop() | asked.Release() | asked.Lock() | asked.Unlock():
                wanted = {"action": value.pop("do"), **value}
                return "" if post(self._run, OPERATOR, wanted) else "the run does not listen any more"
            case asked.Command():
                heard = post_words(self._run, request.text)
                return "" if heard else NOBODY
            case asked.Seek():
                return "a run cannot be wound back: launch view LOG can"
            case _ if self._show.on_hardware:
                return "only a simulation can be held; STOP stops the robot"
        return "" if post(self._run, PACE, value) else "this run keeps its own pace"
