"""Walkers carry out plans within their limits, make way for what is in front, and do the same twice."""

import math
from itertools import pairwise

import numpy as np
import pytest

from robot.geometry import Pose2, wrap_angle
from robot.rng import spawn
from sim.people.head_motion import NOD_DEPTH, NOD_HZ
from sim.people.plan import (
    Blocker,
    LookAtSegment,
    NodSegment,
    Polyline,
    ShakeSegment,
    SitSegment,
    StopSegment,
    TalkSegment,
    TurnSegment,
    WalkSegment,
)
from sim.people.walker import ACCELERATION, HARD_BRAKE, TURN_RATE, Walker

DT = 1.0 / 60.0
ORIGIN = Pose2(0.0, 0.0, 0.0)


def walker(plan, start=ORIGIN, name="ada", **options):
    return Walker(plan, start, 1.7, spawn(7, name), **options)


def run(person, seconds, blockers=()):
    return [person.step(DT, blockers) for _ in range(round(seconds / DT))]


def gap(state, person, blocker):
    return math.hypot(state.x - blocker.x, state.y - blocker.y) - blocker.radius - person.radius


def test_walks_a_polyline_to_its_end_within_the_limits():
    person = walker([WalkSegment(((3.0, 0.0), (3.0, 3.0), (0.0, 3.0)), 0.8)])
    states = run(person, 25.0)
    assert person.finished
    assert math.hypot(states[-1].x, states[-1].y - 3.0) < 0.1
    speeds = np.array([s.speed for s in states])
    assert 0.75 < speeds.max() <= 0.8 + 1e-9
    track = np.array([(s.x, s.y, s.yaw) for s in states])
    moved = np.hypot(*np.diff(track[:, :2], axis=0).T) / DT
    assert np.abs(np.diff(moved)).max() / DT < ACCELERATION * 1.5
    turned = np.array([wrap_angle(float(b - a)) for a, b in zip(track[:-1, 2], track[1:, 2], strict=True)])
    assert np.abs(turned).max() / DT <= TURN_RATE + 1e-9


def test_the_same_person_does_the_same_twice_and_another_looks_elsewhere():
    plan = [WalkSegment(((2.0, 1.0),)), StopSegment(2.0), TalkSegment(2.0)]
    first, again, other = (walker(plan, name=name) for name in ("ada", "ada", "bo"))
    assert run(first, 8.0) == run(again, 8.0)
    assert [s.head_yaw for s in run(walker(plan), 8.0)] != [s.head_yaw for s in run(other, 8.0)]


def test_waits_while_there_is_no_room_to_step_around():
    person = walker([WalkSegment(((6.0, 0.0),), 0.8)], free=lambda x, y: abs(y) < 0.2)
    box = Blocker(3.0, 0.0, 0.3)
    states = run(person, 8.0, [box])
    assert max(s.x for s in states) < 3.0 - 0.3 - person.radius
    assert max(abs(s.y) for s in states) < 0.05


@pytest.mark.parametrize("bearing_deg", [180.0, 120.0, -90.0, 80.0])
def test_does_not_look_out_for_what_comes_from_behind_or_beside(bearing_deg):
    person, alone = (walker([WalkSegment(((6.0, 0.0),), 0.8)]) for _ in range(2))
    for _ in range(300):
        a = math.radians(bearing_deg)
        robot = Blocker(person.pose.x + 0.6 * math.cos(a), person.pose.y + 0.6 * math.sin(a), 0.25)
        assert person.step(DT, [robot]) == alone.step(DT)


def test_brakes_hard_when_something_appears_right_in_front():
    person = walker([WalkSegment(((6.0, 0.0),), 0.9)])
    run(person, 3.0)
    before = person.pose.x
    robot = Blocker(before + person.radius + 0.25 + 0.35, 0.0, 0.25)
    states = run(person, 1.0, [robot])
    assert person.speed < 0.05
    assert states[-1].x - before <= 0.5 * 0.9**2 / HARD_BRAKE + 0.02


def test_two_people_who_meet_pass_each_other_without_touching():
    people = [
        walker([WalkSegment(((6.0, 0.0),), 0.8)], name="ada"),
        walker([WalkSegment(((0.0, 0.0),), 0.7)], Pose2(6.0, 0.0, math.pi), name="bo"),
    ]
    closest = math.inf
    for _ in range(round(20.0 / DT)):
        poses = [p.pose for p in people]
        for i, person in enumerate(people):
            other = poses[1 - i]
            person.step(DT, [Blocker(other.x, other.y, person.radius, keeps_aside=True)])
        apart = math.hypot(people[0].pose.x - people[1].pose.x, people[0].pose.y - people[1].pose.y)
        closest = min(closest, apart - people[0].radius - people[1].radius)
    assert all(p.finished for p in people)
    assert closest > 0.05


def test_nods_twice_to_the_documented_depth():
    person = walker([StopSegment(1.0), NodSegment(2), StopSegment(5.0)])
    run(person, 1.0)
    pitch = np.array([s.head_pitch for s in run(person, 2.0 / NOD_HZ)])
    lows = np.flatnonzero((pitch[1:-1] > pitch[:-2]) & (pitch[1:-1] >= pitch[2:])) + 1
    assert len(lows) == 2
    assert np.ptp(pitch) == pytest.approx(NOD_DEPTH, rel=0.25)


def test_shakes_to_both_sides():
    person = walker([ShakeSegment(2)])
    yaws = [s.head_yaw for s in run(person, 2.0)]
    assert max(yaws) > math.radians(8.0)
    assert min(yaws) < math.radians(-8.0)


