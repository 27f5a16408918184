"""A real camera, or a video in its place, as a source of frames in the size that the body's camera has.

A camera is read as fast as it delivers; a video at the pace of its own times, frames left out where that is too fast.
A camera that is gone ends the node: its supervisor opens it again.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.bodies.tabletop.body import BezelCamera
from robot.messages import Image
from robot.node import Inbox, Node, Outbox
from robot.perception.video import VideoError, frames_per_s, next_frame, open_video, shrunk

BODY = BezelCamera()


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
        """Open it. Raises VideoError."""
        del rng
        self._config = config
        self._capture = open_video(config.source)
        self._video = None if config.source.isdecimal() else _Pace(self._capture)
        self._ended = False

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Publish the newest frame; nothing where a video has no newer one.

        Raises:
            VideoError: the camera was there and is gone.
        """
        started_ns = time.monotonic_ns()
        out = Outbox()
        if self._ended or (self._video is not None and not self._video.skip_to(now_ns)):
            return out
        rgb = next_frame(self._capture)
        if rgb is not None:
            late_ns = 0 if self._video else time.monotonic_ns() - started_ns - round(self._config.latency_s * 1e9)
            return out.put(topics.CAMERA, self._image(now_ns + late_ns, rgb))
        if self._video is None:
            raise VideoError(f"camera {self._config.source} delivers no more frames")
        self._ended = True
        return out

    def close(self) -> None:
        """Give the camera back."""
        self._capture.release()

    def _image(self, stamp_ns: int, rgb: NDArray[np.uint8]) -> Image:
        rgb = shrunk(rgb, self._config.width / rgb.shape[1])
        height, width = rgb.shape[:2]
        focal = width / 2.0 / math.tan(self._config.half_fov)
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
