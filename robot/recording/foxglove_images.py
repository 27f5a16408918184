"""Pictures for Foxglove and Rerun: the camera as JPEG, depth as 16-bit millimetres, boxes around the people found."""

from __future__ import annotations

import cv2
import numpy as np
from foxglove.messages import (
    CameraCalibration,
    CompressedImage,
    ImageAnnotations,
    Point2,
    PointsAnnotation,
    PointsAnnotationType,
    RawImage,
    TextAnnotation,
)

from robot.messages import DepthImage, Image, Sightings
from robot.recording.foxglove_values import PERSON, timestamp

CAMERA_FRAME = "camera_optical"
JPEG_QUALITY = 80


def camera(image: Image, t_ns: int) -> CompressedImage:
    """Return the colour frame as JPEG."""
    bgr = np.ascontiguousarray(image.data[:, :, ::-1])
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
    boxes, labels = [], []
    for person in found.people:
        x, y, width, height = person.bbox
        corners = [Point2(x=x + dx, y=y + dy) for dx, dy in ((0, 0), (width, 0), (width, height), (0, height))]
        boxes.append(
            PointsAnnotation(
                timestamp=timestamp(t_ns),
                type=PointsAnnotationType.LineLoop,
                points=corners,
                outline_color=PERSON,
                thickness=2.0,
            )
        )
        labels.append(
            TextAnnotation(
                timestamp=timestamp(t_ns),
                position=Point2(x=x, y=max(y - 4.0, 0.0)),
                text=f"{person.score:.2f}",
                font_size=10.0,
                text_color=PERSON,
            )
        )
    return ImageAnnotations(timestamp=timestamp(t_ns), points=boxes, texts=labels)
