"""How often MediaPipe finds the simulated people: faces near a tabletop camera, bodies around a rover's camera.

Prints one row per appearance with the share of pictures in which the person was found by face detection, by face mesh
on the whole picture, by face mesh on a crop around the detected face, and by body pose (a pose counts only if its hips
are where the person's hips are). `--quick` looks at a quarter of the pictures, `--misses DIR` keeps those without a
detection.

    python -m tools.check_people [--quick] [--misses DIR] [--only NAME]
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import mediapipe
import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.people.appearance import APPEARANCES, Appearance
from sim.people.person import PersonBody
from sim.people.state import PersonState

Image = NDArray[np.uint8]

FACE_SIZE, FACE_HFOV = (480, 360), 60.0
FACE_DISTANCES = (0.5, 0.75, 1.0, 1.25, 1.5)
FACE_YAWS = (-35.0, -18.0, 0.0, 18.0, 35.0)
FACE_PITCHES = (-25.0, 0.0, 25.0)
BODY_SIZE, BODY_HFOV = (320, 240), 70.0
BODY_CAMERA_HEIGHT = 0.9
BODY_DISTANCES = (1.2, 1.6, 2.0, 2.5, 3.0, 3.5, 4.0)
BODY_BEARINGS = tuple(range(0, 360, 45))  # 0 is seen from the front, 90 from the person's left
BODY_GAITS = ((0.0, 0.0), (0.05, 0.8), (0.8, 0.8))  # phase, speed
HIP_TOLERANCE = 0.12  # of the person's height in the picture


@dataclass
class Room:
    """A camera in a plain room."""

    client: int

    def __post_init__(self) -> None:
        """A wooden floor and a light wall behind the person."""
        for half, center, color in (
            ([4.0, 4.0, 0.01], [-1.0, 0.0, -0.01], [0.72, 0.56, 0.40, 1]),
            ([0.05, 4.0, 1.25], [-2.5, 0.0, 1.25], [0.88, 0.86, 0.80, 1]),
        ):
            visual = pybullet.createVisualShape(
                pybullet.GEOM_BOX,
                halfExtents=half,
                rgbaColor=color,
                specularColor=[0, 0, 0],
                physicsClientId=self.client,
            )
            pybullet.createMultiBody(0, -1, visual, center, physicsClientId=self.client)

    def picture(
        self, eye: tuple[float, float, float], target: tuple[float, float, float], size: tuple[int, int], hfov: float
    ) -> Image:
        """Return an (H, W, 3) RGB picture."""
        aspect = size[0] / size[1]
        vfov = 2.0 * math.degrees(math.atan(math.tan(math.radians(hfov) / 2.0) / aspect))
        view = pybullet.computeViewMatrix(eye, target, [0, 0, 1])
        lens = pybullet.computeProjectionMatrixFOV(vfov, aspect, 0.05, 12.0)
        rgba = pybullet.getCameraImage(
            *size, view, lens, lightDirection=[2.0, 1.0, 3.0], shadow=0, physicsClientId=self.client,
            renderer=pybullet.ER_TINY_RENDERER, flags=pybullet.ER_NO_SEGMENTATION_MASK,
        )[2]  # fmt: skip
        return np.ascontiguousarray(np.asarray(rgba, np.uint8).reshape(size[1], size[0], 4)[:, :, :3])


def check_face(look: Appearance, step: int, misses: Path | None) -> Counter[str]:
    """Return counts of pictures, detections and meshes for one face."""
    client = pybullet.connect(pybullet.DIRECT)
    room, person = Room(client), PersonBody(client, look, look.name)
    counts: Counter[str] = Counter()
    solutions = mediapipe.solutions
    with (
        solutions.face_detection.FaceDetection(model_selection=1) as detector,
        solutions.face_mesh.FaceMesh(static_image_mode=True) as mesher,
    ):
        views = list(itertools.product(FACE_DISTANCES, FACE_YAWS, FACE_PITCHES))[::step]
        for distance, yaw, pitch in views:
            person.place(PersonState(0.0, 0.0, head_yaw=math.radians(yaw), head_pitch=math.radians(pitch)))
            x, _, z = person.face_center_world()
            image = room.picture((x + distance, 0.0, z - 0.03), (0.0, 0.0, z - 0.03), FACE_SIZE, FACE_HFOV)
            faces = detector.process(image).detections
            whole = mesher.process(image).multi_face_landmarks
            near = mesher.process(_crop(image, faces)).multi_face_landmarks if faces else None
            found = bool(faces), bool(whole), bool(near)
            counts.update(face_pictures=1, detected=found[0], meshed=found[1], meshed_in_crop=found[2])
            if misses is not None and not (found[0] and found[2]):
                _keep(image, misses / f"face_{look.name}_{distance}_{yaw:.0f}_{pitch:.0f}.png")
    pybullet.disconnect(client)
    return counts


def _crop(image: Image, faces: Any) -> Image:
    """The square around a detected face, one and a half times its size, at 256 pixels."""
    box = faces[0].location_data.relative_bounding_box
    height, width = image.shape[:2]
    half = 0.75 * max(box.width * width, box.height * height)
    x, y = (box.xmin + 0.5 * box.width) * width, (box.ymin + 0.5 * box.height) * height
    left, top = max(0, round(x - half)), max(0, round(y - half))
    crop = image[top : round(y + half), left : round(x + half)]
    return np.ascontiguousarray(cv2.resize(crop, (256, 256), interpolation=cv2.INTER_LINEAR))


def check_body(look: Appearance, step: int, misses: Path | None) -> Counter[str]:
    """Return counts of pictures and poses from front, side and back for one body."""
    client = pybullet.connect(pybullet.DIRECT)
    room, person = Room(client), PersonBody(client, look, look.name)
    counts: Counter[str] = Counter()
    with mediapipe.solutions.pose.Pose(static_image_mode=True, model_complexity=1) as detector:
        views = list(itertools.product(BODY_DISTANCES, BODY_BEARINGS, BODY_GAITS))[::step]
        for distance, bearing, (phase, speed) in views:
            person.place(PersonState(0.0, 0.0, yaw=math.radians(-bearing), gait_phase=phase, speed=speed))
            eye = (distance, 0.0, BODY_CAMERA_HEIGHT)
            image = room.picture(eye, (0.0, 0.0, BODY_CAMERA_HEIGHT), BODY_SIZE, BODY_HFOV)
            found = _hips_found(detector.process(image).pose_landmarks, person, distance)
            side = "front" if bearing in (0, 45, 315) else "side" if bearing in (90, 270) else "back"
            counts.update({f"{side}_pictures": 1, side: found, f"{distance}_pictures": 1, f"{distance}": found})
            if misses is not None and not found:
                _keep(image, misses / f"body_{look.name}_{distance}_{bearing}_{phase}.png")
    pybullet.disconnect(client)
    return counts


def _hips_found(landmarks: Any, person: PersonBody, distance: float) -> bool:
    if landmarks is None:
        return False
    points = landmarks.landmark
    focal = 0.5 * BODY_SIZE[0] / math.tan(math.radians(BODY_HFOV) / 2.0)
    u = 0.5 * (points[23].x + points[24].x) * BODY_SIZE[0]
    v = 0.5 * (points[23].y + points[24].y) * BODY_SIZE[1]
    true_v = 0.5 * BODY_SIZE[1] + focal * (BODY_CAMERA_HEIGHT - person.hip_pose_world()[0][2]) / distance
    tall = focal * person.bones.height / distance
    return math.hypot(u - 0.5 * BODY_SIZE[0], v - true_v) < HIP_TOLERANCE * tall


def _keep(image: Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))


def _share(counts: Counter[str], hit: str, of: str) -> str:
    return f"{100.0 * counts[hit] / max(1, counts[of]):6.1f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--only", choices=[look.name for look in APPEARANCES])
    arguments = parser.parse_args()
    steps = (4, 5) if arguments.quick else (1, 1)
    near = [str(d) for d in BODY_DISTANCES]
    print("percent    face  mesh  crop | body: front   side   back | at " + "".join(f"{d:>6} " for d in near) + "m")
    total: Counter[str] = Counter()
    for look in APPEARANCES:
        if arguments.only in (None, look.name):
            counts = check_face(look, steps[0], arguments.misses) + check_body(look, steps[1], arguments.misses)
            total.update(counts)
            _print_row(look.name, counts, near)
    _print_row("all", total, near)


def _print_row(name: str, counts: Counter[str], near: list[str]) -> None:
    face = _share(counts, "detected", "face_pictures") + _share(counts, "meshed", "face_pictures")
    face += _share(counts, "meshed_in_crop", "face_pictures")
    sides = " ".join(_share(counts, side, f"{side}_pictures") for side in ("front", "side", "back"))
    print(f"{name:8} {face} |      {sides} |    " + " ".join(_share(counts, d, f"{d}_pictures") for d in near))


if __name__ == "__main__":
    main()
