"""A real camera, or a video in its place, as a source of frames in the size that the body's camera has.

A camera is read as fast as it delivers; a video at the pace of its own times, frames left out where that is too fast.
A camera that is gone ends the node: its supervisor opens it again.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.bodies.tabletop.body import BezelCamera
from robot.messages import Image
from robot.node import Inbox, Node, Outbox
from robot.perception.quiet import quiet_stderr

BODY = BezelCamera()
USUAL_FPS = 30.0  # where a video does not say


class CameraError(RuntimeError):
    """There is no such camera or video; the text is one line."""


@dataclass(frozen=True)
class CameraConfig:
    """Which camera, and what it sees."""

    source: str = "0"  # number of a camera, or a video file
    width: int = BODY.width  # px; a larger picture is made this wide
    half_fov: float = BODY.half_fov  # rad, half the horizontal field of view
    latency_s: float = 0.03  # from exposure to delivery


class CameraNode(Node):
    """See the module's docstring."""

    outputs = (topics.CAMERA,)
    rate_hz = 30
    faces_world = True

    def __init__(self, config: CameraConfig, rng: Generator) -> None:
        """Open it. Raises CameraError."""
        del rng
        self._config = config
        self._capture = opened(config.source)
        self._video = None if config.source.isdecimal() else _Pace(self._capture)
        self._ended = False

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Publish the newest frame; nothing where a video has no newer one.

        Raises:
            CameraError: the camera was there and is gone.
        """
        started_ns = time.monotonic_ns()
        out = Outbox()
        if self._ended or (self._video is not None and not self._video.skip_to(now_ns)):
            return out
        good, picture = self._capture.read()
        if good:
            late_ns = 0 if self._video else time.monotonic_ns() - started_ns - round(self._config.latency_s * 1e9)
            return out.put(topics.CAMERA, self._image(now_ns + late_ns, picture))
        if self._video is None:
            raise CameraError(f"camera {self._config.source} delivers no more frames")
        self._ended = True
        return out

    def close(self) -> None:
        """Give the camera back."""
        self._capture.release()

    def _image(self, stamp_ns: int, picture: NDArray[np.uint8]) -> Image:
        height, width = picture.shape[:2]
        if width > self._config.width:
            size = (self._config.width, round(height * self._config.width / width))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        height, width = picture.shape[:2]
        focal = width / 2.0 / math.tan(self._config.half_fov)
        rgb = np.ascontiguousarray(picture[:, :, ::-1])
        return Image(stamp_ns=stamp_ns, data=rgb, fx=focal, fy=focal, cx=width / 2.0, cy=height / 2.0)


class _Pace:
    """Keeps a video at its own pace."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._fps = frames_per_s(capture)
        self._begun_ns: int | None = None
        self._next = 0

    def skip_to(self, now_ns: int) -> bool:
        """Leave out the frames whose time is over; return whether the next one is due."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        due = math.floor((now_ns - self._begun_ns) / 1e9 * self._fps + 0.5)
        if due < self._next:
            return False
        while self._next < due and self._capture.grab():
            self._next += 1
        self._next = due + 1
        return True


def opened(source: str) -> cv2.VideoCapture:
    """Return an open camera (by number) or video. Raises CameraError where it has no frames."""
    if not source.isdecimal() and not Path(source).is_file():
        raise CameraError(f"no such video: {source}")
    with quiet_stderr():
        camera = source.isdecimal()
        capture = cv2.VideoCapture(int(source)) if camera else cv2.VideoCapture(source, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        gone = f"no camera {source} (or another program has it)"
        raise CameraError(gone if camera else f"{source} cannot be read as a video")
    return capture


def frames_per_s(capture: cv2.VideoCapture) -> float:
    """Return a video's frame rate."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if 0.0 < fps <= 1000.0 else USUAL_FPS


def video_seconds(source: str) -> float:
    """Return how long a video lasts, s. Raises CameraError."""
    capture = opened(source)
    seconds = float(capture.get(cv2.CAP_PROP_FRAME_COUNT)) / frames_per_s(capture)
    capture.release()
    return seconds
