"""One cell of the bus bench: two fresh processes, one transport, one payload. Latency by echo, throughput by window."""

from __future__ import annotations

import socket
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from launch.bench.bus_peers import IMAGE_SHAPE, PEERS, SIZES, Peer, Place

Measure = Literal["latency", "throughput"]
CONNECT_S = 10.0
LOST_S = 0.5  # a message that takes longer is lost
WARM_UP = 50
MAX_SAMPLES = 20_000
WINDOW = 8  # messages under way at once
LIMIT_S = 30.0  # for a cell as a whole
ACK = np.zeros(4, np.uint8)


def trial(name: str, payload: str, measure: Measure, seconds: float) -> dict[str, Any]:
    """Measure one cell.

    Returns:
        latency: {"us": half round trips, "lost"}; throughput: {"mb_s", "lost"}; or {"error"}.
    """
    context = get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="hmb-") as folder:
        port = _free_port()
        ours, theirs = context.Pipe()
        ends = [
            context.Process(target=_answer, args=(name, Place(Path(folder), port, False), measure), daemon=True),
            context.Process(
                target=_measure, args=(name, Place(Path(folder), port, True), payload, measure, seconds, theirs), daemon=True
            ),
        ]  # fmt: skip
        for process in reversed(ends):
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


def _answer(name: str, place: Place, measure: Measure) -> None:
    """The far end: send back what comes, or a few bytes for it."""
    peer = PEERS[name](place)
    data = {size: _payload(size) for size in (*SIZES.values(), ACK.size)}
    while True:
        size = peer.receive(1.0)
        if size is not None:
            peer.send(data[size] if measure == "latency" else ACK)


def _measure(name: str, place: Place, payload: str, measure: Measure, seconds: float, result: Connection) -> None:
    try:
        peer = PEERS[name](place)
        data = _payload(SIZES[payload])
        if not _connected(peer, data):
            result.send({"error": f"no echo within {CONNECT_S:g} s"})
        elif measure == "latency":
            result.send(_latency(peer, data, seconds))
        else:
            result.send(_throughput(peer, data, seconds))
    except Exception as error:
        result.send({"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"})


def _payload(size: int) -> NDArray[np.uint8]:
    data = (np.arange(size) % 251).astype(np.uint8)
    return data.reshape(IMAGE_SHAPE) if size == SIZES["image"] else data


def _connected(peer: Peer, data: NDArray[np.uint8]) -> bool:
    deadline = time.perf_counter() + CONNECT_S
    while time.perf_counter() < deadline:
        peer.send(data)
        if peer.receive(0.2) is not None:
            while peer.receive(0.3) is not None:
                pass
            return True
    return False


def _latency(peer: Peer, data: NDArray[np.uint8], seconds: float) -> dict[str, Any]:
    us: list[float] = []
    lost = 0
    deadline = time.perf_counter() + seconds
    while len(us) < MAX_SAMPLES + WARM_UP and (time.perf_counter() < deadline or (len(us) < 2 * WARM_UP and lost < 10)):
        sent = time.perf_counter_ns()
        peer.send(data)
        if peer.receive(LOST_S) is None:
            lost += 1
        else:
            us.append((time.perf_counter_ns() - sent) / 2e3)
    return {"us": us[WARM_UP:], "lost": lost}


def _throughput(peer: Peer, data: NDArray[np.uint8], seconds: float) -> dict[str, Any]:
    under_way = acknowledged = lost = 0
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        while under_way < WINDOW:
            peer.send(data)
            under_way += 1
        if peer.receive(LOST_S) is None:
            lost += under_way
            under_way = 0
        else:
            acknowledged += 1
            under_way -= 1
    return {"mb_s": acknowledged * data.nbytes / (time.perf_counter() - started) / 1e6, "lost": lost}


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
