"""The other end of a call: a source that tells what the face of the person in a video does, at the video's own pace.

The video stands for the remote camera. Its frames stay here; what enters the robot is what a remote peer would send,
the faces and the angles of the locked one. The local camera keeps the lock; this drives the nods.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.messages import Faces, FaceView
from robot.node import Inbox, Node, Outbox
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.lock import Choice
from robot.perception.faces.watcher import Face, FaceWatcher, Scene, WatcherConfig
from robot.perception.video import VideoError, frames_per_s, next_frame, open_video, shrunk

LONGEST_PX = 640  # larger frames are made this long: the person in a call is large in the picture


@dataclass(frozen=True)
class CallConfig:
    """Settings of the call."""

    video: str = ""
    watcher: WatcherConfig = field(default_factory=WatcherConfig)


class CallSource(Node):
    """Faces of a video. At its end the call is over: nothing more is told."""

    outputs = (topics.CALL_FACES,)
    rate_hz = 30
    faces_world = True

    def __init__(self, config: CallConfig, rng: Generator) -> None:
        """Open the video. Raises VideoError where it cannot be read."""
        del rng
        self._frames = frames_of(config.video)
        self._next = next(self._frames, None)
        if self._next is None:
            raise VideoError(f"{config.video} cannot be read as a video")
        self._watcher = FaceWatcher(config.watcher)
        self._watcher.choose(Choice("largest"))
        self._begun_ns: int | None = None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Tell the newest frame that is due; silent between frames and after the last."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        played_s, due = (now_ns - self._begun_ns) / 1e9, None
        while self._next is not None and self._next[0] <= played_s + 1e-6:
            due, self._next = self._next[1], next(self._frames, None)
        if due is None:
            return Outbox()
        camera = Intrinsics.guess(due.shape[1], due.shape[0])
        return Outbox().put(topics.CALL_FACES, _message(now_ns, self._watcher.see(now_ns / 1e9, due, camera)))

    def close(self) -> None:
        """Free the networks."""
        self._watcher.close()


def frames_of(video: str) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield time (s) and (H, W, 3) RGB of every frame that can be decoded. Raises VideoError."""
    capture = open_video(video)
    fps, count = frames_per_s(capture), 0
    try:
        while (rgb := next_frame(capture)) is not None:
            yield count / fps, shrunk(rgb, LONGEST_PX / max(rgb.shape[:2]))
            count += 1
    finally:
        capture.release()


def _message(now_ns: int, scene: Scene) -> Faces:
    return Faces(
        stamp_ns=now_ns,
        faces=tuple(_view(face) for face in scene.faces),
        lock=scene.lock.state,
        locked_id=scene.lock.id,
        confidence=scene.lock.confidence,
        others=scene.lock.others,
        gesture=scene.gesture or "",
    )


def _view(face: Face) -> FaceView:
    """Return the face as the remote camera has it: that camera stands where base_link is."""
    x, y, z = face.pose.position
    yaw, pitch, roll = face.still
    azimuth, elevation = -np.arctan2(x, z), -np.arctan2(y, np.hypot(x, z))
    return FaceView(
        id=face.id, bbox=face.box, azimuth=float(azimuth), elevation=float(elevation),
        distance_m=float(np.sqrt(x * x + y * y + z * z)), yaw=yaw, pitch=pitch, roll=roll, mouth=face.mouth,
        score=face.score,
    )  # fmt: skip
