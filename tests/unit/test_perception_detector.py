"""The detector on rendered frames (tools/make_perception_frames.py): who is where, and what when a sense fails."""

from __future__ import annotations

import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from robot.bodies.rover.body import RoverBody
from robot.geometry import wrap_angle
from robot.messages import DepthImage, Image
from robot.perception.appearance import similarity
from robot.perception.detector import DetectorConfig, FrameDetector

DATA = Path(__file__).parent / "data" / "perception"
TRUTH = json.loads((DATA / "frames.json").read_text())
MOUNT = RoverBody().camera


def focal(width: int) -> dict[str, float]:
    f = width / 2.0 / math.tan(MOUNT.half_fov)
    return {"fx": f, "fy": f, "cx": width / 2.0, "cy": width * 3 / 8 - 1.0}


def frame(name: str) -> tuple[DepthImage, Image]:
    depth = cv2.imread(str(DATA / f"{name}_depth.png"), cv2.IMREAD_UNCHANGED)
    rgb = cv2.cvtColor(cv2.imread(str(DATA / f"{name}_colour.png")), cv2.COLOR_BGR2RGB)
    image = Image(stamp_ns=0, data=rgb, **focal(rgb.shape[1]))
    return DepthImage(stamp_ns=0, data=depth, **focal(depth.shape[1])), image


@pytest.fixture(scope="module")
def detector():
    made = FrameDetector(DetectorConfig(), MOUNT)
    yield made
    made.close()


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_everybody_is_found_where_they_are_and_nobody_else(detector, name):
    found = detector.find(*frame(name))
    assert len(found) == len(TRUTH[name])
    for person in TRUTH[name]:
        assert min(math.hypot(s.x - person["x"], s.y - person["y"]) for s in found) < 0.25


@pytest.mark.parametrize("name", ["side", "front"])
def test_which_way_they_face(detector, name):
    told = [s.facing for _ in range(4) for s in detector.find(*frame(name)) if s.facing is not None]
    assert told
    assert all(abs(wrap_angle(f - TRUTH[name][0]["facing"])) < 0.8 for f in told)


def test_depth_alone_goes_on_in_the_dark(detector):
    depth, image = frame("behind")
    dark = Image(stamp_ns=0, data=np.zeros_like(image.data), **focal(image.data.shape[1]))
    for picture in (dark, None):
        (person,) = detector.find(depth, picture)
        assert math.hypot(person.x - TRUTH["behind"][0]["x"], person.y - TRUTH["behind"][0]["y"]) < 0.25
        assert not person.appearance.any()


def test_blind_depth_says_so(detector):
    depth, image = frame("behind")
    blind = DepthImage(stamp_ns=0, data=np.zeros_like(depth.data), **focal(depth.data.shape[1]))
    assert detector.find(blind, image) is None


def test_one_person_looks_alike_in_two_frames_and_unlike_another(detector):
    (behind,), (front,) = detector.find(*frame("behind")), detector.find(*frame("front"))
    same = TRUTH["behind"][0]["look"] == TRUTH["front"][0]["look"]
    assert (similarity(behind.appearance, front.appearance) > 0.7) == same


def test_the_same_frames_give_the_same_sightings():
    def once():
        detector = FrameDetector(DetectorConfig(), MOUNT)
        found = [s for _ in range(3) for s in detector.find(*frame("two"))]
        detector.close()
        return [(s.x, s.y, s.score, s.facing, s.appearance.tobytes()) for s in found]

    assert once() == once()
