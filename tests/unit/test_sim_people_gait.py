"""People's steps: feet that carry weight stand still on the floor, legs reach them, and stopping ends the step."""

import math

import numpy as np
import pytest

from sim.people.appearance import APPEARANCES
from sim.people.gait import STANCE_SHARE, body_pose, foot_place, phase_rate, stride_length
from sim.people.limbs import FOOT, HEAD, TRUNK, place_parts, rotate
from sim.people.skeleton import Skeleton
from sim.people.state import PersonState

LOOKS = pytest.mark.parametrize("look", APPEARANCES, ids=lambda look: look.name)
ADULT = Skeleton.of(APPEARANCES[1])


def walk(bones: Skeleton, speed: float, phases: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """Parts of a person who walks straight ahead, seen at each phase of the left leg."""
    frames = []
    for phase in phases:
        x = float(phase) / phase_rate(speed, bones.height) * speed
        state = PersonState(x, 0.0, gait_phase=float(phase) % 1.0, speed=speed)
        frames.append((float(phase), place_parts(state, bones)))
    return frames


def point_of(parts: np.ndarray, part: int, local: tuple[float, float, float]) -> np.ndarray:
    row = parts[part]
    return row[:3] + np.array(rotate(tuple(row[3:]), local))


@LOOKS
@pytest.mark.parametrize("speed", [0.4, 0.8, 1.2])
def test_a_foot_on_the_floor_does_not_slide(look, speed):
    bones = Skeleton.of(look)
    ball = (bones.ball_ahead, 0.0, -bones.ankle)
    flat_to_toe_off = np.linspace(0.12, STANCE_SHARE - 0.01, 25)
    balls = np.array([point_of(parts, FOOT, ball) for _, parts in walk(bones, speed, flat_to_toe_off)])
    assert np.ptp(balls[:, 0]) < 0.012
    assert np.abs(balls[:, 2]).max() < 0.012


@LOOKS
def test_no_foot_sinks_into_the_floor(look):
    bones = Skeleton.of(look)
    for _, parts in walk(bones, 0.9, np.linspace(0.0, 1.0, 60)):
        for x in (-bones.heel_back, bones.ball_ahead):
            assert point_of(parts, FOOT, (x, 0.0, -bones.ankle))[2] > -0.012


@pytest.mark.parametrize("speed", [0.0, 0.3, 0.7, 1.3])
def test_the_ankle_is_where_the_gait_puts_it(speed):
    for phase in np.linspace(0.0, 1.0, 40, endpoint=False):
        forward, up, pitch = foot_place(float(phase), speed, ADULT)
        parts = place_parts(PersonState(0.0, 0.0, gait_phase=float(phase), speed=speed), ADULT)
        assert parts[FOOT, 0] == pytest.approx(forward, abs=0.006)
        assert parts[FOOT, 2] == pytest.approx(up, abs=0.006)
        toe = rotate(tuple(parts[FOOT, 3:]), (1.0, 0.0, 0.0))
        assert math.atan2(toe[2], toe[0]) == pytest.approx(pitch, abs=1e-6)


def test_the_right_leg_is_half_a_cycle_behind():
    for phase in (0.0, 0.2, 0.7):
        now = body_pose(phase, 0.8, 0.0, 0.45, ADULT)
        later = body_pose(phase + 0.5, 0.8, 0.0, 0.45, ADULT)
        assert now.left == pytest.approx(later.right)
        assert now.shoulder_left == pytest.approx(later.shoulder_right)


def test_arms_swing_against_the_legs():
    pose = body_pose(0.0, 1.0, 0.0, 0.45, ADULT)
    assert pose.left.hip > 0.2 > 0.0 > pose.shoulder_left
    assert pose.right.hip < 0.0 < 0.2 < pose.shoulder_right


def test_strides_grow_with_speed_and_height_and_vanish_at_a_stop():
    strides = [stride_length(v, 1.75) for v in (0.0, 0.1, 0.3, 0.7, 1.2)]
    assert strides[0] == 0.0
    assert strides == sorted(strides)
    assert 1.2 < stride_length(1.3, 1.75) < 1.6
    assert stride_length(0.8, 1.1) < stride_length(0.8, 1.9)


@pytest.mark.parametrize("speed", [0.05, 0.4, 1.0])
def test_cadence_times_stride_is_speed(speed):
    assert phase_rate(speed, 1.6) * stride_length(speed, 1.6) == pytest.approx(speed)


def test_joint_angles_change_smoothly():
    phases = np.linspace(0.0, 1.0, 241)
    angles = np.array(
        [
            [p.left.hip, p.left.knee, p.hip_height * 3.0]
            for p in (body_pose(float(q), 0.9, 0.0, 0.45, ADULT) for q in phases)
        ]
    )
    assert np.abs(np.diff(angles, axis=0)).max() < 0.06
    assert np.abs(angles[0] - angles[-1]).max() < 1e-9
    assert (angles[:, 1] >= 0.0).all()
    assert angles[:, 1].max() > math.radians(40.0)


@LOOKS
def test_standing_height_is_the_appearances_height(look):
    bones = Skeleton.of(look)
    parts = place_parts(PersonState(0.0, 0.0), bones)
    crown = parts[HEAD, 2] + 0.165 * look.head_scale
    assert crown == pytest.approx(look.height_m, abs=0.02)


def test_sitting_lowers_the_hips_and_brings_the_feet_forward():
    stand = place_parts(PersonState(0.0, 0.0), ADULT)
    sit = place_parts(PersonState(0.0, 0.0, sitting=1.0, seat_height=0.45), ADULT)
    assert sit[TRUNK, 2] == pytest.approx(0.45 + 0.05 * ADULT.height)
    assert stand[TRUNK, 2] > 0.9
    assert sit[FOOT, 0] > 0.3
    assert sit[FOOT, 2] == pytest.approx(ADULT.ankle, abs=0.02)


def test_yaw_turns_everything_about_the_ground_point():
    ahead = place_parts(PersonState(1.0, 2.0, 0.3, gait_phase=0.1, speed=0.8), ADULT)
    turned = place_parts(PersonState(1.0, 2.0, 0.3, yaw=math.pi / 2, gait_phase=0.1, speed=0.8), ADULT)
    moved = ahead[:, :2] - [1.0, 2.0]
    assert np.allclose(turned[:, 0] - 1.0, -moved[:, 1], atol=1e-12)
    assert np.allclose(turned[:, 1] - 2.0, moved[:, 0], atol=1e-12)
    assert np.allclose(turned[:, 2], ahead[:, 2])


def test_head_angles_have_the_documented_signs():
    def facing(**angles: float) -> tuple[float, float, float]:
        parts = place_parts(PersonState(0.0, 0.0, **angles), ADULT)
        return rotate(tuple(parts[HEAD, 3:]), (1.0, 0.0, 0.0))

    assert facing(head_yaw=0.3)[1] > 0.2
    assert facing(head_pitch=0.3)[2] < -0.2
    parts = place_parts(PersonState(0.0, 0.0, head_roll=0.3), ADULT)
    assert rotate(tuple(parts[HEAD, 3:]), (0.0, 0.0, 1.0))[1] < -0.2
