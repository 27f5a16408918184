"""A frame with what was seen drawn over it: boxes, numbers, axes of the heads, the lock and its gestures."""

from __future__ import annotations

import cv2
import numpy as np

from launch.report.lettering import Picture, Rgb, width_of, write
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.watcher import Face, Scene

LOCKED: Rgb = (255, 176, 32)
SEEN: Rgb = (90, 200, 250)
AXES: tuple[Rgb, Rgb, Rgb] = ((235, 60, 60), (60, 200, 90), (70, 110, 255))  # out of the face, to its left, up
DARK: Rgb = (24, 26, 30)
AXIS_M = 0.11
GESTURE_S = 1.0  # how long a gesture stays written


class Overlay:
    """Draws frames; remembers the last gesture for a moment."""

    def __init__(self, camera: Intrinsics) -> None:
        self._camera = camera
        self._gesture = ("", -GESTURE_S)

    def draw(self, picture: Picture, t: float, scene: Scene) -> Picture:
        """Return a copy of an (H, W, 3) RGB picture with the scene drawn over it."""
        picture = picture.copy()
        for face in scene.faces:
            self._face(picture, face, face.id == scene.lock.id)
        if scene.gesture:
            self._gesture = (scene.gesture, t)
        said = (
            f"lock {scene.lock.id}: {scene.lock.state}, {scene.lock.confidence:.0%}"
            if scene.lock.id >= 0
            else "no lock"
        )
        if t - self._gesture[1] < GESTURE_S:
            said += f"   {self._gesture[0]}"
        _label(picture, said, 8, 8, 16, LOCKED if scene.lock.id >= 0 else SEEN)
        return picture

    def _face(self, picture: Picture, face: Face, locked: bool) -> None:
        color, thick = (LOCKED, 3) if locked else (SEEN, 1)
        x, y, w, h = (round(v) for v in face.box)
        cv2.rectangle(picture, (x, y), (x + w, y + h), color, thick, cv2.LINE_AA)
        _label(picture, str(face.id), x, y - 20 if y > 22 else y + h + 2, 14, color)
        origin = np.array(face.pose.position)
        for axis, tint in zip(face.pose.rotation.T, AXES, strict=True):
            a, b = self._pixel(origin), self._pixel(origin + AXIS_M * axis)
            if a is not None and b is not None:
                cv2.line(picture, a, b, tint, 2, cv2.LINE_AA)

    def _pixel(self, point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[int, int] | None:
        x, y, z = point
        if z < 0.05:
            return None
        camera = self._camera
        return round(camera.fx * x / z + camera.cx), round(camera.fy * y / z + camera.cy)


def _label(picture: Picture, text: str, x: int, y: int, size: int, color: Rgb) -> None:
    """Dark letters on a plate of the colour."""
    x = max(0, min(x, picture.shape[1] - width_of(text, size) - 6))
    cv2.rectangle(picture, (x, max(0, y)), (x + width_of(text, size) + 6, max(0, y) + size + 4), color, -1)
    write(picture, text, x + 3, max(0, y), size, DARK, bold=False)
