"""Pictures for Foxglove and Rerun: the camera as JPEG, depth as 16-bit millimetres, boxes around people and faces."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
from foxglove.messages import (
    CameraCalibration,
    Color,
    CompressedImage,
    ImageAnnotations,
    Point2,
    PointsAnnotation,
    PointsAnnotationType,
    RawImage,
    TextAnnotation,
)

from robot.messages import DepthImage, Faces, Image, Sightings
from robot.recording.foxglove_values import OTHER, PERSON, timestamp

CAMERA_FRAME = "camera_optical"
JPEG_QUALITY = 80


def camera(image: Image, t_ns: int) -> CompressedImage:
    """Return the colour frame as JPEG."""
    bgr = cv2.cvtColor(image.data, cv2.COLOR_RGB2BGR)  # forty times as fast as numpy turns it
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return CompressedImage(timestamp=timestamp(t_ns), frame_id=CAMERA_FRAME, data=jpeg.tobytes(), format="jpeg")


def calibration(image: Image, t_ns: int) -> CameraCalibration:
    """Return the pinhole intrinsics."""
    height, width = image.data.shape[:2]
    k = [image.fx, 0.0, image.cx, 0.0, image.fy, image.cy, 0.0, 0.0, 1.0]
    p = [image.fx, 0.0, image.cx, 0.0, 0.0, image.fy, image.cy, 0.0, 0.0, 0.0, 1.0, 0.0]
    return CameraCalibration(
        timestamp=timestamp(t_ns),
        frame_id=CAMERA_FRAME,
        width=width,
        height=height,
        distortion_model="plumb_bob",
        D=[0.0] * 5,
        K=k,
        R=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        P=p,
    )


def depth(image: DepthImage, t_ns: int) -> RawImage:
    """Return depth in millimetres."""
    height, width = image.data.shape
    return RawImage(
        timestamp=timestamp(t_ns),
        frame_id=CAMERA_FRAME,
        width=width,
        height=height,
        encoding="16UC1",
        step=2 * width,
        data=image.data.astype("<u2", copy=False).tobytes(),
    )


def sightings(found: Sightings, t_ns: int) -> ImageAnnotations:
    """Return a box and a score for each person found, in pixels of the colour image."""
    return _boxes([(person.bbox, f"{person.score:.2f}", PERSON) for person in found.people], t_ns)


def faces(found: Faces, t_ns: int) -> ImageAnnotations:
    """Return a box and a number for each face, the locked one marked, in pixels of the colour image."""
    rows = []
    for face in found.faces:
        locked = face.id == found.locked_id
        words = [str(face.id), found.lock if locked else "", found.gesture if locked else ""]
        rows.append((face.bbox, " ".join(filter(None, words)), PERSON if locked else OTHER))
    return _boxes(rows, t_ns)


def _boxes(rows: Sequence[tuple[tuple[float, float, float, float], str, Color]], t_ns: int) -> ImageAnnotations:
    """Return a box with words above it for each (x, y, width, height), words, colour."""
    when = timestamp(t_ns)
    boxes, labels = [], []
    for (x, y, width, height), words, color in rows:
        corners = [Point2(x=x + dx, y=y + dy) for dx, dy in ((0, 0), (width, 0), (width, height), (0, height))]
        loop = PointsAnnotationType.LineLoop
        boxes.append(PointsAnnotation(timestamp=when, type=loop, points=corners, outline_color=color, thickness=2.0))
        above = Point2(x=x, y=max(y - 4.0, 0.0))
        labels.append(TextAnnotation(timestamp=when, position=above, text=words, font_size=10.0, text_color=color))
    return ImageAnnotations(timestamp=when, points=boxes, texts=labels)
