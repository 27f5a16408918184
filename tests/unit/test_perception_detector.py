"""The detector on rendered frames (written by tools/make_perception_frames.py), on bad frames, and twice."""

import json
import math
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.geometry import wrap_angle
from robot.messages import DepthImage, Image
from robot.node import Envelope, Inbox, Stamped
from robot.perception.appearance import similarity
from robot.perception.detect import PersonDetector, PersonDetectorConfig
from robot.perception.detector import DetectorConfig, FrameDetector
from robot.perception.shape_model import FEATURES, WEIGHTS, ShapeModel
from robot.perception.silhouettes import SilhouetteConfig, cloud_of, find_silhouettes
from robot.rng import spawn

DATA = Path(__file__).parent / "data" / "perception"
TRUTH = json.loads((DATA / "frames.json").read_text())
SOMEBODY = sorted(name for name, people in TRUTH.items() if people)
MOUNT = RoverBody().camera
FOCAL = MOUNT.width / 2.0 / math.tan(MOUNT.half_fov)


def image_of(name, stamp=0):
    data = cv2.cvtColor(cv2.imread(str(DATA / f"{name}_colour.png")), cv2.COLOR_BGR2RGB)
    return Image(stamp_ns=stamp, data=data, fx=FOCAL, fy=FOCAL, cx=160.0, cy=119.0)


def depth_of(name, stamp=0):
    data = cv2.imread(str(DATA / f"{name}_depth.png"), cv2.IMREAD_UNCHANGED)
    return DepthImage(stamp_ns=stamp, data=data, fx=FOCAL / 2, fy=FOCAL / 2, cx=80.0, cy=59.5)


@pytest.fixture
def detector():
    detector = FrameDetector(DetectorConfig(), MOUNT)
    yield detector
    detector.close()


def matched(found, people):
    """Pair each true person with the nearest sighting."""
    return [min(found, key=lambda s: math.hypot(s.x - p["x"], s.y - p["y"])) for p in people]


@pytest.mark.parametrize("with_colour", [True, False])
@pytest.mark.parametrize("name", SOMEBODY)
def test_everybody_is_found_where_they_are(detector, name, with_colour):
    found = detector.find(depth_of(name), image_of(name) if with_colour else None)
    assert len(found) == len(TRUTH[name])
    for sighting, person in zip(matched(found, TRUTH[name]), TRUTH[name], strict=True):
        assert math.hypot(sighting.x - person["x"], sighting.y - person["y"]) < 0.2
        assert 0.4 <= sighting.score <= 1.0
        assert sighting.appearance.any() == with_colour


def test_nobody_is_found_where_nobody_is(detector):
    for _ in range(8):  # every turn of the networks
        assert detector.find(depth_of("nobody"), image_of("nobody")) == []


def test_black_colour_frame_leaves_depth(detector):
    black = Image(stamp_ns=0, data=np.zeros((240, 320, 3), np.uint8), fx=FOCAL, fy=FOCAL, cx=160.0, cy=119.0)
    found = detector.find(depth_of("behind"), black)
    assert len(found) == 1
    assert not found[0].appearance.any()


def test_depth_without_returns_is_blind_not_empty(detector):
    blind = DepthImage(stamp_ns=0, data=np.zeros((120, 160), np.uint16), fx=FOCAL, fy=FOCAL, cx=80.0, cy=59.5)
    assert detector.find(blind, image_of("behind")) is None


def test_same_clothes_from_behind_from_the_side_and_from_the_front(detector):
    look = {name: detector.find(depth_of(name), image_of(name)) for name in SOMEBODY}
    one = {name: matched(found, TRUTH[name][:1])[0].appearance for name, found in look.items()}
    anna = [one[name] for name in SOMEBODY if TRUTH[name][0]["look"] == "anna"]
    fumiko = [s.appearance for n in SOMEBODY for s, p in zip(matched(look[n], TRUTH[n]), TRUTH[n], strict=True)
              if p["look"] == "fumiko"]  # fmt: skip
    assert min(similarity(a, b) for a in anna for b in anna) > 0.7
    assert max(similarity(a, b) for a in anna for b in fumiko) < 0.6
    assert len(anna) >= 3
    assert len(fumiko) >= 2


def test_facing_is_right_where_it_is_told(detector):
    told = set()
    for name in SOMEBODY:
        for _ in range(8):  # the posture network takes turns
            found = detector.find(depth_of(name), image_of(name))
            for sighting, person in zip(matched(found, TRUTH[name]), TRUTH[name], strict=True):
                if sighting.facing is not None:
                    told.add(name)
                    assert abs(wrap_angle(sighting.facing - person["facing"])) < 0.6
    assert {"front", "side"} <= told


def test_candidates_of_the_empty_room_are_few():
    cloud = cloud_of(depth_of("nobody"), MOUNT)
    assert len(find_silhouettes(cloud, SilhouetteConfig())) <= 4


def test_weights_that_do_not_fit_are_refused(tmp_path):
    with np.load(WEIGHTS) as stored:
        parts = dict(stored)
    parts["w1"] = parts["w1"][:-1]
    np.savez(tmp_path / "short.npz", **parts)
    with pytest.raises(ValueError, match=rf"short.npz: made for {FEATURES - 1} features, not {FEATURES}"):
        ShapeModel(tmp_path / "short.npz")


def step(node, now, depth, image, image_valid=True):
    latest, new = {}, {}
    for topic, message, valid in ((topics.CAMERA, image, image_valid), (topics.DEPTH, depth, True)):
        if message is not None:
            latest[topic.name] = Stamped(Envelope(topic.name, 0, now, "test", valid), message)
            new[topic.name] = [latest[topic.name]]
    return node.step(now, Inbox(now, latest, new)).items


@pytest.fixture
def node():
    node = PersonDetector(PersonDetectorConfig(), spawn(0, "detector"))
    yield node
    node.close()


def test_node_says_what_it_searched(node):
    ((topic, sightings, valid),) = step(node, 5, depth_of("two", 3), image_of("two", 3))
    assert topic is topics.SIGHTINGS
    assert valid
    assert sightings.stamp_ns == 3
    assert len(sightings.people) == 2
    assert sightings.range_m == 5.0
    assert sightings.half_fov == MOUNT.half_fov


def test_node_without_depth_is_silent(node):
    assert step(node, 5, None, image_of("two", 3)) == []


def test_colours_of_another_moment_are_not_mixed_in(node):
    stale = image_of("nobody", 0)
    ((_, sightings, _),) = step(node, 500_000_000, depth_of("behind", 400_000_000), stale)
    assert len(sightings.people) == 1
    assert not sightings.people[0].appearance.any()
    bad = image_of("behind", 400_000_000)
    ((_, again, _),) = step(node, 500_000_000, depth_of("behind", 400_000_000), bad, image_valid=False)
    assert not again.people[0].appearance.any()


PRINT = """
import hashlib, msgspec
from tests.unit.test_perception_detector import *
detector = FrameDetector(DetectorConfig(), MOUNT)
digest = hashlib.sha256()
for _ in range(2):
    for name in sorted(TRUTH):
        for s in detector.find(depth_of(name), image_of(name)):
            digest.update(repr((s.x, s.y, s.score, s.facing, s.height_m)).encode() + s.appearance.tobytes())
detector.close()
print(digest.hexdigest())
"""


def test_two_processes_give_the_same_bits():
    runs = [subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout != ""
