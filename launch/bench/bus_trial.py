"""One cell of the bus bench: two fresh processes, one transport, one payload: time one way, or bytes a second."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import numpy as np

from launch.bench.bus_peers import IMAGE_SHAPE, PEERS, SIZES, Peer, Place
from robot.bus.process import WORKER_ENVIRONMENT

Measure = Literal["latency", "throughput"]
CONNECT_S = 10.0
LOST_S = 0.5  # a message that takes longer is lost
PAUSE_S = 0.001  # between two messages whose latency is measured
WARM_UP = 20  # samples
WINDOW = 8  # messages under way at once in a stream
ANSWER_EVERY = 4  # of them
HEAD = np.dtype([("sent_ns", np.int64), ("wants_answer", np.int64)])  # how a payload begins
LIMIT_S = 30.0  # for a cell as a whole


def trial(name: str, payload: str, measure: Measure, seconds: float) -> dict[str, Any]:
    """Measure one cell.

    Returns:
        latency: {"us": one per message, "lost"}; throughput: {"mb_s", "lost"}; or {"error"}.
    """
    context = get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="hmb-") as folder:
        port = _free_port()
        ours, theirs = context.Pipe()
        far, near = Place(Path(folder), port, False), Place(Path(folder), port, True)
        ends = [
            context.Process(target=_measure, args=(name, near, payload, measure, seconds, theirs), daemon=True),
            context.Process(target=_answer, args=(name, far), daemon=True),
        ]
        with _environment():
            for process in ends:
                process.start()
        theirs.close()
        try:
            result: dict[str, Any] = ours.recv() if ours.poll(LIMIT_S + seconds) else {"error": "no result in time"}
        except EOFError:
            result = {"error": "the measuring process died"}
        for process in ends:
            process.kill()
            process.join()
    return result


@contextmanager
def _environment() -> Iterator[None]:
    """What our workers start with (one thread per library, memory kept for the next image); here everybody has it."""
    before = dict(os.environ)
    os.environ.update(WORKER_ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _answer(name: str, place: Place) -> None:
    """The far end: where a message asks for it, answer when it was in hand, a few bytes."""
    peer = PEERS[name](place)
    while True:
        data = peer.receive(1.0)
        if data is None:
            continue
        now_ns = time.monotonic_ns()
        sent_ns, wants_answer = np.frombuffer(memoryview(data).cast("B")[: HEAD.itemsize], HEAD)[0]
        if wants_answer:
            peer.send(np.array([sent_ns, now_ns], np.int64).view(np.uint8))


def _measure(name: str, place: Place, payload: str, measure: Measure, seconds: float, result: Connection) -> None:
    try:
        peer = PEERS[name](place)
        if not _connected(peer, SIZES[payload]):
            result.send({"error": f"no answer within {CONNECT_S:g} s"})
        elif measure == "latency":
            result.send(_latency(peer, SIZES[payload], seconds))
        else:
            result.send(_throughput(peer, SIZES[payload], seconds))
    except Exception as error:
        result.send({"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"})


def _send(peer: Peer, size: int, wants_answer: bool = True) -> None:
    """Send a fresh payload that begins with the time."""
    data = np.full(IMAGE_SHAPE if size == SIZES["image"] else size, 7, np.uint8)
    head = data.reshape(-1)[: HEAD.itemsize].view(HEAD)
    head["wants_answer"] = wants_answer
    head["sent_ns"] = time.monotonic_ns()
    peer.send(data)


def _connected(peer: Peer, size: int) -> bool:
    deadline = time.monotonic() + CONNECT_S
    while time.monotonic() < deadline:
        _send(peer, size)
        if peer.receive(0.2) is not None:
            while peer.receive(0.3) is not None:
                pass
            return True
    return False


def _latency(peer: Peer, size: int, seconds: float) -> dict[str, Any]:
    """One way, on the clock that both processes share, with a pause between messages as a robot has."""
    us: list[float] = []
    lost = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline or (len(us) < 2 * WARM_UP and lost < 10):
        time.sleep(PAUSE_S)
        _send(peer, size)
        answer = peer.receive(LOST_S)
        if answer is None:
            lost += 1
        else:
            sent_ns, arrived_ns = np.frombuffer(answer, np.int64)
            us.append((arrived_ns - sent_ns) / 1e3)
    return {"us": us[WARM_UP:], "lost": lost}


def _throughput(peer: Peer, size: int, seconds: float) -> dict[str, Any]:
    under_way = arrived = lost = 0
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        while under_way < WINDOW:
            under_way += 1
            _send(peer, size, wants_answer=under_way % ANSWER_EVERY == 0)
        if peer.receive(LOST_S) is None:
            lost += under_way
            under_way = 0
        else:
            arrived += ANSWER_EVERY
            under_way -= ANSWER_EVERY
    return {"mb_s": arrived * size / (time.monotonic() - started) / 1e6, "lost": lost}


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
