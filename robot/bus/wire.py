"""A message on a socket: a head with everything that is small, then one frame per large buffer.

The head is topic, NUL, a table of lengths, envelope, body, and the small buffers, each at a multiple of 8 bytes. Each
frame costs a call on either side, so what is small travels together; what is large travels by itself and is never
copied. Subscriptions match prefixes, so a topic ends in NUL: "cmd_vel" must not bring "cmd_vel/wanted". A probe has an
empty envelope; its body tells the writer's incarnation and how many of its messages are committed. It proves that one
subscription works, and whatever came before it beyond that number was never committed and is void.
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

LARGE = 1 << 16  # bytes; from here on a buffer has a frame of its own
LIVE_QUEUE = 256  # messages a slow reader may lag behind where nobody waits for it
RECONNECT_MS = 10
UNLIMITED = 0
ALIGN = 8  # bytes; numpy and compiled kernels want their numbers there
APART = 1 << 31  # in the table: this buffer is in a frame of its own
PADDING = bytes(ALIGN)
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
        """Publish `commit`. Large buffers are not copied: they must not change any more (the codec sees to that)."""
        head, apart = pack(commit.envelope.topic, commit.envelope_bytes, commit.frames)
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
            self._socket.send(pack(topic, b"", [PROBE.pack(incarnation, count)])[0])

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


def pack(topic: str, envelope: bytes, frames: Sequence[Buffer]) -> tuple[bytes, list[Buffer]]:
    """Return the head of a message and the buffers that travel apart."""
    prefix, parts = subscription(topic), len(frames) + 1
    if parts == 2:  # most messages, and these are sent hundreds of times a second
        table = _table(2).pack(2, len(envelope), len(frames[0]))
        return b"".join((prefix, table, envelope, frames[0])), []
    if parts == 3 and len(frames[1]) < LARGE:  # a scan, a small grid
        table = _table(3).pack(3, len(envelope), len(frames[0]), len(frames[1]))
        size = len(prefix) + len(table) + len(envelope) + len(frames[0])
        return b"".join((prefix, table, envelope, frames[0], PADDING[: -size % ALIGN], frames[1])), []
    lengths = [len(envelope), *(len(f) | APART if i and len(f) >= LARGE else len(f) for i, f in enumerate(frames))]
    pieces: list[Buffer] = [prefix, _table(parts).pack(parts, *lengths), envelope, frames[0]]
    size = sum(len(piece) for piece in pieces)
    apart: list[Buffer] = []
    for buffer in frames[1:]:
        if len(buffer) >= LARGE:
            apart.append(buffer)
            continue
        pieces += (PADDING[: -size % ALIGN], buffer)
        size += -size % ALIGN + len(buffer)
    return b"".join(pieces), apart


def receive(socket: zmq.Socket[bytes]) -> Received:
    """Return the next message on `socket`. Raises zmq.Again when the socket's timeout passes first."""
    head = socket.recv()
    name_end = head.index(0)
    parts = head[name_end + 1]
    table = _table(parts)
    _, envelope_length, body_length, *lengths = table.unpack_from(head, name_end + 1)
    start = name_end + 1 + table.size
    body = start + envelope_length
    at = body + body_length
    frames: list[Buffer] = [head[body:at]]
    for length in lengths:
        if length & APART:
            frames.append(socket.recv(copy=False).buffer)
        else:
            at += -at % ALIGN
            frames.append(memoryview(head)[at : at + length])
            at += length
    return Received(head[:name_end], head[start:body], frames)


@cache
def _table(parts: int) -> struct.Struct:
    """Number of parts (envelope, body, buffers), then the length of each."""
    return struct.Struct(f"<B{parts}I")
