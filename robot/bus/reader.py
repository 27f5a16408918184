"""Messages of several writers, in hand only as far as they are committed: what arrives early is held back.

ZeroMQ promises order per writer and nothing across writers, so a reader counts: message number n of a topic is there
when n + 1 of them have arrived.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import zmq

from robot.bus.wire import Received, receive, subscriber, subscription
from robot.codec import MessageCodec, decode_envelope
from robot.node import Envelope, Topic
from robot.runtime.commit import Commit, Mailbox

EVENTS, POLLIN = int(zmq.EVENTS), int(zmq.POLLIN)  # as enums they cost more than the call


@dataclass(frozen=True)
class Source:
    """A topic and where its writer publishes it."""

    topic: Topic[Any]
    endpoint: str


class _Line:
    """One topic: how many came, and those not handed on yet."""

    def __init__(self, topic: Topic[Any]) -> None:
        self.topic = topic
        self.codec = MessageCodec(topic.type)
        self.received = 0
        self.held: deque[tuple[Envelope, Received]] = deque()

    def commit(self) -> Commit:
        envelope, message = self.held.popleft()
        return Commit(self.topic, envelope, message.frames, self.codec)


class Reader:
    """A SUB socket to every writer of `sources`, and per topic what has arrived."""

    def __init__(
        self,
        context: zmq.Context[Any],
        sources: Iterable[Source],
        queue: int,
        prepare: Callable[[zmq.Socket[bytes]], None] = lambda socket: None,
    ) -> None:
        """Connect.

        Args:
            queue: messages to hold at most before new ones are dropped; 0 = no limit.
            prepare: called with the socket before it connects (keys).
        """
        sources = list(sources)
        self.socket = subscriber(context, queue)
        prepare(self.socket)
        self.heard: dict[str, int] = {}
        self._wait_ms = -1
        self._lines = {source.topic.name: _Line(source.topic) for source in sources}
        self._by_name = {name.encode(): line for name, line in self._lines.items()}
        self._chosen: frozenset[str] = frozenset()
        self.choose(frozenset(self._lines))
        for endpoint in sorted({source.endpoint for source in sources}):
            self.socket.connect(endpoint)

    @property
    def readable(self) -> bool:
        """Whether something has arrived."""
        return bool(self.socket.getsockopt(EVENTS) & POLLIN)  # type: ignore[operator]  # always an int

    @property
    def topics(self) -> list[str]:
        """The topics it reads."""
        return list(self._lines)

    def choose(self, topics: frozenset[str]) -> None:
        """Let only `topics` (and only those it was made for) come from now on: the rest is not even sent."""
        wanted = topics & self._lines.keys()
        for name in sorted(self._chosen - wanted):
            self.socket.unsubscribe(subscription(name))
        for name in sorted(wanted - self._chosen):
            self.socket.subscribe(subscription(name))
        self._chosen = wanted

    @property
    def heard_all(self) -> bool:
        """Whether a probe of every topic has come."""
        return len(self.heard) == len(self._lines)

    def begin(self, received: Mapping[str, int]) -> None:
        """Count from `received`: what came before is not ours to see."""
        for name, line in self._lines.items():
            line.received = received.get(name, 0)
            line.held.clear()

    def collect(self, topics: Iterable[str], counts: Iterable[int], mailbox: Mailbox) -> None:
        """Wait until `counts` messages of each of `topics` have arrived, and deliver those and no later ones."""
        for name, count in zip(topics, counts, strict=True):
            line = self._lines.get(name)
            if line is None:
                continue
            while line.received < count:
                self._receive()
            held = line.held
            while held and held[0][0].seq < count:
                if line.topic.keep == "all" or len(held) == 1 or held[1][0].seq >= count:
                    mailbox.deliver(line.commit().stamped)
                else:
                    held.popleft()  # a newer one is visible too: nobody will see this one

    def next(self, topic: str, *, wait: bool) -> Commit | None:
        """Return the next message on `topic`, or None if it is not there yet (with `wait`: within the timeout)."""
        line = self._lines[topic]
        while not line.held:
            if not (wait or self.readable):
                return None
            try:
                self._receive()
            except zmq.Again:
                return None
        return line.commit()

    def arrived(self, wait_ms: int = 0) -> list[Commit]:
        """Return everything that has arrived by now, in order of arrival; waits up to `wait_ms` for the first (live).

        It waits in `recv`, not in `poll`: that is woken once per message and not twice, 15 µs sooner.
        """
        commits: list[Commit] = []
        if wait_ms > 0:
            first = self.take(wait_ms)
            if first is not None:
                commits.append(first)
        while self.readable:
            commit = self._handed_on(receive(self.socket))
            if commit is not None:
                commits.append(commit)
        return commits

    def take(self, wait_ms: int) -> Commit | None:
        """Return the next message that arrives within `wait_ms` (more than 0), or None; a probe is none (live)."""
        if wait_ms != self._wait_ms:
            self.socket.setsockopt(zmq.RCVTIMEO, wait_ms)
            self._wait_ms = wait_ms
        try:
            return self._handed_on(receive(self.socket))
        except zmq.Again:
            return None

    def _handed_on(self, message: Received) -> Commit | None:
        if not message.envelope:
            self.heard[message.topic.decode()], _ = message.probe()
            return None
        line = self._by_name[message.topic]
        return Commit(line.topic, decode_envelope(message.envelope), message.frames, line.codec)

    def hear(self, wait_ms: int = 20) -> dict[str, int]:
        """Take in what has arrived and return whose probes came; waits a little for the missing."""
        while not self.heard_all and self.socket.poll(wait_ms):
            self._receive()
        while self.socket.poll(0):
            self._receive()
        return self.heard

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _receive(self) -> None:
        message = receive(self.socket)
        line = self._by_name[message.topic]
        if not message.envelope:
            self.heard[message.topic.decode()], committed = message.probe()
            line.received = min(line.received, committed)
            while line.held and line.held[-1][0].seq >= committed:
                line.held.pop()
            return
        envelope = decode_envelope(message.envelope)
        line.received = envelope.seq + 1
        line.held.append((envelope, message))
