"""Reading a run from outside it: a dashboard, a second laptop. Gets what comes after it connected, newest kept."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

import zmq

from robot.bus.curve import Keys, secure
from robot.bus.reader import Reader, Source
from robot.bus.wire import LIVE_QUEUE
from robot.node import Topic
from robot.runtime.commit import Commit


class Subscription:
    """Some topics of a running robot, through its door."""

    def __init__(self, endpoint: str, topics: Sequence[Topic[Any]], keys: Keys | None = None) -> None:
        """Connect. Raises BusError for a tcp endpoint without keys."""
        self._context: zmq.Context[Any] = zmq.Context(1)
        try:
            self._reader = Reader(
                self._context,
                [Source(topic, endpoint) for topic in topics],
                LIVE_QUEUE,
                lambda socket: secure(socket, endpoint, keys, server=False),
            )
        except BaseException:
            self._context.destroy(linger=0)
            raise

    def arrived(self, wait_s: float = 0.0) -> list[Commit]:
        """Return everything that has arrived, oldest first; waits up to `wait_s` for the first."""
        return self._reader.arrived(round(wait_s * 1000))

    def close(self) -> None:
        """Disconnect."""
        self._reader.close()
        self._context.destroy(linger=0)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
