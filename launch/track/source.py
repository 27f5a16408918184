"""Frames of a file or a camera as 8-bit RGB with their times, whatever the file holds.

OpenCV's reader turns grey, 16-bit and rotated pictures into upright 8-bit ones by itself. What it cannot open, or has
no frame of, is one clear line; what ends early is read as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

from launch.errors import CallError
from robot.perception.quiet import quiet_stderr
from robot.perception.video import USUAL_FPS, VideoError, as_rgb, frames_per_s, next_frame, open_video

STILLS = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm")


@dataclass(frozen=True)
class Frame:
    """One frame: (H, W, 3) RGB, and its time since the first (s)."""

    index: int
    t: float
    rgb: NDArray[np.uint8]


class FrameSource:
    """A video, a still picture, or a camera by its number."""

    def __init__(self, name: str) -> None:
        """Open it and read the first frame.

        Raises:
            CallError: no such file or camera, or nothing in it that can be read as pictures.
        """
        self._name = name
        self._capture: cv2.VideoCapture | None = None
        self.is_camera = name.isdecimal()
        first = self._opened(name) if self.is_camera else self._first_of_file(Path(name))
        self._first = first
        self.height, self.width = first.shape[:2]
        self.fps = frames_per_s(self._capture) if self._capture is not None else USUAL_FPS
        self.expected = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)) if self._capture is not None else 1

    def __enter__(self) -> FrameSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._capture is not None:
            self._capture.release()

    def frames(self) -> Iterator[Frame]:
        """Yield every frame, the first one too. Times never stand still."""
        picture: NDArray[np.uint8] | None = self._first
        index, t, start = 0, 0.0, self._stamp()
        while picture is not None:
            if picture.shape == self._first.shape:
                yield Frame(index, t, picture)
            index += 1
            picture = self._read()
            stamp = self._stamp() - start
            t = stamp if stamp > t else t + 1.0 / self.fps

    def _first_of_file(self, path: Path) -> NDArray[np.uint8]:
        if not path.exists():
            raise CallError(f"track: no such file: {path}")
        if not path.is_file():
            raise CallError(f"track: {path} is not a file; name a video or the number of a camera")
        if path.stat().st_size == 0:
            raise CallError(f"track: {path} is empty")
        if path.suffix.lower() in STILLS:
            with quiet_stderr():
                still = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if still is None:
                raise CallError(f"track: {path} cannot be read as a picture")
            return as_rgb(still)
        if path.suffix.lower() in (".txt", ".md", ".json", ".jsonl", ".py", ".yaml"):
            raise CallError(f"track: {path} is text; name a video or the number of a camera")
        return self._opened(str(path))

    def _opened(self, name: str) -> NDArray[np.uint8]:
        try:
            self._capture = open_video(name)
        except VideoError as error:
            raise CallError(f"track: {error}") from error
        first = next_frame(self._capture)
        if first is None:
            raise CallError(f"track: {name} has no frame that can be read")
        return first

    def _read(self) -> NDArray[np.uint8] | None:
        return None if self._capture is None else next_frame(self._capture)

    def _stamp(self) -> float:
        return 0.0 if self._capture is None else float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
