"""A tap in a process of its own: follows commits in the order the coordinator tells, and returns a result.

Where nobody tells an order it looks a few times a second at what has arrived. Waking up for each message would cost the
run more than the tap's own work.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from robot.bus.control import Committed, Followed, Heard, Hello, Probe, Result, Stop
from robot.bus.reader import Reader, Source
from robot.bus.wire import UNLIMITED
from robot.bus.worker import Link
from robot.runtime.tap import Choosy, TapObserver

LOOK_MS = 40  # between two looks at what has arrived
SIGN_S = 1.0  # between two signs of life of who only glances
YIELD = 5  # by so much less urgent (nice) than the nodes is who only glances


@dataclass(frozen=True)
class TapJob:
    """Everything a worker needs to be a tap."""

    factory: Callable[[], TapObserver]
    sources: tuple[Source, ...]

    def __call__(self, link: Link) -> None:
        observer = self.factory()
        reader = Reader(link.context, self.sources, UNLIMITED)
        link.report(Hello())
        while not isinstance(order := link.order(), Stop):
            self._obey(order, link, reader, observer)
        reader.close()
        link.report(Result(pickle.dumps(observer.close())))

    def _obey(self, order: Any, link: Link, reader: Reader, observer: TapObserver) -> None:
        if isinstance(order, Probe):
            link.report(Heard(reader.hear()))
        elif isinstance(order, Committed):
            for index in order.topics:
                commit = reader.next(self.sources[index].topic.name, wait=True)
                assert commit is not None  # the socket has no timeout
                observer.on_commit(commit)
            link.report(Followed(order.batch))


@dataclass(frozen=True)
class LooseTapJob:
    """A tap that nobody tells an order: of a live run, or one that only glances."""

    factory: Callable[[], TapObserver]
    sources: tuple[Source, ...]
    glances: bool

    def __call__(self, link: Link) -> None:
        if self.glances:
            os.nice(YIELD)  # before the factory: threads inherit it
        observer = self.factory()
        reader = Reader(link.context, self.sources, UNLIMITED)
        link.report(Hello())
        stop, signs, next_sign = False, 0, 0.0
        while not stop:
            if self.glances and time.monotonic() >= next_sign:
                signs, next_sign = signs + 1, time.monotonic() + SIGN_S
                link.report(Followed(signs))
            if link.socket.poll(LOOK_MS):
                stop = self._stops(link, reader)
            elif isinstance(observer, Choosy) and reader.heard_all:
                reader.choose(observer.wanted())
            for commit in reader.arrived():
                observer.on_commit(commit)
        reader.close()
        link.report(Result(pickle.dumps(observer.close())))

    def _stops(self, link: Link, reader: Reader) -> bool:
        order = link.order()
        if isinstance(order, Probe):
            link.report(Heard(reader.hear()))
        return isinstance(order, Stop)
