"""The faces that the face node would find, from the truth: for fast runs without pictures.

Errors are white with the standard deviations that heads at rest showed in rendered frames at 0.8 to 1.2 m, in light and
in dim light, and go through the filter that the face node has. The slow errors of a head that is turned far are left
out. Everybody keeps their number, and the first person is locked until somebody else is chosen, so what these runs test
is motion, mimicry, stability and what the display does when it is told, not identity.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.tabletop.body import TabletopBody
from robot.messages import Faces, FaceView, HeadTruth
from robot.perception.faces.gestures import GestureConfig, GestureWatcher
from robot.perception.faces.smoothing import OneEuro, SmoothingConfig

ANGLE_STD = (math.radians(0.20), math.radians(0.31), math.radians(0.10))  # yaw, pitch, roll of one frame, in light
DIM = 2.5  # so much more, times what is missing of the light: 2.75 times as much at a light of 0.3
MOUTH_STD = 0.005  # of the mouth's opening
BEARING_STD = math.radians(0.15)
LOST_S = 1.5
FACE_M = 0.15  # height of a face's box

Floats = NDArray[np.float64]


class FaceEmulator:
    """Turns truth into faces."""

    def __init__(self, body: TabletopBody, rng: Generator, light: float = 1.0, anew_s: float = 0.0) -> None:
        """Watch for faces.

        Args:
            anew_s: 0 locks the first person; else whoever is largest, and another one after so long without them.
        """
        self._camera, self._rng, self._anew_s = body.camera, rng, anew_s
        self._grain = 1.0 + DIM * (1.0 - light)
        self._filters: dict[int, list[OneEuro]] = {}
        self._seen_ns = -1
        self._gestures = GestureWatcher(GestureConfig())
        self._first = self._chosen = 0 if anew_s else 1
        self._asked = False

    def choose(self, mode: str, number: int = -1) -> None:
        """Lock on to the person of this number with mode "id", to nobody with "release", to the caller with "largest".
        Places in the picture and words are the face node's."""
        self._asked = True
        self._chosen = {"id": number, "release": -1, "largest": self._first}.get(mode, self._chosen)
        self._seen_ns, self._gestures = -1, GestureWatcher(GestureConfig())

    def sample(self, now_ns: int, eye: Floats, axes: Floats, people: tuple[HeadTruth, ...]) -> Faces:
        """Return the faces in view."""
        faces = tuple(self._view(i + 1, head, eye, axes) for i, head in enumerate(people) if head.in_view)
        gone = 0 <= self._seen_ns < now_ns - self._anew_s * 1e9 and self._anew_s > 0.0 and not self._asked
        if faces and (self._chosen == 0 or (gone and all(face.id != self._chosen for face in faces))):
            self._chosen, self._gestures = max(faces, key=lambda f: f.bbox[3]).id, GestureWatcher(GestureConfig())
        mine = next((face for face in faces if face.id == self._chosen), None)
        if mine is not None:
            self._seen_ns = now_ns
        unseen = math.inf if self._seen_ns < 0 else (now_ns - self._seen_ns) / 1e9
        state = "none" if math.isinf(unseen) else "locked" if unseen == 0 else "occluded" if unseen < LOST_S else "lost"
        gesture = (
            None if mine is None else self._gestures.push(now_ns / 1e9, mine.yaw, mine.pitch, mine.roll, mine.mouth)
        )
        return Faces(
            stamp_ns=now_ns,
            faces=faces,
            lock=state,  # type: ignore[arg-type]  # the words above
            locked_id=-1 if state == "none" else self._chosen,
            confidence=1.0 if state == "locked" else 0.5 * (state != "none"),
            gesture=gesture or "",
        )

    def _view(self, number: int, head: HeadTruth, eye: Floats, axes: Floats) -> FaceView:
        rng = self._rng
        there = np.array([head.x, head.y, head.z])
        ray = there - eye
        right, down, ahead = axes.T @ ray
        size = FACE_M * self._camera.focal / ahead
        u = self._camera.focal * right / ahead + self._camera.width / 2.0
        v = self._camera.focal * down / ahead + self._camera.height / 2.0
        filters = self._filters.setdefault(number, [OneEuro(SmoothingConfig()) for _ in range(3)])
        raw = (
            a + rng.normal(0.0, self._grain * s)
            for a, s in zip((head.yaw, head.pitch, head.roll), ANGLE_STD, strict=True)
        )
        yaw, pitch, roll = (f.push(float(a), 1.0 / self._camera.rate_hz) for f, a in zip(filters, raw, strict=True))
        return FaceView(
            id=number,
            bbox=(float(u - size / 2.0), float(v - size / 2.0), float(size), float(size)),
            azimuth=float(math.atan2(there[1], there[0]) + rng.normal(0.0, BEARING_STD)),
            elevation=float(math.atan2(ray[2], math.hypot(ray[0], ray[1])) + rng.normal(0.0, BEARING_STD)),
            distance_m=float(np.linalg.norm(ray)),
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            mouth=0.3 * head.mouth + float(rng.normal(0.0, self._grain * MOUTH_STD)),
            score=1.0,
        )
