"""One frame as one line of JSON: the form that DESIGN calls stable."""

from __future__ import annotations

import json
import math
from typing import Any

from robot.perception.faces.watcher import Face, Scene


def line(index: int, t: float, scene: Scene, width: int, height: int) -> str:
    """Return the line of a frame: pixels and degrees; `locked_id` stays while the locked person is out of sight."""
    faces = sorted(scene.faces, key=lambda face: face.id)
    record: dict[str, Any] = {
        "frame": index,
        "t": round(t, 6),
        "faces": [_face(face, width, height) for face in faces],
        "locked_id": scene.lock.id if scene.lock.id >= 0 else None,
        "gesture": scene.gesture,
    }
    return json.dumps(record)


def _face(face: Face, width: int, height: int) -> dict[str, Any]:
    x, y, w, h = face.box
    left, top = min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))
    right, bottom = min(max(x + w, 0.0), float(width)), min(max(y + h, 0.0), float(height))
    return {
        "id": face.id,
        "bbox": [round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)],
        "yaw_deg": round(math.degrees(face.pose.yaw), 2),
        "pitch_deg": round(math.degrees(face.pose.pitch), 2),
        "roll_deg": round(math.degrees(face.pose.roll), 2),
        "score": round(face.score, 3),
    }
