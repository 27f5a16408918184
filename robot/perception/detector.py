"""All people in one colour and depth frame. Knows no messages beyond the frames themselves and the Sighting.

Depth cuts candidates out and places them; the shape network says which are people; the body network confirms them (and
finds some that depth cannot cut out); colours say what they look like. With colour missing, depth alone goes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount
from robot.bounds import AtLeastZero, Count, Positive, PositiveShare, Share, Whole
from robot.geometry import wrap_angle
from robot.messages import DepthImage, Image, Sighting
from robot.perception.appearance import SIZE, describe
from robot.perception.shape_model import ShapeModel, features_of
from robot.perception.silhouettes import Cloud, SilhouetteConfig, cloud_of, find_silhouettes

if TYPE_CHECKING:
    from robot.perception.bodies import Body

BLACK = 12  # a picture without a channel value above this shows nothing


@dataclass(frozen=True)
class DetectorConfig:
    """Tuning. Scores 0 to 1."""

    silhouettes: SilhouetteConfig = field(default_factory=SilhouetteConfig)
    shape_score: Share = 0.40  # candidates less likely than this are dropped unless the body network confirms
    body_score: PositiveShare = 0.40
    body_every: Count = 2  # frames; the body network costs as much as all the rest
    posture_every: Count = 4  # frames, between those with the body network
    posture_presence: Share = 0.6
    std_m: AtLeastZero = 0.06
    std_cut_m: AtLeastZero = 0.12  # cut by the frame's side: the middle is not where it seems
    one_width_m: AtLeastZero = 0.70  # wider than this it may be two people side by side, and the middle is between them
    std_wide: AtLeastZero = 1.0  # m per m of excess width
    apart_m: AtLeastZero = 0.40  # nearer together than this, two candidates are parts of one person
    window_px: Whole = 3  # half the window of depth that places a body without silhouette
    range_m: Positive = 5.0  # standing people up to here are found
    min_returns: Share = 0.02  # share of depth pixels; with fewer the camera is blind


@dataclass
class _Person:
    """A person on the way to a Sighting."""

    mask: NDArray[np.bool_]
    x: float
    y: float
    std_m: float
    height_m: float
    bbox: tuple[int, int, int, int]
    score: float
    facing: float | None = None


class FrameDetector:
    """Finds people frame by frame. It counts frames to share the cost of the networks; nothing else is kept."""

    def __init__(self, config: DetectorConfig, mount: CameraMount) -> None:
        self._config = config
        self._mount = mount
        self._shapes = ShapeModel()
        # mediapipe and what it brings are 80 MiB, which who only reads the ports of a node does not need
        from robot.perception.bodies import BodyDetector, PostureReader

        self._bodies = BodyDetector(config.body_score)
        self._postures = PostureReader()
        self._frame = -1
        self._turn = 0

    def close(self) -> None:
        """Free the networks."""
        self._bodies.close()
        self._postures.close()

    def find(self, depth: DepthImage, image: Image | None) -> list[Sighting] | None:
        """Return everyone in the frame, nearest first; None when the depth camera is blind.

        Args:
            image: the colour frame of the same moment, or None when there is none that fits.
        """
        self._frame += 1
        cloud = cloud_of(depth, self._mount)
        if float(cloud.valid.mean()) < self._config.min_returns:
            return None
        if image is not None and int(image.data.max(initial=0)) <= BLACK:
            image = None
        people = self._from_silhouettes(cloud, depth)
        if image is not None:
            self._confirm(people, cloud, image)
            self._read_posture(people, image)
        kept = _separate([p for p in people if p.score >= self._config.shape_score], self._config.apart_m)
        colours = None if image is None else _shrink(image.data, cloud.depth.shape)
        scale = 1.0 if image is None else image.data.shape[1] / depth.data.shape[1]
        kept.sort(key=lambda p: (math.hypot(p.x, p.y), p.bbox))
        return [_sighting(p, cloud, colours, scale) for p in kept]

    def _from_silhouettes(self, cloud: Cloud, depth: DepthImage) -> list[_Person]:
        """Return the candidates that depth gives, with the shape network's score."""
        people = []
        for s in find_silhouettes(cloud, self._config.silhouettes):
            score = self._shapes.probability(features_of(s, cloud, depth, self._mount))
            std = self._config.std_cut_m if s.touches_side else self._config.std_m
            std += self._config.std_wide * max(0.0, s.width_m - self._config.one_width_m)
            height = 0.0 if s.touches_top else s.top_m
            people.append(_Person(s.mask, s.x, s.y, std, height, s.bbox, score))
        return people

    def _confirm(self, people: list[_Person], cloud: Cloud, image: Image) -> None:
        """Raise the score of candidates that the body network sees too, and add those only it sees."""
        if self._frame % self._config.body_every:
            return
        scale = cloud.depth.shape[1] / image.data.shape[1]
        for body in self._bodies.find(image.data):
            owner = next((p for p in people if _on(p, body, scale)), None)
            if owner is not None:
                owner.score = max(owner.score, 0.5 + 0.5 * body.score)
            else:
                person = self._without_silhouette(body, cloud, scale)
                if person is not None:
                    people.append(person)

    def _without_silhouette(self, body: Body, cloud: Cloud, scale: float) -> _Person | None:
        """Place a body that depth could not cut out by the depth of its trunk; None without depth there."""
        half, config = self._config.window_px, self._config
        u = int((body.hips[0] + body.shoulders[0]) / 2.0 * scale)
        v = int((body.hips[1] + body.shoulders[1]) / 2.0 * scale)
        mask = np.zeros(cloud.valid.shape, dtype=bool)
        mask[max(0, v - half) : v + half + 1, max(0, u - half) : u + half + 1] = True
        mask &= cloud.valid
        if np.count_nonzero(mask) < (2 * half + 1) ** 2 // 3:
            return None
        near = float(np.median(cloud.depth[mask]))
        length = abs(body.hips[1] - body.shoulders[1]) * scale
        mask = _around(cloud, u, v, max(length, 2.0 * half), near)
        if not mask.any():  # the median lies between two surfaces: nothing stands there
            return None
        x, y = float(np.median(cloud.x[mask])), float(np.median(cloud.y[mask]))
        away = config.silhouettes.body_radius / max(math.hypot(x, y), 1e-6)
        bbox = cv2.boundingRect(mask.astype(np.uint8))
        return _Person(mask, x * (1 + away), y * (1 + away), config.std_cut_m, 0.0, bbox, 0.4 + 0.5 * body.score)

    def _read_posture(self, people: list[_Person], image: Image) -> None:
        """Let the posture network look at one person, a different one each time."""
        if self._frame % self._config.posture_every != 1 or not people:
            return
        sure = [p for p in people if p.score >= self._config.shape_score]
        if not sure:
            return
        self._turn += 1
        person = sure[self._turn % len(sure)]
        centre, size = self._region(person, image)
        posture = self._postures.read(image.data, centre, size)
        if posture.presence >= self._config.posture_presence:
            if person.height_m > 0.0:  # without the head in the picture, front and back look the same
                person.facing = wrap_angle(posture.facing + math.atan2(person.y, person.x))
            person.score = max(person.score, 0.5 + 0.4 * posture.presence)

    def _region(self, person: _Person, image: Image) -> tuple[tuple[float, float], float]:
        """Return hips (px) and size (px) of the square about a whole body, also where the frame cuts it."""
        height = person.height_m or 1.7
        hips = 0.53 * height
        c, s = math.cos(self._mount.pitch), math.sin(self._mount.pitch)
        x, z = person.x - self._mount.x, hips - self._mount.z
        ahead, down = max(x * c - z * s, 0.2), -x * s - z * c
        u = image.cx - (person.y - self._mount.y) / ahead * image.fx
        v = image.cy + down / ahead * image.fy
        return (u, v), 1.25 * height * image.fx / ahead


