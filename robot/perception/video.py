"""Frames of a camera or a video file through OpenCV, as 8-bit RGB whatever the file holds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from robot.perception.quiet import quiet_stderr

USUAL_FPS, MOST_FPS = 30.0, 1000.0  # where a video says nothing, or nonsense


class VideoError(ValueError):
    """There is no such camera or video; the text is one line."""


def open_video(source: str) -> cv2.VideoCapture:
    """Return an open camera (by its number) or video file.

    Raises:
        VideoError: no such camera or file, or nothing in it that can be read as a video.
    """
    camera = source.isdecimal()
    if not camera and not Path(source).is_file():
        raise VideoError(f"no such video: {source}")
    with quiet_stderr():
        capture = cv2.VideoCapture(int(source)) if camera else cv2.VideoCapture(source, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        gone = f"no camera {source} (or another program has it); name a video file instead"
        raise VideoError(
            gone if camera else f"{source} cannot be read as a video (not one, damaged, or in an unknown format)"
        )
    return capture


def next_frame(capture: cv2.VideoCapture) -> NDArray[np.uint8] | None:
    """Return the next frame, (H, W, 3) RGB; None at the end, or at the first that cannot be decoded."""
    with quiet_stderr():
        good, picture = capture.read()
    return as_rgb(picture) if good and picture is not None and picture.size else None


def frames_per_s(capture: cv2.VideoCapture) -> float:
    """Return a video's frame rate, Hz."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if 0.0 < fps <= MOST_FPS else USUAL_FPS


def video_seconds(source: str) -> float:
    """Return how long a video lasts, s. Raises VideoError."""
    capture = open_video(source)
    seconds = float(capture.get(cv2.CAP_PROP_FRAME_COUNT)) / frames_per_s(capture)
    capture.release()
    return seconds


def as_rgb(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return an (H, W, 3) 8-bit picture of what OpenCV gave: BGR, one channel, or more than 8 bits."""
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)  # type: ignore[operator]  # integers, by the line above
    if picture.ndim == 2:
        return np.repeat(picture[:, :, None], 3, axis=2).astype(np.uint8)
    if picture.dtype == np.uint8 and picture.shape[2] in (3, 4):  # as nearly always; numpy takes forty times as long
        bgr = cv2.COLOR_BGR2RGB if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGB
        return np.asarray(cv2.cvtColor(picture, bgr), np.uint8)
    return np.ascontiguousarray(picture[:, :, 2::-1]).astype(np.uint8, copy=False)


def shrunk(rgb: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Return the picture made `scale` times as large; as it is where that would enlarge it."""
    if scale >= 1.0:
        return rgb
    small: NDArray[np.uint8] = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small
