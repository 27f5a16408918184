"""A tracker without identity, as a baseline: it follows the box nearest to where its own was in the last frame.

So do the trackers of small desk robots (Reachy Mini's daemon). It is given the very boxes that our lock has, in the
same run, and starts on the same face; the camera turns with our lock and not with it, which helps it.
"""

from __future__ import annotations

import math

from launch.scoring.hold import Hold
from robot import topics
from robot.messages import Faces, FaceView, TabletopTruth
from robot.runtime.commit import Commit

KEPT_NS = 500_000_000


class NearestBox:
    """Observer of a run."""

    def __init__(self) -> None:
        self.hold = Hold()
        self._at: tuple[float, float] | None = None
        self._truths: dict[int, TabletopTruth] = {}

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        message = commit.message
        if commit.envelope.topic == topics.TRUTH_TABLETOP.name:
            assert isinstance(message, TabletopTruth)
            self._truths[message.stamp_ns] = message
            for old in [stamp for stamp in self._truths if stamp < message.stamp_ns - KEPT_NS]:
                del self._truths[old]
        elif commit.envelope.topic == topics.FACES.name and commit.envelope.valid:
            assert isinstance(message, Faces)
            self._on_faces(message)

    def _on_faces(self, faces: Faces) -> None:
        truth, chosen = self._truths.get(faces.stamp_ns), self._choose(faces)
        if chosen is not None:
            self._at = _middle(chosen)
        if truth is not None:
            self.hold.see(faces.stamp_ns / 1e9, chosen, truth)

    def _choose(self, faces: Faces) -> FaceView | None:
        if self._at is None:
            return next((f for f in faces.faces if f.id == faces.locked_id), None)
        at = self._at
        return min(faces.faces, key=lambda f: math.dist(_middle(f), at), default=None)


def _middle(face: FaceView) -> tuple[float, float]:
    x, y, width, height = face.bbox
    return x + width / 2.0, y + height / 2.0