def test_talking_moves_the_mouth_and_ends():
    person = walker([TalkSegment(2.0)])
    mouths = [s.mouth for s in run(person, 3.0)]
    assert max(mouths) > 0.5
    assert mouths[-1] == 0.0
    assert person.finished


def test_turns_a_whole_turn_and_to_a_direction():
    person = walker([TurnSegment(by=2.0 * math.pi), TurnSegment(to_yaw=-1.0)])
    yaws = [s.yaw for s in run(person, 8.0)]
    assert person.finished
    assert max(yaws) > 3.0
    assert min(yaws) < -3.0
    assert person.pose.yaw == pytest.approx(-1.0, abs=0.03)


def test_looks_at_a_point_with_head_and_trunk():
    person = walker([LookAtSegment(-1.0, 1.0, 4.0)])
    last = run(person, 3.5)[-1]
    assert wrap_angle(last.yaw + last.head_yaw - math.atan2(1.0, -1.0)) == pytest.approx(0.0, abs=0.1)
    assert abs(last.head_yaw) < math.radians(61.0)


def test_sits_down_and_gets_up_where_it_stood():
    person = walker([SitSegment(-0.4, 0.0, 0.0, 0.42, 3.0)])
    states = run(person, 7.0)
    middle = states[round(3.0 / DT)]
    assert middle.posture == "sit"
    assert middle.seat_height == 0.42
    assert (middle.x, middle.y) == pytest.approx((-0.4, 0.0))
    assert person.finished
    assert states[-1].posture == "stand"
    assert (states[-1].x, states[-1].y) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_follows_the_floor_down_a_step_without_a_jump():
    person = walker([WalkSegment(((3.0, 0.0),))], floor=lambda x, y: 0.0 if x < 1.5 else -0.15)
    heights = np.array([s.z_floor for s in run(person, 8.0)])
    assert heights[-1] == pytest.approx(-0.15)
    assert np.abs(np.diff(heights)).max() < 0.011


def test_a_looping_plan_never_ends():
    person = walker([WalkSegment(((1.0, 0.0), (0.0, 0.0)))], loop=True)
    states = run(person, 30.0)
    assert not person.finished
    assert sum(1 for a, b in pairwise(states) if a.x < 0.9 <= b.x) >= 3


def test_a_shut_way_is_tried_again_after_walking_back():
    person = walker([WalkSegment(((4.0, 0.0),), 0.8)], free=lambda x, y: abs(y) < 0.2)
    box = Blocker(3.0, 0.0, 0.3)
    states = run(person, 20.0, [box])
    furthest = max(s.x for s in states)
    assert min(s.x for s in states[-700:]) < furthest - 0.8
    assert run(person, 25.0)[-1].x == pytest.approx(4.0, abs=0.1)


def test_a_way_that_stays_shut_is_left_in_the_end():
    person = walker([WalkSegment(((4.0, 0.0),), 0.8), TurnSegment(to_yaw=1.0)], free=lambda x, y: abs(y) < 0.2)
    states = run(person, 90.0, [Blocker(3.0, 0.0, 0.3)])
    assert person.finished
    assert states[-1].x < 3.0
    assert states[-1].yaw == pytest.approx(1.0, abs=0.1)


def test_a_turn_needs_exactly_one_goal():
    with pytest.raises(ValueError, match="to_yaw or by"):
        TurnSegment()


def test_polyline_projects_and_cuts():
    path = Polyline(((0.0, 0.0), (2.0, 0.0), (2.0, 0.0), (2.0, 2.0)))
    assert path.length == pytest.approx(4.0)
    assert path.at(3.0) == ((2.0, 1.0), (0.0, 1.0))
    assert path.project(1.2, 0.4, near=1.0) == pytest.approx(1.2)
    assert path.project(0.5, 0.0, near=1.0) == 1.0
    assert path.between(1.0, 3.0) == ((1.0, 0.0), (2.0, 0.0), (2.0, 1.0))
    assert path.between(3.0, 1.0) == ((2.0, 1.0), (2.0, 0.0), (1.0, 0.0))


@pytest.mark.parametrize("lateral", [0.0, 0.2, 0.35, 0.5])
def test_does_not_brush_a_robot_that_stands_beside_the_way(lateral):
    person = walker([WalkSegment(((6.0, 0.0),), 0.8)])
    robot = Blocker(2.0, lateral, 0.29)
    states = run(person, 25.0, [robot])
    assert min(gap(s, person, robot) for s in states) > 0.05
    assert person.finished


def test_foresees_a_robot_that_crosses_the_way():
    person = walker([WalkSegment(((6.0, 0.0),), 0.8)])
    closest = math.inf
    for i in range(round(8.0 / DT)):
        robot = Blocker(2.0, min(-1.6 + 0.6 * i * DT, 1.5), 0.29)
        closest = min(closest, gap(person.step(DT, [robot]), person, robot))
    assert closest > 0.1


def test_sits_down_and_gets_up_only_when_nothing_stands_there():
    person = walker([SitSegment(0.4, 0.0, math.pi, 0.45, 1.0)], Pose2(0.0, 0.0, math.pi))
    robot = Blocker(0.3, 0.2, 0.29)
    assert all(s.sitting == 0.0 for s in run(person, 3.0, [robot]))
    assert any(s.sitting == 1.0 for s in run(person, 2.0))
    assert all(s.sitting == 1.0 for s in run(person, 3.0, [Blocker(-0.2, 0.0, 0.29)])[60:])
    run(person, 3.0)
    assert person.finished
