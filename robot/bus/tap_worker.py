"""A tap in a process of its own: follows commits in the order the coordinator tells, and returns a result."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import zmq

from robot.bus.control import Committed, Followed, Heard, Hello, Probe, Result, Stop
from robot.bus.reader import Reader, Source
from robot.bus.wire import UNLIMITED
from robot.bus.worker import Link
from robot.runtime.tap import TapObserver


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
class LiveTapJob:
    """A tap of a live run: nobody tells an order, so it takes messages as they arrive."""

    factory: Callable[[], TapObserver]
    sources: tuple[Source, ...]

    def __call__(self, link: Link) -> None:
        observer = self.factory()
        reader = Reader(link.context, self.sources, UNLIMITED)
        poller = zmq.Poller()
        poller.register(link.socket, zmq.POLLIN)
        poller.register(reader.socket, zmq.POLLIN)
        link.report(Hello())
        stop = False
        while not stop:
            poller.poll()
            if link.socket.poll(0):
                stop = self._stops(link, reader)
            for commit in reader.arrived():
                observer.on_commit(commit)
        reader.close()
        link.report(Result(pickle.dumps(observer.close())))

    def _stops(self, link: Link, reader: Reader) -> bool:
        order = link.order()
        if isinstance(order, Probe):
            link.report(Heard(reader.hear()))
        return isinstance(order, Stop)
