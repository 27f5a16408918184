"""The door of a run: readers that are no part of it, here or on another machine, connect to it and not to the nodes.

A proxy takes in everything that somebody outside wants and hands it on with a bounded queue per reader. So nodes never
wait for a dashboard, nor keep for it what it is too slow to take. Over tcp it opens with CURVE keys only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import zmq
from zmq.auth.thread import ThreadAuthenticator

from robot.bus.curve import Keys, admit, secure
from robot.bus.errors import BusError
from robot.bus.wire import LIVE_QUEUE, RECONNECT_MS, UNLIMITED


class Door:
    """Republishes what `writers` publish at `endpoint`, until closed. Its thread runs no Python while it does."""

    def __init__(self, writers: Iterable[str], endpoint: str, keys: Keys | None = None) -> None:
        """Open it. Raises BusError for a tcp endpoint without keys or one that is in use."""
        self.endpoint = endpoint
        """Where to connect: with the port that "tcp://ADDRESS:*" got."""
        self._context: zmq.Context[Any] = zmq.Context(1)
        self._authenticator: ThreadAuthenticator | None = None
        self._thread: threading.Thread | None = None
        try:
            self._open(list(writers), endpoint, keys)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close it."""
        if self._authenticator is not None:
            self._authenticator.stop()
        if self._thread is None:
            self._context.destroy(linger=0)
            return
        self._context.term()  # the proxy returns, and its thread closes the sockets
        self._thread.join()

    def _open(self, writers: list[str], endpoint: str, keys: Keys | None) -> None:
        if keys is not None:
            self._authenticator = admit(self._context, keys)
        outside = self._context.socket(zmq.XPUB)
        outside.setsockopt(zmq.SNDHWM, LIVE_QUEUE)
        outside.setsockopt(zmq.LINGER, 0)
        secure(outside, endpoint, keys, server=True)
        try:
            outside.bind(endpoint)
        except zmq.ZMQError as error:
            raise BusError(f"{endpoint}: {zmq.strerror(error.errno or 0)}") from error
        self.endpoint = outside.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0")
        inside = self._context.socket(zmq.XSUB)
        inside.setsockopt(zmq.RCVHWM, UNLIMITED)
        inside.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MS)
        inside.setsockopt(zmq.LINGER, 0)
        for writer in writers:
            inside.connect(writer)
        self._thread = threading.Thread(target=_pass_on, args=(inside, outside), name="door", daemon=True)
        self._thread.start()


def _pass_on(inside: zmq.Socket[bytes], outside: zmq.Socket[bytes]) -> None:
    try:
        zmq.proxy(inside, outside)
    except zmq.ContextTerminated:
        pass
    finally:
        inside.close()
        outside.close()
