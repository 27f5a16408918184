"""Runs one video or camera through the face watcher into the sinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from launch.track.sinks import Sink
from launch.track.source import FrameSource
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.head_pose import HeadPose
from robot.perception.faces.lock import Choice
from robot.perception.faces.watcher import Face, FaceWatcher, Scene, WatcherConfig

LONGEST_PX = 1920  # larger pictures are looked at in this size; a face that matters is large enough in it


@dataclass
class Tally:
    """What came of a session."""

    frames: int = 0
    with_faces: int = 0
    people: int = 0
    locked: bool = False
    gestures: int = 0


def track(source: FrameSource, choice: Choice, sinks: Sequence[Sink]) -> Tally:
    """Send every frame of `source` to every sink; return what was seen. Ctrl-C ends it as the end of the file does."""
    scale = min(1.0, LONGEST_PX / max(source.width, source.height))
    camera = Intrinsics.guess(round(source.width * scale), round(source.height * scale))
    watcher, tally = FaceWatcher(WatcherConfig()), Tally()
    if scale < 1.0 and choice.mode == "point":
        choice = replace(choice, x=choice.x * scale, y=choice.y * scale)
    watcher.choose(choice)
    seen: set[int] = set()
    try:
        for frame in source.frames():
            scene = _enlarged(watcher.see(frame.t, _shrunk(frame.rgb, scale), camera), 1.0 / scale)
            seen.update(face.id for face in scene.faces)
            tally.frames += 1
            tally.with_faces += bool(scene.faces)
            tally.locked |= scene.lock.id >= 0
            tally.gestures += scene.gesture is not None
            wanted = [sink.add(frame, scene) for sink in sinks]
            if not all(wanted):
                break
    finally:
        tally.people = len(seen)
        watcher.close()
        for sink in sinks:
            sink.close()
    return tally


def _shrunk(rgb: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return rgb
    small: NDArray[np.uint8] = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small


def _enlarged(scene: Scene, factor: float) -> Scene:
    """Return the scene with its boxes in the pixels of the original picture."""
    if factor == 1.0:
        return scene
    return replace(scene, faces=tuple(_face(face, factor) for face in scene.faces))


def _face(face: Face, factor: float) -> Face:
    x, y, w, h = (v * factor for v in face.box)
    pose: HeadPose = face.pose
    return replace(face, box=(x, y, w, h), pose=pose)
