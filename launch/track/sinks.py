"""Where tracked frames go: lines to a file or the terminal, a film, a window."""

from __future__ import annotations

import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import IO, Protocol

import av
import cv2

from launch.errors import CallError
from launch.report.film import ENCODING
from launch.report.lettering import Picture
from launch.track.lines import line
from launch.track.overlay import Overlay
from launch.track.source import Frame
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.watcher import Scene

TIME_BASE = Fraction(1, 90000)


class Sink(Protocol):
    """What takes tracked frames."""

    def add(self, frame: Frame, scene: Scene) -> bool:
        """Take one frame; return whether more are wanted."""

    def close(self) -> None:
        """Finish."""


class Lines:
    """JSON lines, to a file or to the terminal."""

    def __init__(self, path: Path | None) -> None:
        self._file: IO[str] = sys.stdout if path is None else path.open("w", encoding="utf-8")
        self._owned = path is not None

    def add(self, frame: Frame, scene: Scene) -> bool:
        """Write the frame's line."""
        height, width = frame.rgb.shape[:2]
        try:
            print(line(frame.index, frame.t, scene, width, height), file=self._file)
        except BrokenPipeError:  # whoever read has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return False
        return True

    def close(self) -> None:
        """Close the file."""
        if self._owned:
            self._file.close()


class OverlayFilm:
    """An H.264 film of the frames with what was seen drawn over them, at their own times."""

    def __init__(self, path: Path, width: int, height: int, camera: Intrinsics) -> None:
        self._overlay = Overlay(camera)
        path.open("wb").close()  # what cannot be written is told now, and not by the first frame
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=30, options=ENCODING)
        self._size = (width - width % 2, height - height % 2)  # H.264 halves the colours
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = TIME_BASE
        self._last = -1

    def add(self, frame: Frame, scene: Scene) -> bool:
        """Draw and encode the frame."""
        drawn = self._overlay.draw(frame.rgb, frame.t, scene)[: self._size[1], : self._size[0]]
        picture = av.VideoFrame.from_ndarray(drawn.copy(), format="rgb24")
        self._last = max(self._last + 1, round(frame.t / TIME_BASE))
        picture.pts, picture.time_base = self._last, TIME_BASE
        self._container.mux(self._stream.encode(picture))
        return True

    def close(self) -> None:
        """Finish the file."""
        self._container.mux(self._stream.encode())
        self._container.close()


class Window:
    """A window; q or Escape ends it."""

    def __init__(self, title: str, camera: Intrinsics) -> None:
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise CallError("--show: there is no display here; --out overlay.mp4 writes the same pictures to a file")
        self._title, self._overlay = title, Overlay(camera)

    def add(self, frame: Frame, scene: Scene) -> bool:
        """Show the frame."""
        drawn: Picture = self._overlay.draw(frame.rgb, frame.t, scene)
        cv2.imshow(self._title, drawn[:, :, ::-1])
        return cv2.waitKey(1) & 0xFF not in (ord("q"), 27)

    def close(self) -> None:
        """Close the window."""
        cv2.destroyAllWindows()