def _separate(people: list[_Person], apart_m: float) -> list[_Person]:
    """Return the people without the arms and legs that were cut off from them: of two too near, the larger stays."""
    kept: list[_Person] = []
    for person in sorted(people, key=lambda p: (-int(np.count_nonzero(p.mask)), p.bbox)):
        near = next((k for k in kept if math.hypot(k.x - person.x, k.y - person.y) < apart_m), None)
        if near is None:
            kept.append(person)
        else:
            near.score = max(near.score, person.score)
    return kept


def _on(person: _Person, body: Body, scale: float) -> bool:
    """Whether the line from a body's hips to its shoulders lies on the person's pixels."""
    rows, columns = person.mask.shape
    for share in (0.0, 0.33, 0.67, 1.0):
        u = int((body.hips[0] + share * (body.shoulders[0] - body.hips[0])) * scale)
        v = int((body.hips[1] + share * (body.shoulders[1] - body.hips[1])) * scale)
        if 0 <= u < columns and 0 <= v < rows and person.mask[v, u]:
            return True
    return False


def _around(cloud: Cloud, u: int, v: int, half: float, near: float) -> NDArray[np.bool_]:
    """Return the pixels within `half` px of (u, v) that are about as far away."""
    rows, columns = np.ogrid[: cloud.depth.shape[0], : cloud.depth.shape[1]]
    box = (np.abs(rows - v) <= half) & (np.abs(columns - u) <= 0.5 * half)
    mask: NDArray[np.bool_] = box & cloud.valid & (np.abs(cloud.depth - near) < 0.2)
    return mask


def _shrink(rgb: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the picture at the depth image's size."""
    small: NDArray[np.uint8] = cv2.resize(rgb, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return small


def _sighting(person: _Person, cloud: Cloud, colours: NDArray[np.uint8] | None, scale: float) -> Sighting:
    look = np.zeros(SIZE, dtype=np.float32)
    if colours is not None:
        inner = cv2.erode(person.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        mask = inner if np.count_nonzero(inner) > 0.3 * np.count_nonzero(person.mask) else person.mask
        look = describe(colours[mask], cloud.z[mask])
    x, y, width, height = (float(v) * scale for v in person.bbox)
    return Sighting(
        x=person.x, y=person.y, std_m=person.std_m, height_m=person.height_m, facing=person.facing,
        bbox=(x, y, width, height), appearance=look, score=min(1.0, person.score),
    )  # fmt: skip
