"""What `launch bench bus` compares: one small class per transport, each with a channel there and a channel back.

Every transport gets what its own documentation advises for two processes on one machine, and stays on it: unix
sockets, loopback addresses, no discovery by multicast beyond the host. Libraries are imported when a class is built.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from robot.codec import Buffer
from robot.node import Message, Outbox, Topic

IMAGE_SHAPE = (480, 640, 3)
SIZES = {"100 B": 100, "10 kB": 10_000, "image": int(np.prod(IMAGE_SHAPE))}


@dataclass(frozen=True)
class Place:
    """Where the two ends meet."""

    folder: Path
    port: int
    measures: bool
    """Whether this end is the one with the clock: it sends there and receives back."""

    @property
    def out(self) -> str:
        return "there" if self.measures else "back"

    @property
    def into(self) -> str:
        return "back" if self.measures else "there"


class Peer(Protocol):
    """One end of a transport."""

    def send(self, data: NDArray[np.uint8]) -> None:
        """Send the bytes of `data`."""

    def receive(self, timeout_s: float) -> Buffer | None:
        """Return the bytes of the next message, or None when none came in time."""

    def close(self) -> None:
        """Disconnect."""


class Small(Message, frozen=True, kw_only=True):
    """A message without arrays."""

    data: bytes


class Large(Message, frozen=True, kw_only=True):
    """A message with an array."""

    data: NDArray[np.uint8]


class Housemate:
    """Our bus as live nodes use it: outbox, envelope and codec, PUB and SUB, decoded message."""

    def __init__(self, place: Place) -> None:
        import zmq

        from robot.bus.reader import Reader, Source
        from robot.bus.wire import LIVE_QUEUE, Outlet
        from robot.runtime.commit import Publisher

        def topics(way: str) -> tuple[Topic[Small], Topic[Large]]:
            return Topic(f"bench/small/{way}", Small, 0, keep="all"), Topic(f"bench/large/{way}", Large, 0, keep="all")

        self._small, self._large = topics(place.out)
        self._context: zmq.Context[Any] = zmq.Context(1)
        self._publisher = Publisher(place.out, (self._small, self._large))
        self._outlet = Outlet(self._context, f"ipc://{place.folder}/{place.out}", LIVE_QUEUE)
        sources = [Source(topic, f"ipc://{place.folder}/{place.into}") for topic in topics(place.into)]
        self._reader = Reader(self._context, sources, LIVE_QUEUE)

    def send(self, data: NDArray[np.uint8]) -> None:
        outbox = Outbox()
        if data.size < 1000:
            outbox.put(self._small, Small(data=data.tobytes()))
        else:
            outbox.put(self._large, Large(data=data))
        for commit in self._publisher.publish(outbox, 0):
            self._outlet.send(commit)

    def receive(self, timeout_s: float) -> Buffer | None:
        commit = self._reader.take(round(timeout_s * 1000))
        if commit is None:
            return None
        data = commit.message.data  # type: ignore[attr-defined]  # both types have it
        return data if isinstance(data, bytes) else data.data

    def close(self) -> None:
        self._outlet.close()
        self._reader.close()
        self._context.destroy(linger=0)


class BareZmq:
    """pyzmq by itself: bytes over PUB and SUB, large ones without copies."""

    def __init__(self, place: Place) -> None:
        import zmq

        self._again = zmq.Again
        self._timeout_option = zmq.RCVTIMEO
        self._timeout_ms = -1
        self._context: zmq.Context[Any] = zmq.Context(1)
        self._out = self._context.socket(zmq.PUB)
        self._out.bind(f"ipc://{place.folder}/{place.out}")
        self._in = self._context.socket(zmq.SUB)
        self._in.subscribe(b"")
        self._in.connect(f"ipc://{place.folder}/{place.into}")

    def send(self, data: NDArray[np.uint8]) -> None:
        if data.nbytes < 1 << 16:
            self._out.send(data.data)
        else:
            self._out.send(data.data, copy=False)

    def receive(self, timeout_s: float) -> Buffer | None:
        timeout_ms = round(timeout_s * 1000)
        if timeout_ms != self._timeout_ms:
            self._in.setsockopt(self._timeout_option, timeout_ms)
            self._timeout_ms = timeout_ms
        try:
            return self._in.recv(copy=False).buffer
        except self._again:
            return None

    def close(self) -> None:
        self._context.destroy(linger=0)


class CycloneDds:
    """Eclipse Cyclone DDS, Python binding: reliable, on the loopback interface, no multicast."""

    def __init__(self, place: Place) -> None:
        import os

        os.environ["CYCLONEDDS_URI"] = (
            "<CycloneDDS><Domain><General><Interfaces><NetworkInterface address='127.0.0.1' multicast='false'/>"
            "</Interfaces><AllowMulticast>false</AllowMulticast><MaxMessageSize>65500B</MaxMessageSize></General>"
            "<Discovery><ParticipantIndex>auto</ParticipantIndex><Peers><Peer Address='127.0.0.1'/></Peers></Discovery>"
            "</Domain></CycloneDDS>"
        )
        from cyclonedds.core import Policy as P  # noqa: N817
        from cyclonedds.core import Qos, ReadCondition, WaitSet
        from cyclonedds.domain import DomainParticipant
        from cyclonedds.pub import DataWriter
        from cyclonedds.sub import DataReader
        from cyclonedds.topic import Topic as DdsTopic
        from cyclonedds.util import duration

        from launch.bench.bus_dds_type import Blob

        self._duration = duration
        self._blob = Blob
        participant = DomainParticipant(place.port % 200)
        qos = Qos(P.Reliability.Reliable(duration(seconds=1)), P.History.KeepLast(32))
        self._writer = DataWriter(participant, DdsTopic(participant, place.out, Blob, qos=qos), qos=qos)
        self._reader = DataReader(participant, DdsTopic(participant, place.into, Blob, qos=qos), qos=qos)
        self._waitset = WaitSet(participant)
        self._waitset.attach(ReadCondition(self._reader, 0xFFFF))
        self._waiting: list[Buffer] = []

    def send(self, data: NDArray[np.uint8]) -> None:
        self._writer.write(self._blob(data=data.tobytes()))

    def receive(self, timeout_s: float) -> Buffer | None:
        if not self._waiting:
            self._waitset.wait(timeout=self._duration(milliseconds=max(1, round(timeout_s * 1000))))
            self._waiting = [bytes(sample.data) for sample in self._reader.take(N=32) if hasattr(sample, "data")]
        return self._waiting.pop(0) if self._waiting else None

    def close(self) -> None:
        del self._waitset, self._reader, self._writer


class Zenoh:
    """Eclipse Zenoh: two peers over loopback TCP, no scouting, no dropping."""

    def __init__(self, place: Place) -> None:
        import zenoh

        config = zenoh.Config()
        config.insert_json5("mode", '"peer"')
        side = "listen" if place.measures else "connect"
        config.insert_json5(f"{side}/endpoints", f'["tcp/127.0.0.1:{place.port}"]')
        if not place.measures:
            config.insert_json5("listen/endpoints", "[]")
        config.insert_json5("scouting/multicast/enabled", "false")
        self._session = zenoh.open(config)
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._publisher = self._session.declare_publisher(
            f"bench/{place.out}", congestion_control=zenoh.CongestionControl.BLOCK, express=True
        )
        self._subscriber = self._session.declare_subscriber(
            f"bench/{place.into}", lambda sample: self._queue.put(sample.payload.to_bytes())
        )

    def send(self, data: NDArray[np.uint8]) -> None:
        self._publisher.put(data.tobytes())

    def receive(self, timeout_s: float) -> Buffer | None:
        try:
            return self._queue.get(timeout=timeout_s) if timeout_s > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        self._session.close()  # type: ignore[no-untyped-call]  # zenoh is optional


class Lcm:
    """LCM: UDP multicast that stays on the host (ttl 0), with the largest receive buffer the system grants."""

    def __init__(self, place: Place) -> None:
        import lcm

        self._lcm = lcm.LCM(f"udpm://239.255.76.67:{place.port}?ttl=0&recv_buf_size=4194304")
        self._out = place.out
        self._waiting: list[Buffer] = []
        self._lcm.subscribe(place.into, lambda channel, data: self._waiting.append(data))

    def send(self, data: NDArray[np.uint8]) -> None:
        self._lcm.publish(self._out, data.tobytes())

    def receive(self, timeout_s: float) -> Buffer | None:
        if not self._waiting:
            self._lcm.handle_timeout(round(timeout_s * 1000))
        return self._waiting.pop(0) if self._waiting else None

    def close(self) -> None:
        del self._lcm


PEERS: dict[str, Callable[[Place], Peer]] = {
    "housemate": Housemate,
    "pyzmq": BareZmq,
    "cyclonedds": CycloneDds,
    "zenoh": Zenoh,
    "lcm": Lcm,
}
MODULES = {"housemate": "zmq", "pyzmq": "zmq", "cyclonedds": "cyclonedds", "zenoh": "zenoh", "lcm": "lcm"}
