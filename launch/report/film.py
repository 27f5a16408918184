"""`overview.mp4`: a run from above and through the robot's eyes, sped up to well under half a minute.

An observer of the log's commits: it keeps the newest of everything and draws a frame whenever one is due, so a run of
any length needs one pass and no memory.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from launch.report.film_map import FilmMap
from launch.report.film_panel import FilmPanel
from launch.report.lettering import Picture
from launch.report.moment import Moment
from robot.runtime.commit import Commit

FPS = 15
LONGEST_S = 25.0
HEIGHT, MAP_WIDTH, PANEL_WIDTH = 720, 800, 480
# One thread and no wall clock: equal logs give equal films.
ENCODING = {"preset": "superfast", "crf": "25", "threads": "1"}


class Reel(ABC):
    """Observer that writes a film of at most `LONGEST_S`. Nothing is written where there is never anything to draw."""

    def __init__(self, path: Path, sim_seconds: float) -> None:
        self.path = path
        self.frames = 0
        self.speed = max(1, math.ceil(sim_seconds / LONGEST_S))
        self._next_s = 0.0
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return self.frames / FPS

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit, and draw the frames that were due before it."""
        t_s = commit.envelope.t_ns / 1e9
        while t_s > self._next_s and (picture := self.draw()) is not None:
            self._add(picture)
            self._next_s = self.frames * self.speed / FPS
        self.take(commit)

    @abstractmethod
    def take(self, commit: Commit) -> None:
        """Keep what the next frames show of a commit."""

    @abstractmethod
    def draw(self) -> Picture | None:
        """Return the frame of this moment; None as long as there is nothing to show."""

    def close(self) -> None:
        """Finish the file."""
        if self._container is None or self._stream is None:
            return
        for packet in self._stream.encode():
            self._container.mux(packet)
        self._container.close()
        self._container = None

    def _add(self, picture: Picture) -> None:
        if self._container is None:
            self._container = av.open(str(self.path), "w", options={"movflags": "+faststart"})
            self._stream = self._container.add_stream("libx264", rate=FPS, options=ENCODING)
            self._stream.height, self._stream.width = picture.shape[:2]
            self._stream.pix_fmt = "yuv420p"
        assert self._stream is not None  # made together with the container
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self.frames, Fraction(1, FPS)
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        self.frames += 1


class Film(Reel):
    """A home from above, and beside it the robot's view."""

    def __init__(self, path: Path, world: str, sim_seconds: float, rendered: bool) -> None:
        """As Reel; `rendered`: there is a camera, and nothing is shown before its first picture."""
        super().__init__(path, sim_seconds)
        self._world, self._duration_s, self._rendered = world, sim_seconds, rendered
        self._moment = Moment()
        self._map: FilmMap | None = None
        self._panel: FilmPanel | None = None

    def take(self, commit: Commit) -> None:
        """As Reel."""
        self._moment.on_commit(commit)

    def draw(self) -> Picture | None:
        """As Reel; None in a log without truth."""
        truth = self._moment.truth
        if truth is None or (self._rendered and self._moment.camera is None):
            return None
        if self._map is None or self._panel is None:
            self._map = FilmMap(self._world, truth, MAP_WIDTH, HEIGHT)
            self._panel = FilmPanel(PANEL_WIDTH, HEIGHT, self._duration_s, self.speed)
        return np.hstack([self._map.draw(self._moment, truth), self._panel.draw(self._moment, truth)])
