"""A message on a socket: [topic NUL, length, envelope and body in one frame; then one frame per buffer].

Each frame costs a call on either side, so what is small travels together. Subscriptions match prefixes, so a topic ends
in NUL: "cmd_vel" must not bring "cmd_vel/wanted". A probe has an empty envelope; its body tells the writer's
incarnation and how many of its messages are committed. It proves that one subscription works, and whatever came before
it beyond that number was never committed and is void.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import zmq

from robot.codec import Buffer
from robot.runtime.commit import Commit

COPY_BELOW = 1 << 16  # bytes; smaller buffers are copied: cheaper than sharing, and aligned for numpy
LIVE_QUEUE = 256  # messages a slow reader may lag behind where nobody waits for it
RECONNECT_MS = 10
LENGTH = struct.Struct("<H")
PROBE = struct.Struct("<IQ")
UNLIMITED = 0


class Received(NamedTuple):
    """What came off a socket: a message, or a probe (no envelope)."""

    topic: str
    envelope: bytes
    frames: list[Buffer]

    @property
    def is_probe(self) -> bool:
        """Whether this only proves the connection."""
        return not self.envelope

    def probe(self) -> tuple[int, int]:
        """Return the incarnation of the writer of a probe, and how many messages of its topic are committed."""
        incarnation, committed = PROBE.unpack(self.frames[0])
        return incarnation, committed


class Outlet:
    """The one PUB socket of a writer, inside the machine (what leaves it goes through robot/bus/relay.py)."""

    def __init__(self, context: zmq.Context[Any], endpoint: str, queue: int) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.setsockopt(zmq.SNDHWM, queue)
        self._socket.bind(endpoint)

    def send(self, commit: Commit) -> None:
        """Publish `commit`. Large buffers are not copied: they must not change any more (the codec sees to that)."""
        head = _head(commit.envelope.topic, commit.envelope_bytes, commit.frames[0])
        buffers = commit.frames[1:]
        if not buffers:
            self._socket.send(head)
            return
        self._socket.send(head, zmq.SNDMORE)
        for buffer in buffers[:-1]:
            self._socket.send(buffer, zmq.SNDMORE, copy=len(buffer) < COPY_BELOW)
        self._socket.send(buffers[-1], copy=len(buffers[-1]) < COPY_BELOW)

    def probe(self, topics: Sequence[str], incarnation: int, committed: Sequence[int]) -> None:
        """Publish a probe on each of `topics`."""
        for topic, count in zip(topics, committed, strict=True):
            self._socket.send(_head(topic, b"", PROBE.pack(incarnation, count)))

    def close(self) -> None:
        """Close the socket; what is on its way has a second to leave."""
        self._socket.close(linger=1000)


def subscriber(context: zmq.Context[Any], queue: int) -> zmq.Socket[bytes]:
    """Return an unconnected SUB socket that holds at most `queue` messages (0 = no limit)."""
    socket: zmq.Socket[bytes] = context.socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, queue)
    socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MS)
    socket.setsockopt(zmq.LINGER, 0)
    return socket


def receive(socket: zmq.Socket[bytes]) -> Received:
    """Return the next message on `socket`. Raises zmq.Again when the socket's timeout passes first."""
    head = socket.recv()
    name_end = head.index(0)
    start = name_end + 1 + LENGTH.size
    end = start + LENGTH.unpack_from(head, name_end + 1)[0]
    frames: list[Buffer] = [head[end:]]
    while socket.getsockopt(zmq.RCVMORE):
        frame = socket.recv(copy=False)
        frames.append(frame.bytes if len(frame) < COPY_BELOW else frame.buffer)
    return Received(head[:name_end].decode(), head[start:end], frames)


def subscription(topic: str) -> bytes:
    """Return how every message on `topic` begins, and none on any other."""
    return topic.encode() + b"\0"


def _head(topic: str, envelope: bytes, body: Buffer) -> bytes:
    return b"".join((topic.encode(), b"\0", LENGTH.pack(len(envelope)), envelope, body))
