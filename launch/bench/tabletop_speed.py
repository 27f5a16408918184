"""Suite `speed`: milliseconds a frame of 640 x 480 with one face and with four, beside MediaPipe's own FaceMesh.

The frames are rendered first; then a process of its own, held to one core, times both on them in turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from launch.spec import RunSpec
from robot.runtime.failure import NodeFailure, RunFailed
from sim.tabletop.studio import Studio
from sim.tabletop.trials import group_trial

Row = dict[str, Any]
SIZE = (640, 480)
ROUNDS = 3
BAR_MS = {1: 15.0, 4: 30.0}
BAR_MB = 500.0


def speed(spec: RunSpec) -> Row:
    """Return the median, over frames of all rounds, of the watcher's and FaceMesh's times."""
    count = int(spec.world.partition(":")[2].partition("_")[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames.rgb"
        with Studio(group_trial(count, spec.seed, spec.duration_s), spec.seed, size=SIZE) as studio:
            with path.open("wb") as file:
                for shot in studio.shots(spec.duration_s):
                    file.write(shot.image.data.tobytes())
            focal = studio.camera.focal
        rounds = _measured([str(path), *map(str, SIZE), str(focal), str(count), str(ROUNDS)])
    mine, peer = (np.concatenate([r["ms"] for r in rounds[key]]) for key in ("ours", "peer"))
    ms, peer_ms, rss = float(np.median(mine)), float(np.median(peer)), float(rounds["ours"][0]["rss_mb"])
    return {
        "success": ms <= BAR_MS[count] and rss <= BAR_MB,
        "ms_p50": ms,
        "ms_mean": float(mine.mean()),
        "ms_p95": float(np.percentile(mine, 95)),
        "facemesh_ms_p50": peer_ms,
        "over_facemesh": float(np.median([np.median(a["ms"]) / np.median(b["ms"]) for a, b in _pairs(rounds)])),
        "faces_seen": float(np.mean([r["faces"] for r in rounds["ours"]])),
        "facemesh_faces_seen": float(np.mean([r["faces"] for r in rounds["peer"]])),
        "face_node_mb": rss,
        "time_s": ms / 1000.0,
    }


def _pairs(rounds: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return list(zip(rounds["ours"], rounds["peer"], strict=True))


def _measured(arguments: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "robot.perception.faces.stopwatch", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RunFailed(NodeFailure("stopwatch", 0, "could not measure", ended.stderr))
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found
