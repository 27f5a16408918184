"""Frames in, people out: finds, tracks and smooths faces, holds the lock and tells the locked person's gestures.

The one class behind `launch track`, the robot's node and the benches. It knows no messages, no files and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.finder import FaceFinder, FinderConfig
from robot.perception.faces.gestures import Gesture, GestureConfig, GestureWatcher
from robot.perception.faces.head_pose import FACING_CAMERA, HeadPose, angles, turned
from robot.perception.faces.lock import Choice, FaceLock, LockView
from robot.perception.faces.smoothing import OneEuro, SmoothingConfig
from robot.perception.faces.tracker import FaceTrack, FaceTracker, TrackerConfig

Floats = NDArray[np.float64]
_FACING_BASE = np.diag([-1.0, -1.0, 1.0])  # axes of a head that looks at the robot, in base_link


@dataclass(frozen=True)
class WatcherConfig:
    """Tuning of all parts."""

    finder: FinderConfig = field(default_factory=FinderConfig)
    tracker: TrackerConfig = field(default_factory=TrackerConfig)
    smoothing: SmoothingConfig = field(default_factory=SmoothingConfig)
    gestures: GestureConfig = field(default_factory=GestureConfig)


@dataclass(frozen=True)
class Face:
    """One person in one frame.

    Attributes:
        box: x, y, width, height, px.
        pose: in the camera's frame, smoothed.
        still: yaw, pitch, roll (rad) in a frame that does not move with the camera; the pose's own where nobody said
            how the camera is turned.
        raw: the same as this frame alone shows them, before smoothing.
        mouth: how far open, as a share of its width.
        score: that it is a face, 0 to 1.
    """

    id: int
    box: tuple[float, float, float, float]
    pose: HeadPose
    still: tuple[float, float, float]
    raw: tuple[float, float, float]
    mouth: float
    score: float


@dataclass(frozen=True)
class Scene:
    """Everybody in one frame, the lock, and the locked person's gesture if one was recognised in this very frame."""

    faces: tuple[Face, ...]
    lock: LockView
    gesture: Gesture | None

    @property
    def locked(self) -> Face | None:
        """The locked person's face where it is in view."""
        return next((f for f in self.faces if f.id == self.lock.id), None)


class _Head:
    """The angles of one head over time."""

    def __init__(self, config: WatcherConfig) -> None:
        self._config = config
        self._filters = [OneEuro(config.smoothing) for _ in range(3)]
        self._seen_s: float | None = None

    def push(self, now_s: float, still: tuple[float, float, float], gap_s: float) -> tuple[float, float, float]:
        """Return the smoothed angles. After a gap they start anew."""
        if self._seen_s is not None and now_s - self._seen_s > gap_s:
            self._filters = [OneEuro(self._config.smoothing) for _ in range(3)]
        dt = 0.0 if self._seen_s is None else now_s - self._seen_s
        self._seen_s = now_s
        yaw, pitch, roll = (f.push(a, dt) for f, a in zip(self._filters, still, strict=True))
        return yaw, pitch, roll


class FaceWatcher:
    """Watches one camera."""

    def __init__(self, config: WatcherConfig) -> None:
        """Build the networks."""
        self._config = config
        self._finder = FaceFinder(config.finder)
        self._tracker = FaceTracker(config.tracker)
        self._lock = FaceLock()
        self._heads: dict[int, _Head] = {}
        self._gestures = GestureWatcher(config.gestures)
        self._watched = -1

    def close(self) -> None:
        """Free the networks."""
        self._finder.close()

    def choose(self, choice: Choice) -> None:
        """Take a choice of whom to lock on to."""
        self._lock.choose(choice)

    def see(self, now_s: float, rgb: NDArray[np.uint8], camera: Intrinsics, turn: Floats | None = None) -> Scene:
        """Take in one frame.

        Args:
            rgb: (H, W, 3).
            turn: (3, 3) axes of the optical frame in base_link, where the camera moves and its turn is known: gestures
                are then those of the head and not of the camera.
        """
        regions, moving = self._tracker.regions(now_s), self._tracker.moving
        sights = self._finder.find(rgb, camera, regions, moving, self._tracker.sought(now_s))
        self._tracker.update(now_s, sights)
        visible = self._tracker.visible
        faces = tuple(self._face(now_s, track, turn) for track in visible)
        known = {track.id for track in self._tracker.tracks}
        self._heads = {number: head for number, head in self._heads.items() if number in known}
        lock = self._lock.update(now_s, visible, self._tracker.tracks)
        scene = Scene(faces, lock, None)
        return Scene(faces, lock, self._gesture(now_s, scene.locked, lock))

    def _face(self, now_s: float, track: FaceTrack, turn: Floats | None) -> Face:
        sight, raw = track.sight, track.sight.pose
        head = self._heads.setdefault(track.id, _Head(self._config))
        optical, zero = (np.eye(3), FACING_CAMERA) if turn is None else (turn, _FACING_BASE)
        seen = angles(zero.T @ optical @ raw.rotation)
        still = head.push(now_s, seen, self._config.tracker.coast_s)
        yaw, pitch, roll = angles(FACING_CAMERA.T @ optical.T @ zero @ turned(*still))
        pose = HeadPose(yaw, pitch, roll, raw.position)
        return Face(track.id, sight.box, pose, still, seen, sight.mesh.mouth, sight.score)

    def _gesture(self, now_s: float, locked: Face | None, lock: LockView) -> Gesture | None:
        if lock.id != self._watched:
            self._watched, self._gestures = lock.id, GestureWatcher(self._config.gestures)
        return None if locked is None else self._gestures.push(now_s, *locked.still, locked.mouth)
