"""Suites `pose` and `nods`: what the face watcher makes of heads whose angles are known, the camera standing still.

A nod counts when it is told between its start and `LATE_S` after its end; every further event, and every one that
belongs to no nod, is a false one. Times are those of the frames in which something is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launch.scoring.gestures import LATE_S, Nod, match
from launch.spec import RunSpec
from robot.messages import HeadTruth
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.lock import Choice
from robot.perception.faces.watcher import Face, FaceWatcher, Scene, WatcherConfig
from sim.tabletop.scenes import Scene as Stage
from sim.tabletop.studio import Studio
from sim.tabletop.trials import Clip, nod_trial, pose_trial, talk_trial

Row = dict[str, Any]
Floats = NDArray[np.float64]
NODS, OTHERS = 20, 20
SETTLE_FRAMES = 5
LAG_STEPS = 8  # of a frame, in which lags are told


def pose(spec: RunSpec) -> Row:
    """Return errors of the head's angles over one sweep, and how far the filter lags behind its input."""
    who = spec.world.partition(":")[2]
    truth, raw, smooth, frames = [], [], [], 0
    with Studio(pose_trial(who, spec.seed, spec.duration_s), spec.seed) as studio:
        for _, scene, people in watched(studio, spec.duration_s):
            frames += 1
            face = scene.locked or _largest(scene)
            if face is not None and frames > SETTLE_FRAMES:
                truth.append(_angles(people[0]))
                raw.append(face.raw)
                smooth.append(face.still)
        rate = studio.camera.rate_hz
    true, seen, out = np.array(truth), np.array(raw), np.array(smooth)
    error = np.degrees(np.abs(out - true))
    lags = [_lag(seen[:, i], out[:, i]) for i in range(3)]
    yaw, pitch, roll = (float(e) for e in error.mean(axis=0))
    return {
        "success": pitch <= 3.0 and yaw <= 3.0 and roll <= 2.0,
        "pose_mae_yaw_deg": yaw,
        "pose_mae_pitch_deg": pitch,
        "pose_mae_roll_deg": roll,
        "pose_p95_deg": float(np.percentile(error, 95)),
        "pose_jitter_deg": _jitter(out - true),
        "seen_share": len(truth) / max(1, frames - SETTLE_FRAMES),
        "filter_lag_frames": float(np.median(lags)),
        "filter_lag_ms": float(np.median(lags)) * 1000.0 / rate,
    }


def nods(spec: RunSpec) -> Row:
    """Return how many nods are found, and what is taken for one; of the part `talk`, only the latter."""
    talks = spec.world.endswith("talk")
    trial = talk_trial(spec.seed, spec.duration_s) if talks else nod_trial(spec.seed, NODS, OTHERS)
    stage, clips = trial
    seconds = clips[-1].end_s + LATE_S + 0.5
    told = _told(stage, spec, seconds)
    known = [Nod(c.start_s, c.end_s, c.script.cycle_s) for c in clips if c.script.kind == "nod"]
    found = match(known, [t for t, gesture in told if gesture == "nod"])
    missed = [f"{n.start_s:.1f} s" for n in known if n not in found.late]
    return {
        "success": not found.false and not missed,
        "nods": len(known),
        "nods_found": len(found.late),
        "nods_false": len(found.false),
        "nod_f1": found.f1 if known else math.nan,
        "nod_latency_s": float(np.median(list(found.late.values()))) if found.late else math.nan,
        "events": [
            *({"t_s": t, "kind": "false nod", "text": _doing(clips, t)} for t in found.false),
            *({"t_s": 0.0, "kind": "missed nod", "text": text} for text in missed),
        ],
        "time_s": seconds,
    }


def watched(studio: Studio, seconds: float) -> Iterator[tuple[float, Scene, tuple[HeadTruth, ...]]]:
    """Yield what the face watcher says of every rendered frame."""
    watcher = FaceWatcher(WatcherConfig())
    watcher.choose(Choice("largest"))
    try:
        for shot in studio.shots(seconds):
            image = shot.image
            camera = Intrinsics(image.fx, image.fy, image.cx, image.cy)
            yield shot.t, watcher.see(shot.t, image.data, camera, studio.turn), shot.people
    finally:
        watcher.close()


def _told(stage: Stage, spec: RunSpec, seconds: float) -> list[tuple[float, str]]:
    """Return the gestures told of a stage, and when."""
    with Studio(stage, spec.seed, visible=spec.perception == "pixels") as studio:
        if spec.perception == "pixels":
            return [(t, str(scene.gesture)) for t, scene, _ in watched(studio, seconds) if scene.gesture]
        return [(faces.stamp_ns / 1e9, faces.gesture) for faces, _ in studio.emulated(seconds) if faces.gesture]


def _doing(clips: Sequence[Clip], t: float) -> str:
    clip = next((c for c in clips if c.start_s <= t <= c.end_s + LATE_S), None)
    return "at rest" if clip is None else f"{clip.script.kind}, {t - clip.start_s:.1f} s after its start"


def _angles(head: HeadTruth) -> tuple[float, float, float]:
    return head.yaw, head.pitch, head.roll


def _largest(scene: Scene) -> Face | None:
    return max(scene.faces, key=lambda face: face.box[2] * face.box[3], default=None)


def _lag(raw: Floats, smooth: Floats) -> float:
    """Return by how many frames `smooth` is behind `raw`: the shift with the least mean square difference."""
    frames = np.arange(len(raw), dtype=np.float64)
    shifts = np.arange(0, 4 * LAG_STEPS + 1) / LAG_STEPS
    inside = slice(8, None)
    errors = [np.mean((np.interp(frames - shift, frames, raw) - smooth)[inside] ** 2) for shift in shifts]
    return float(shifts[int(np.argmin(errors))])


def _jitter(errors: Floats) -> float:
    """Return the standard deviation of what errors change by from frame to frame, over √2, degrees: white noise of that
    size would change as much."""
    return math.degrees(float(np.diff(errors, axis=0).std())) / math.sqrt(2.0)
