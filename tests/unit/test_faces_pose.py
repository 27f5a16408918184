"""Head pose: rendered heads at known angles, the signs of the contract, and a filter that does not lag."""

import itertools
import math

import numpy as np
import pytest
from face_theatre import CAMERA, FaceTheatre

from robot.perception.faces.finder import FaceFinder, FinderConfig
from robot.perception.faces.head_pose import MODEL, HeadPose, HeadPoseSolver, angles, turned
from robot.perception.faces.smoothing import OneEuro, SmoothingConfig
from sim.people.head_mesh import canonical_face


@pytest.fixture(scope="module")
def finder():
    finder = FaceFinder(FinderConfig())
    yield finder
    finder.close()


@pytest.fixture
def theatre():
    theatre = FaceTheatre()
    yield theatre
    theatre.close()


def only(finder, theatre):
    sights = finder.find(theatre.frame(), CAMERA, ())
    assert len(sights) == 1
    return sights[0]


def test_the_face_model_is_the_canonical_one():
    with np.load(MODEL) as stored:
        assert np.allclose(stored["points"], canonical_face()[0], atol=1e-4)


def test_angles_undo_turned():
    for yaw, pitch, roll in itertools.product((-0.6, 0.0, 0.5), (-0.4, 0.3), (-0.3, 0.2)):
        assert angles(turned(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll))


def test_a_projected_head_is_solved_exactly_but_for_the_network_s_shrink():
    with np.load(MODEL) as stored:
        model = stored["points"].astype(float) * 0.01
    pose = HeadPose(0.3, 0.0, -0.2, (0.05, -0.04, 0.9))
    points = model[:, [2, 0, 1]] @ pose.rotation.T + pose.position
    pixels = np.column_stack(
        [CAMERA.fx * points[:, 0] / points[:, 2] + CAMERA.cx, CAMERA.fy * points[:, 1] / points[:, 2] + CAMERA.cy]
    )
    depth = (points[:, 2] - points[:, 2].mean()) * CAMERA.fx / 0.9
    solved = HeadPoseSolver().solve(np.column_stack([pixels, depth]), CAMERA)
    assert solved.yaw == pytest.approx(0.3, abs=1e-3)
    assert solved.roll == pytest.approx(-0.2, abs=1e-3)
    assert solved.position == pytest.approx(pose.position, abs=1e-3)


def test_no_head_fits_points_that_are_no_numbers():
    assert HeadPoseSolver().solve(np.full((468, 3), np.nan), CAMERA) is None


@pytest.mark.parametrize(
    ("angle", "degrees"), [("yaw", 30), ("yaw", -30), ("pitch", 20), ("pitch", -20), ("roll", 15), ("roll", -15)]
)
def test_signs_of_the_contract(angle, degrees, finder, theatre):
    theatre.put("ben", 0.8, **{angle: math.radians(degrees)})
    pose = only(finder, theatre).pose
    found = {"yaw": pose.yaw, "pitch": pose.pitch, "roll": pose.roll}
    assert math.degrees(found[angle]) == pytest.approx(degrees, abs=8)
    for other in {"yaw", "pitch", "roll"} - {angle}:
        assert abs(math.degrees(found[other])) < 8


def test_the_persons_left_is_the_picture_s_right(finder, theatre):
    theatre.put("ben", 0.8)
    straight = only(finder, theatre).mesh.points[1, 0]
    theatre.put("ben", 0.8, yaw=math.radians(30))
    assert only(finder, theatre).mesh.points[1, 0] > straight


def test_an_open_mouth_is_seen(finder, theatre):
    theatre.put("anna", 0.7)
    closed = only(finder, theatre).mesh.mouth
    theatre.put("anna", 0.7, mouth=1.0)
    assert only(finder, theatre).mesh.mouth > closed + 0.05


def test_the_filter_lags_a_nod_by_less_than_a_frame_and_calms_a_still_head():
    dt, hz = 1 / 30, 1.5
    moving, still = OneEuro(SmoothingConfig()), OneEuro(SmoothingConfig())
    t = np.arange(0, 4, dt)
    nod = np.radians(6) * np.sin(2 * np.pi * hz * t)
    out = np.array([moving.push(float(v), dt) for v in nod])
    lags = np.linspace(0, 0.2, 401)
    errors = [np.abs(np.interp(t[30:] - lag, t, nod) - out[30:]).mean() for lag in lags]
    assert lags[int(np.argmin(errors))] < dt
    noise = np.random.default_rng(0).normal(0, np.radians(0.3), 300)
    calm = np.array([still.push(float(v), dt) for v in noise])
    assert calm[30:].std() < 0.6 * noise.std()
