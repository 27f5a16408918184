"""Times the face watcher, and MediaPipe's own FaceMesh, on the same raw frames; the bench runs this file.

A process of its own on one core: what it holds in memory after the watcher's first round is the watcher's, not the
bench's, and the peer is loaded only after that. Frames are read one at a time. Rounds of both take turns.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.lock import Choice
from robot.perception.faces.watcher import FaceWatcher, WatcherConfig

FPS = 30.0
WARM = 5  # frames of each round that are not counted


def frames(path: Path, width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the (H, W, 3) frames of a file of raw bytes."""
    size = width * height * 3
    with path.open("rb") as file:
        while len(data := file.read(size)) == size:
            yield np.frombuffer(data, dtype=np.uint8).reshape(height, width, 3)


def timed(see: Callable[[int, NDArray[np.uint8]], int], pictures: Iterator[NDArray[np.uint8]]) -> dict[str, Any]:
    """Return the times of one round (ms a frame) and how many faces were found on average."""
    took, found = [], []
    for index, picture in enumerate(pictures):
        started = time.perf_counter()
        found.append(see(index, picture))
        took.append(1000.0 * (time.perf_counter() - started))
    return {"ms": took[WARM:], "faces": float(np.mean(found[WARM:]))}


def ours(path: Path, width: int, height: int, focal: float) -> dict[str, Any]:
    """Return one round of the watcher, and what the process then holds in memory, MiB."""
    watcher = FaceWatcher(WatcherConfig())
    watcher.choose(Choice("largest"))
    camera = Intrinsics(focal, focal, width / 2.0, height / 2.0)
    found = timed(lambda i, rgb: len(watcher.see(i / FPS, rgb, camera).faces), frames(path, width, height))
    found["rss_mb"] = psutil.Process().memory_info().rss / 2**20
    watcher.close()
    return found


def peer(path: Path, width: int, height: int, count: int) -> dict[str, Any]:
    """Return one round of MediaPipe's FaceMesh."""
    from robot.perception.faces.peer import ReadyMade

    mesh = ReadyMade(count)
    found = timed(lambda i, rgb: mesh.count(rgb), frames(path, width, height))
    mesh.close()
    return found


def main(arguments: list[str]) -> None:
    """Print the rounds as JSON. Arguments: file, width, height, focal length (px), faces, rounds."""
    path, width, height, focal = Path(arguments[0]), int(arguments[1]), int(arguments[2]), float(arguments[3])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pairs = [
        (ours(path, width, height, focal), peer(path, width, height, int(arguments[4])))
        for _ in range(int(arguments[5]))
    ]
    print(json.dumps({"ours": [a for a, _ in pairs], "peer": [b for _, b in pairs]}))


if __name__ == "__main__":
    main(sys.argv[1:])
