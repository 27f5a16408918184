"""A message on a socket: a head with everything that is small, then one frame per large array.

The head is topic, NUL, number of frames that follow, length of the envelope, envelope, body. Each frame costs a call on
either side, so what is small travels together; what is large travels by itself and is never copied. Subscriptions match
prefixes, so a topic ends in NUL: "cmd_vel" must not bring "cmd_vel/wanted". A probe has an empty envelope; its body
tells the writer's incarnation and how many of its messages are committed. It proves that one subscription works, and
whatever came before it beyond that number was never committed and is void.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import zmq

from robot.codec import Buffer
from robot.runtime.commit import Commit

LIVE_QUEUE = 256  # messages a slow reader may lag behind where nobody waits for it
RECONNECT_MS = 10
UNLIMITED = 0
LENGTHS = struct.Struct("<BI")
PROBE = struct.Struct("<IQ")


class Received(msgspec.Struct, frozen=True):
    """What came off a socket: a message, or a probe (no envelope)."""

    topic: bytes
    envelope: bytes
    frames: list[Buffer]

    def probe(self) -> tuple[int, int]:
        """Return the incarnation of the writer of a probe, and how many messages of its topic are committed."""
        incarnation, committed = PROBE.unpack(self.frames[0])
        return incarnation, committed


class Outlet:
    """The one PUB socket of a writer, inside the machine (what leaves it goes through robot/bus/door.py)."""

    def __init__(self, context: zmq.Context[Any], endpoint: str, queue: int) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.setsockopt(zmq.SNDHWM, queue)
        self._socket.bind(endpoint)

    def send(self, commit: Commit) -> None:
        """Publish `commit`. Large arrays are not copied: they must not change any more (the codec sees to that)."""
        body, *apart = commit.frames
        head = pack(commit.envelope.topic, commit.envelope_bytes, body, len(apart))
        if not apart:
            self._socket.send(head)
            return
        self._socket.send(head, zmq.SNDMORE)
        for buffer in apart[:-1]:
            self._socket.send(buffer, zmq.SNDMORE, copy=False)
        self._socket.send(apart[-1], copy=False)

    def probe(self, topics: Sequence[str], incarnation: int, committed: Sequence[int]) -> None:
        """Publish a probe on each of `topics`."""
        for topic, count in zip(topics, committed, strict=True):
            self._socket.send(pack(topic, b"", PROBE.pack(incarnation, count)))

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


@cache
def subscription(topic: str) -> bytes:
    """Return how every message on `topic` begins, and none on any other."""
    return topic.encode() + b"\0"


def pack(topic: str, envelope: bytes, body: Buffer, apart: int = 0) -> bytes:
    """Return the head of a message that `apart` more frames follow."""
    return b"".join((subscription(topic), LENGTHS.pack(apart, len(envelope)), envelope, body))


def receive(socket: zmq.Socket[bytes]) -> Received:
    """Return the next message on `socket`. Raises zmq.Again when the socket's timeout passes first."""
    head = socket.recv()
    name_end = head.index(0)
    apart, length = LENGTHS.unpack_from(head, name_end + 1)
    start = name_end + 1 + LENGTHS.size
    frames: list[Buffer] = [head[start + length :]]
    for _ in range(apart):
        frames.append(socket.recv(copy=False).buffer)
    return Received(head[:name_end], head[start : start + length], frames)
