"""The other end of a call as the display's screen shows it: the frame of its video that is due at a moment of the run.

Only where a video stands for the remote camera (`--mimic VIDEO`). The frames go to the screen and nowhere else; what
the robot copies is what the node `call` tells of the face. Nothing is decoded while nobody looks.
"""

from __future__ import annotations

import threading

import cv2

from launch.dashboard.pictures import CALLER, JPEG_QUALITY, Packet, packed
from robot.perception.video import VideoError, frames_per_s, open_video

LONGEST_PX = 640
JUMP_FRAMES = 60  # farther than this it seeks; nearer it reads on


class Caller:
    """A video in step with a run. May be asked from any thread."""

    def __init__(self, video: str) -> None:
        """Take note of the video; it is opened when it is first asked for. Empty: there is no call."""
        self._video, self._lock = video, threading.Lock()
        self._capture: cv2.VideoCapture | None = None
        self._fps, self._count, self._at = 1.0, 0, -1
        self._shown: Packet | None = None

    def is_on(self, t_s: float) -> bool:
        """Return whether somebody is at the other end at a moment of the run, s."""
        with self._lock:
            return self._index(t_s) < self._count

    def frame(self, t_s: float) -> Packet | None:
        """Return the frame that is due at a moment of the run, s; None before and after the call."""
        with self._lock:
            index = self._index(t_s)
            if self._capture is None or not 0 <= index < self._count:
                return None
            if self._shown is None or index != self._at:
                self._shown = self._read(self._capture, index)
            return self._shown

    def _index(self, t_s: float) -> int:
        if self._video and self._capture is None:
            self._open()
        return int(t_s * self._fps + 1e-6)

    def _open(self) -> None:
        try:
            self._capture = open_video(self._video)
        except VideoError:
            self._video = ""  # a log whose video is gone
            return
        self._fps, self._count = frames_per_s(self._capture), int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))

    def _read(self, capture: cv2.VideoCapture, index: int) -> Packet | None:
        if not 0 < index - self._at <= JUMP_FRAMES:
            capture.set(cv2.CAP_PROP_POS_FRAMES, index)
            self._at = index - 1
        while self._at < index and capture.grab():
            self._at += 1
        good, bgr = capture.retrieve() if self._at == index else (False, None)
        if not good or bgr is None:
            self._count = index  # it ends before it says
            return None
        scale = min(1.0, LONGEST_PX / max(bgr.shape[:2]))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1.0 else bgr
        _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        return Packet(index, packed(CALLER, {"size": [small.shape[1], small.shape[0]]}, jpeg.tobytes()))
