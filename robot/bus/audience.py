"""Those who follow a run in commit order: observers in this process, and taps in processes of their own.

Both subscribe to the writers like any reader. What they add is patience: they are told the order of commits and take
each message when it is its turn, while the run goes on. A tap that only glances is told nothing: it subscribes, and the
run goes on without it when it ends.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import zmq

from robot.bus.control import Committed, Failed, Report, Result
from robot.bus.crew import Crew
from robot.bus.reader import Reader, Source
from robot.bus.tap_worker import LooseTapJob, TapJob
from robot.bus.wire import UNLIMITED
from robot.runtime.commit import Observer
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.tap import Tap

BATCH_TICKS = 24  # commits are announced to taps this often
MAX_LAG = 20  # batches a tap may lag behind before the run waits for it
RECEIVE_MS = 100
ARRIVAL_S = 10.0  # a committed message that has not come by then will not come
SILENT_S = 10.0  # who only glances, and has not for so long, is ended: what is sent to it is kept until it looks


class _TapSeat:
    """A tap, seen from the coordinator."""

    def __init__(self, tap: Tap, sources: Sequence[Source]) -> None:
        self.tap = tap
        self.member = f"tap:{tap.name}"
        self.sources = tuple(source for source in sources if tap.wants(source.topic.name))
        self.index = {source.topic.name: i for i, source in enumerate(self.sources)}
        self.announced: list[int] = []
        self.signs = 0  # of life, from one that only glances
        self.failed = False


class Audience:
    """Observers and taps of one run."""

    def __init__(
        self, crew: Crew, context: zmq.Context[Any], sources: Sequence[Source], observers: Sequence[Observer],
        taps: Sequence[Tap],
    ) -> None:  # fmt: skip
        self._crew = crew
        self._observers = observers
        self._seats = [_TapSeat(tap, sources) for tap in taps]
        self._following = [seat for seat in self._seats if not seat.tap.glances]
        self._reader = Reader(context, sources if observers else (), UNLIMITED)
        self._reader.socket.setsockopt(zmq.RCVTIMEO, RECEIVE_MS)
        self._pending: deque[str] = deque()
        self._ticks = 0
        self._batch = 0

    @property
    def taps(self) -> dict[str, list[str]]:
        """The member name of each tap and the topics it follows."""
        return {seat.member: list(seat.index) for seat in self._seats}

    @property
    def followers(self) -> dict[str, list[str]]:
        """The same of those taps that must miss nothing."""
        return {seat.member: list(seat.index) for seat in self._following}

    def start(self, limit_s: float) -> None:
        """Start the processes of the taps."""
        for seat in self._seats:
            glances, factory = seat.tap.glances, seat.tap.factory
            job = LooseTapJob(factory, seat.sources, glances) if glances else TapJob(factory, seat.sources)
            self._crew.start(seat.member, job, limit_s)

    def hears(self, incarnation: Callable[[str], int | None]) -> bool:
        """Return whether observers hear every living writer; `incarnation` gives that of a topic's writer."""
        heard = self._reader.hear()
        return all(incarnation(topic) in (None, heard.get(topic)) for topic in self._reader.topics)

    def committed(self, topics: Sequence[str], tick: int) -> None:
        """Tell what was committed at `tick`, in order."""
        if self._observers:
            self._pending.extend(topics)
            self._deliver(wait=False, tick=tick)
        for seat in self._following:
            seat.announced += [seat.index[topic] for topic in topics if topic in seat.index]
        self._ticks += 1
        if self._ticks % BATCH_TICKS == 0:
            self._announce(tick)

    def flush(self, tick: int) -> None:
        """Wait until observers have seen everything committed, and announce it to the taps."""
        self._deliver(wait=True, tick=tick)
        self._announce(tick)

    def results(self, answers: Mapping[str, Report], tick: int) -> dict[str, Any]:
        """Close, and return the result of each tap. Raises RunFailed when one has none and nobody was told yet."""
        self._reader.close()
        results = {}
        for seat in self._seats:
            answer = answers.get(seat.member)
            if isinstance(answer, Result):
                results[seat.tap.name] = pickle.loads(answer.data)
            elif seat.tap.glances:
                self._note_end(seat, answer)
            elif not seat.failed:
                self._fail(seat, answer if isinstance(answer, Failed) else Failed("gave no result", ""), tick)
        return results

    def _deliver(self, *, wait: bool, tick: int) -> None:
        deadline = time.monotonic() + ARRIVAL_S
        while self._pending:
            commit = self._reader.next(self._pending[0], wait=wait)
            if commit is not None:
                self._pending.popleft()
                for observer in self._observers:
                    observer.on_commit(commit)
            elif not wait:
                return
            elif time.monotonic() > deadline:
                reason = f"its writer ended before '{self._pending[0]}' was out"
                raise RunFailed(NodeFailure("observers", tick, reason))

    def _announce(self, tick: int) -> None:
        self._batch += 1
        for seat in self._seats:
            if seat.tap.glances:
                self._miss(seat)
                continue
            self._crew.send(seat.member, Committed(self._batch, seat.announced))
            seat.announced = []
            self._keep_up(seat, tick)

    def _miss(self, seat: _TapSeat) -> None:
        """See whether a tap that glances is still there, and still looks."""
        if seat.failed:
            return
        if time.monotonic() > self._crew.members[seat.member].deadline:
            while self._crew.listen():  # it may have been the run that stood still
                pass
        signs = self._crew.followed.get(seat.member, 0)
        if signs != seat.signs:
            seat.signs = signs
            self._crew.allow(seat.member, SILENT_S)
        self._crew.look_after([seat.member])
        self._note_end(seat, self._crew.answer(seat.member))

    def _note_end(self, seat: _TapSeat, answer: Report | None) -> None:
        """Say that a tap that glances has ended, and why."""
        if isinstance(answer, Failed) and not seat.failed:
            seat.failed = True
            self._crew.say(seat.member, f"{answer.reason}; the run goes on without it\n{answer.details}".rstrip())

    def _keep_up(self, seat: _TapSeat, tick: int) -> None:
        """Wait for a tap that lags too far behind (its queue would grow without end); see whether it failed."""
        while True:
            answer = self._crew.answer(seat.member)
            if isinstance(answer, Failed):
                self._fail(seat, answer, tick)
            if self._crew.followed.get(seat.member, 0) >= self._batch - MAX_LAG:
                return
            if not self._crew.listen():
                self._crew.look_after([seat.member])

    def _fail(self, seat: _TapSeat, answer: Failed, tick: int) -> None:
        seat.failed = True
        raise RunFailed(NodeFailure(seat.tap.name, tick, answer.reason, answer.details))
