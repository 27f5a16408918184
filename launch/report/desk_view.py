"""Pictures of a display at one moment: through its camera, from the side, and the people from above."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from launch.report.film_panel import BLUE, FAINT, GREEN, INK, caption
from launch.report.lettering import Picture, Rgb, write, write_on_picture
from robot.bodies.tabletop.body import TabletopBody
from robot.messages import Faces, Image, TabletopTruth

BODY = TabletopBody()
GROUND: Rgb = (12, 13, 15)
DESK: Rgb = (96, 76, 58)
METAL: Rgb = (150, 156, 164)
SCREEN: Rgb = (58, 78, 104)
SIDE_M = 0.62  # height that the view from the side shows
ABOVE_M = 1.75  # depth that the view from above shows


def camera_view(image: Image, faces: Faces | None, width: int, height: int) -> Picture:
    """Return the camera's picture with a box and number about every face; the locked one's is green."""
    view = np.asarray(cv2.resize(image.data, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    scale = width / image.data.shape[1]
    middle = width // 2
    cv2.line(view, (middle, 0), (middle, height), INK, 1, cv2.LINE_AA)
    for face in () if faces is None else faces.faces:
        x, y, w, h = (round(value * scale) for value in face.bbox)
        locked = faces is not None and face.id == faces.locked_id
        cv2.rectangle(view, (x, y), (x + w, y + h), GREEN if locked else INK, 3 if locked else 1, cv2.LINE_AA)
        write_on_picture(view, f"{face.id}" + (" locked" if locked else ""), x + w // 2, y + h + 4, 16)
    caption(view, "what it sees")
    return view


def from_the_side(joints: Sequence[float], width: int, height: int) -> Picture:
    """Return the stand as somebody beside the desk sees it who turns with it: forward is right."""
    view = np.full((height, width, 3), GROUND, np.uint8)
    per_m, floor = height / SIDE_M, height - 30
    here = np.array([width * 0.42, floor])

    def pixel(x: float, z: float) -> tuple[int, int]:
        return round(float(here[0] + per_m * x)), round(float(here[1] - per_m * z))

    cv2.rectangle(view, (0, floor), (width, height), DESK, -1)
    cv2.rectangle(view, pixel(-BODY.base_half, 0.04), pixel(BODY.base_half, 0.0), METAL, -1)
    cv2.rectangle(view, pixel(-0.035, BODY.turntable_z + BODY.boom_z), pixel(0.035, 0.04), METAL, -1)
    _, boom, pitch, roll = joints
    foot = (0.0, BODY.turntable_z + BODY.boom_z)
    top = (foot[0] + BODY.boom_length * math.sin(boom), foot[1] + BODY.boom_length * math.cos(boom))
    cv2.line(view, pixel(*foot), pixel(*top), METAL, 9, cv2.LINE_AA)
    down = boom + pitch
    up, ahead = (math.sin(down), math.cos(down)), (math.cos(down), -math.sin(down))
    half, thick = BODY.payload.height / 2.0 * math.cos(roll), 0.012
    corners = [
        pixel(top[0] + a * half * up[0] + b * thick * ahead[0], top[1] + a * half * up[1] + b * thick * ahead[1])
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    cv2.fillPoly(view, [np.array(corners, np.int32)], SCREEN, cv2.LINE_AA)
    eye = (top[0] + BODY.camera.z * up[0], top[1] + BODY.camera.z * up[1])
    cv2.line(view, pixel(*eye), pixel(eye[0] + 0.3 * ahead[0], eye[1] + 0.3 * ahead[1]), BLUE, 2, cv2.LINE_AA)
    cv2.circle(view, pixel(*top), 5, INK, -1, cv2.LINE_AA)
    return view


def above(truth: TabletopTruth, width: int, height: int) -> Picture:
    """Return the people from above, ahead is up, with the camera's field of view; the caller is green."""
    view = np.full((height, width, 3), GROUND, np.uint8)
    per_m = height / ABOVE_M

    def pixel(x: float, y: float) -> tuple[int, int]:
        return round(width / 2.0 - per_m * y), round(height - 24 - per_m * x)

    yaw, half = truth.joints[0], BODY.camera.half_fov
    edges = [pixel(2.5 * math.cos(yaw + a), 2.5 * math.sin(yaw + a)) for a in (half, -half)]
    cv2.fillPoly(view, [np.array([pixel(0.0, 0.0), *edges], np.int32)], (26, 32, 40), cv2.LINE_AA)
    cv2.line(view, pixel(0.0, 0.0), pixel(2.5 * math.cos(yaw), 2.5 * math.sin(yaw)), (52, 66, 86), 1, cv2.LINE_AA)
    cv2.circle(view, pixel(0.0, 0.0), round(0.1 * per_m), METAL, -1, cv2.LINE_AA)
    for i, person in enumerate(truth.people):
        at = pixel(person.x, person.y)
        color = GREEN if i == 0 else INK if person.in_view else FAINT
        cv2.circle(view, at, round(0.09 * per_m), color, -1 if person.in_view else 2, cv2.LINE_AA)
        way = math.pi + person.yaw
        nose = pixel(person.x + 0.15 * math.cos(way), person.y + 0.15 * math.sin(way))
        cv2.line(view, at, nose, color, 2, cv2.LINE_AA)
        write(view, person.name, at[0] + round(0.12 * per_m), at[1] - 8, 14, color)
    caption(view, "from above")
    return view
