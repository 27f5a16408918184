"""`overview.mp4` of a display's run.

Its camera's picture with the lock, the stand from the side, the people from above, and the head's nods over its own.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from launch.report.desk_view import above, camera_view, from_the_side
from launch.report.film import HEIGHT, Reel
from launch.report.film_panel import FAINT, GREEN, INK, LOCKS, PAGE, RED, YELLOW, caption
from launch.report.lettering import Picture, Rgb, width_of, write
from robot import topics
from robot.messages import ArmState, Faces, Image, JointSafetyState, TabletopTruth
from robot.node import Message
from robot.runtime.commit import Commit

VIEW_WIDTH, SIDE_WIDTH = 800, 480
VIEW_HEIGHT = 600
CHART_DEG = (-14.0, 26.0)  # of pitch
CHART_S = 12.0  # of the past that the chart shows
HEAD: Rgb = (240, 160, 92)
DISPLAY: Rgb = (110, 168, 240)
ARM: dict[str, Rgb] = {"mimicking": GREEN, "tracking": DISPLAY, "waiting": YELLOW, "idle": FAINT}
SAFETY: dict[str, Rgb] = {"ok": GREEN, "limited": YELLOW, "holding": RED}
GESTURE_S = 1.0  # how long a gesture stays written


class DeskFilm(Reel):
    """See the module's docstring."""

    def __init__(self, path: Path, sim_seconds: float, rendered: bool) -> None:
        """As Reel; `rendered`: there is a camera, and nothing is shown before its first picture."""
        super().__init__(path, sim_seconds)
        self._rendered = rendered
        self._newest: dict[str, Commit] = {}
        self._past: list[tuple[float, float, float]] = []
        self._told = ("", -math.inf)

    def take(self, commit: Commit) -> None:
        """As Reel."""
        if not commit.envelope.valid:
            return
        name = commit.envelope.topic
        self._newest[name] = commit
        if name in (topics.FACES.name, topics.CALL_FACES.name):
            faces = commit.message
            assert isinstance(faces, Faces)
            self._told = (faces.gesture, commit.envelope.t_ns / 1e9) if faces.gesture else self._told

    def draw(self) -> Picture | None:
        """As Reel; None in a log without truth."""
        truth = self._message(topics.TRUTH_TABLETOP.name)
        if not isinstance(truth, TabletopTruth) or (self._rendered and self._camera() is None):
            return None
        t_s = truth.stamp_ns / 1e9
        self._past.append((t_s, self._head(truth), truth.joints[1] + truth.joints[2]))
        frame = np.full((HEIGHT, VIEW_WIDTH + SIDE_WIDTH, 3), PAGE, np.uint8)
        frame[:VIEW_HEIGHT, :VIEW_WIDTH] = self._view(truth)
        self._chart(frame, t_s)
        frame[:260, VIEW_WIDTH:] = above(truth, SIDE_WIDTH, 260)
        if self._camera() is not None:
            frame[264:524, VIEW_WIDTH:] = _side(truth, SIDE_WIDTH, 260)
        self._words(frame, t_s, VIEW_WIDTH + 18, 540)
        return frame

    def _message(self, name: str) -> Message | None:
        commit = self._newest.get(name)
        return None if commit is None else commit.message

    def _faces(self, name: str) -> Faces | None:
        message = self._message(name)
        return message if isinstance(message, Faces) else None

    def _camera(self) -> Image | None:
        """Return the newest picture; None where nothing is rendered."""
        message = self._message(topics.CAMERA.name)
        return message if isinstance(message, Image) else None

    def _head(self, truth: TabletopTruth) -> float:
        """Return the pitch of whoever is mimicked."""
        call = self._faces(topics.CALL_FACES.name)
        if call is None:
            return truth.people[0].pitch
        locked = next((f for f in call.faces if f.id == call.locked_id), None)
        return math.nan if locked is None else locked.pitch

    def _view(self, truth: TabletopTruth) -> Picture:
        image, faces = self._camera(), self._faces(topics.FACES.name)
        if image is not None:
            return camera_view(image, faces, VIEW_WIDTH, VIEW_HEIGHT)
        return _side(truth, VIEW_WIDTH, VIEW_HEIGHT)

    def _chart(self, frame: Picture, t_s: float) -> None:
        """The last seconds of both pitches."""
        top, bottom, left, right = VIEW_HEIGHT + 24, HEIGHT - 8, 18, VIEW_WIDTH - 18
        low, high = CHART_DEG
        past = np.array([row for row in self._past if row[0] > t_s - CHART_S])

        def row(degrees: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]  # of floats, both
            return top + (np.clip(degrees, low, high) - low) / (high - low) * (bottom - top)

        zero = round(float(row(np.zeros(1))[0]))
        cv2.line(frame, (left, zero), (right, zero), (70, 75, 82), 1)
        end = write(frame, "head", left, VIEW_HEIGHT + 4, 14, HEAD, bold=True)
        end = write(frame, "display", end + 14, VIEW_HEIGHT + 4, 14, DISPLAY, bold=True)
        write(frame, "looking down (below the line)", end + 14, VIEW_HEIGHT + 4, 14, FAINT)
        across = left + (past[:, 0] - t_s + CHART_S) / CHART_S * (right - left)
        for column, color in ((1, HEAD), (2, DISPLAY)):
            known = np.isfinite(past[:, column])
            points = np.column_stack([across, row(np.degrees(past[:, column]))])[known]
            cv2.polylines(frame, [points.round().astype(np.int32).reshape(-1, 1, 2)], False, color, 2, cv2.LINE_AA)

    def _words(self, frame: Picture, t_s: float, left: int, top: int) -> None:
        minutes, seconds = divmod(t_s, 60.0)
        write(frame, f"{int(minutes)}:{seconds:04.1f}", left, top, 34, INK, bold=True)
        fast = f"shown {self.speed} × as fast" if self.speed > 1 else "shown in real time"
        write(frame, fast, frame.shape[1] - 18 - width_of(fast, 15), top + 14, 15, FAINT)
        arm, faces = self._message(topics.ARM_STATE.name), self._faces(topics.FACES.name)
        safety = self._message(topics.JOINT_SAFETY.name)
        mode = arm.mode if isinstance(arm, ArmState) else "idle"
        held = "held back: the stand would tip" if isinstance(arm, ArmState) and arm.held_back else ""
        gesture = f"sees a {self._told[0]}" if t_s - self._told[1] < GESTURE_S else ""
        state = "none" if faces is None else faces.lock
        sure = f"{faces.confidence:.0%} sure" if faces is not None and faces.locked_id >= 0 else ""
        kept = safety.state if isinstance(safety, JointSafetyState) else "ok"
        why = ", ".join(safety.reasons) if isinstance(safety, JointSafetyState) else ""
        lines = (("it is", mode, ARM[mode], held or gesture), ("lock", state, LOCKS[state], sure))
        for i, (name, value, color, more) in enumerate((*lines, ("safety", kept, SAFETY[kept], why))):
            write(frame, name, left, top + 52 + 28 * i, 15, FAINT)
            end = write(frame, value, left + 70, top + 50 + 28 * i, 18, color, bold=True)
            write(frame, more, end + 12, top + 53 + 28 * i, 14, INK if more == gesture else FAINT)


def _side(truth: TabletopTruth, width: int, height: int) -> Picture:
    """Return the stand from the side, with its caption."""
    view = from_the_side(truth.joints, width, height)
    caption(view, "from the side")
    return view
