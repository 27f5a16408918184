"""A display's log as the columns that its pictures need: what heads did, what the display did, lock, arm and safety."""

from __future__ import annotations

import math

import numpy as np

from launch.report.story import Column, Span, Steps, Touch
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import ArmState, Faces, JointSafetyState, Log, TabletopTruth
from robot.runtime.commit import Commit


class DeskStory:
    """Observer that collects what the report of a display shows."""

    def __init__(self) -> None:
        self.lock, self.arm, self.safety, self.sight = Steps(), Steps(), Steps(), Steps()
        self.gestures: list[tuple[float, str]] = []
        """Time (s) and kind of every gesture that was told."""
        self.falls: list[Touch] = []
        self.words: list[tuple[float, str, str]] = []
        """Log lines of warning and worse: time (s), level, text."""
        self.caller = ""
        self.has_call = False
        self.end_s = 0.0
        self._truth: list[tuple[float, ...]] = []
        self._call: list[tuple[float, ...]] = []
        self._load: list[tuple[float, ...]] = []

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        t_s, name = commit.envelope.t_ns / NS_PER_S, commit.envelope.topic
        self.end_s = max(self.end_s, t_s)
        message = commit.message if commit.envelope.valid and name in TAKEN else None
        if isinstance(message, TabletopTruth):
            self._on_truth(t_s, message)
        elif isinstance(message, Faces):
            self._on_faces(t_s, message, name == topics.CALL_FACES.name)
        elif isinstance(message, ArmState):
            self.arm.note(t_s, "held back" if message.held_back else message.mode)
            self._load.append((t_s, message.zmp, float(message.held_back)))
        elif isinstance(message, JointSafetyState):
            self.safety.note(t_s, message.state)
        elif isinstance(message, Log) and message.level in ("warning", "error"):
            self.words.append((t_s, message.level, message.text))

    @property
    def truth(self) -> Column:
        """(N, 6): time (s), the caller's pitch, the display's (rad), the face's direction in the picture (rad left of
        the middle, NaN behind the camera), the base's tilt (rad) and slip (m)."""
        return np.array(self._truth, dtype=np.float64).reshape(-1, 6)

    @property
    def call(self) -> Column:
        """(N, 2): time (s) and pitch (rad) of the head at the other end of the call."""
        return np.array(self._call, dtype=np.float64).reshape(-1, 2)

    @property
    def load(self) -> Column:
        """(N, 3): time (s), how much of the feet's distance the zero-moment point uses, and whether it held back."""
        return np.array(self._load, dtype=np.float64).reshape(-1, 3)

    def strips(self) -> dict[str, list[Span]]:
        """Return what went on, as spans by name."""
        return {
            "caller is": self.sight.spans(self.end_s),
            "its lock": self.lock.spans(self.end_s),
            "it is": self.arm.spans(self.end_s),
            "safety": self.safety.spans(self.end_s),
        }

    def _on_truth(self, t_s: float, truth: TabletopTruth) -> None:
        first = truth.people[0]
        self.caller = first.name
        self.sight.note(t_s, "in view" if first.in_view else "hidden or outside")
        display = truth.joints[1] + truth.joints[2]
        error = truth.target_error if math.isfinite(truth.target_error) else math.nan
        self._truth.append((t_s, first.pitch, display, error, truth.base_tilt, truth.base_slip_m))
        if truth.fallen and not self.falls:
            self.falls.append(Touch(t_s, "fall", "fell over", 0.0, 0.0))

    def _on_faces(self, t_s: float, faces: Faces, of_call: bool) -> None:
        self.has_call |= of_call
        if faces.gesture:
            self.gestures.append((t_s, faces.gesture))
        if not of_call:
            self.lock.note(t_s, faces.lock)
            return
        locked = next((f for f in faces.faces if f.id == faces.locked_id), None)
        if locked is not None:
            self._call.append((t_s, locked.pitch))


TAKEN = frozenset(
    topic.name
    for topic in (
        topics.TRUTH_TABLETOP, topics.FACES, topics.CALL_FACES, topics.ARM_STATE, topics.JOINT_SAFETY, topics.LOG
    )
)  # fmt: skip
