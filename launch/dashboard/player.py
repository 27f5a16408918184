"""A log in place of a run: played onto the same board, from any moment, so that the same page shows it.

Going back means reading from the front again; the newest message of each topic before the wanted moment is what a page
would have shown then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from launch.dashboard import asked
from launch.dashboard.board import Board
from launch.dashboard.show import About, BoardShow
from robot.clock import NS_PER_S
from robot.recording.reader import LogReader
from robot.runtime.commit import Commit

TURN_S = 0.05  # wall time between two looks at the clock
BREATH = 400  # commits read between two breaths, in which pages are served
STEP_S = 0.1


class LogShow(BoardShow):
    """What a log holds, at one moment."""

    live = False
    _commits: Iterator[Commit]
    _next: Commit | None

    def __init__(self, reader: LogReader, about: About) -> None:
        """Wind to the beginning."""
        super().__init__(about, Board())
        self._reader = reader
        self.playing, self.speed = True, 1.0
        self._wanted_ns = 0
        self._wind()

    @property
    def now_s(self) -> float:
        """The moment that is shown."""
        return self._wanted_ns / NS_PER_S

    def moment(self) -> dict[str, Any]:
        """Return where everything was."""
        self.pace = {"paused": not self.playing, "speed": self.speed}
        return super().moment()

    def ask(self, request: asked.Request) -> str:
        """Carry out what concerns a log; return what to say to the rest."""
        match request:
            case asked.Pause():
                self.playing = False
            case asked.Resume():
                self.playing = True
            case asked.Step():
                self.playing, self._wanted_ns = False, self._wanted_ns + round(STEP_S * NS_PER_S)
            case asked.SetSpeed(x=x):
                self.speed = x or 100.0
            case asked.Seek(t=t):
                self.seek(t)
            case _:
                return "this is a log: nobody can be asked any more"
        return ""

    def seek(self, t_s: float) -> None:
        """Show another moment."""
        self._wanted_ns = round(min(t_s, self._about.spec.duration_s) * NS_PER_S)
        if self._wanted_ns < self._board.now_ns:
            self._wind()

    async def play(self) -> None:
        """Play until cancelled."""
        before = time.monotonic()
        while True:
            now = time.monotonic()
            if self.playing and not self.ended:
                self._wanted_ns += round((now - before) * self.speed * NS_PER_S)
            before = now
            await self.catch_up()
            await asyncio.sleep(TURN_S)

    async def catch_up(self) -> None:
        """Read on to the wanted moment."""
        read = 0
        while self._next is not None and self._next.envelope.t_ns <= self._wanted_ns:
            if not self._next.topic.is_truth:
                self._board.on_commit(self._next)
            self._next = next(self._commits, None)
            read += 1
            if read % BREATH == 0:
                await asyncio.sleep(0)

    @property
    def ended(self) -> bool:
        """Whether everything was shown."""
        return self._next is None

    def _wind(self) -> None:
        """Begin at the front; what pages have of the log's lines stays, and a word says why it begins anew."""
        said, _ = self._board.lines(0)
        self._board.clear()
        if said:
            self._board.restart_lines(said)
        self._commits = self._reader.commits()
        self._next = next(self._commits, None)
