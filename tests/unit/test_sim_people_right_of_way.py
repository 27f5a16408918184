"""Of two people who meet, one has the right of way: that one hardly loses time, the other waits or stands aside."""

import math

import pytest

from robot.geometry import Pose2
from robot.rng import spawn
from sim.people.plan import Blocker, StopSegment, WalkSegment
from sim.people.right_of_way import Motions, closest_approach, refuge
from sim.people.walker import Walker

DT = 1.0 / 60.0


def person(name, plan, start, **options):
    return Walker(plan, start, 1.7, spawn(3, name), **options)


def meet(people, seconds):
    """Run everybody, earlier ones with the right of way; return the least gap and when each was done (s)."""
    closest, done = math.inf, [math.inf] * len(people)
    for step in range(round(seconds / DT)):
        for i, walker in enumerate(people):
            others = [
                Blocker(p.pose.x, p.pose.y, p.radius, True, "mine" if j > i else "theirs")
                for j, p in enumerate(people)
                if j != i
            ]
            walker.step(DT, others)
            if walker.finished:
                done[i] = min(done[i], step * DT)
        a, b = people[0], people[1]
        closest = min(closest, a.pose.distance_to(b.pose.x, b.pose.y) - a.radius - b.radius)
    return closest, done


def alone(plan, start):
    walker, steps = person("ada", plan, start), 0
    while not walker.finished:
        walker.step(DT)
        steps += 1
    return steps * DT


def test_crossing_the_other_waits_and_the_first_loses_nothing():
    way = [WalkSegment(((6.0, 0.0),), 0.8)]
    people = [
        person("ada", way, Pose2(0.0, 0.0, 0.0)),
        person("bo", [WalkSegment(((3.0, 3.0),), 0.8)], Pose2(3.0, -3.0, math.pi / 2)),
    ]
    closest, done = meet(people, 20.0)
    assert closest > 0.0
    assert done[0] < alone(way, Pose2(0.0, 0.0, 0.0)) + 0.3
    assert done[0] < done[1] < 20.0


def test_in_a_corridor_the_other_steps_into_a_niche():
    def free(x, y):
        return abs(y) < 0.25 or (3.8 < x < 4.9 and 0.0 <= y < 1.0)

    way = [WalkSegment(((7.0, 0.0),), 0.7)]
    people = [
        person("ada", way, Pose2(0.0, 0.0, 0.0), free=free),
        person("bo", [WalkSegment(((0.0, 0.0),), 0.7)], Pose2(7.0, 0.0, math.pi), free=free),
    ]
    closest, done = meet(people, 60.0)
    assert max(done) < 60.0
    assert closest > -0.1
    assert done[0] < done[1]


def test_one_who_stands_in_a_narrow_way_makes_room_and_goes_on_standing():
    def free(x, y):
        return abs(y) < 0.6  # room to press against the wall, none to walk around somebody in the middle

    way = [WalkSegment(((5.0, 0.0),), 0.7)]
    people = [
        person("ada", way, Pose2(0.0, 0.0, 0.0), free=free),
        person("bo", [StopSegment(15.0)], Pose2(2.5, 0.0, math.pi), free=free),
    ]
    closest, done = meet(people, 25.0)
    assert closest > 0.0
    assert done[0] < 15.0
    assert 15.0 <= done[1] < 25.0
    assert abs(people[1].pose.y) > 0.4


def test_motions_are_differences_of_places_in_order():
    motions = Motions()
    assert motions.update(0.1, [Blocker(1.0, 0.0, 0.2)]) == [(0.0, 0.0)]
    assert motions.update(0.1, [Blocker(1.1, -0.1, 0.2)]) == [pytest.approx((1.0, -1.0))]
    assert motions.update(0.1, []) == []


def test_closest_approach_counts_both_velocities_and_not_the_past():
    here = Pose2(0.0, 0.0, 0.0)
    ahead = Blocker(2.0, 0.0, 0.2)
    assert closest_approach(here, (1.0, 0.0), ahead, (-1.0, 0.0)) == pytest.approx(0.0)
    assert closest_approach(here, (-1.0, 0.0), ahead, (1.0, 0.0)) == pytest.approx(2.0)
    assert closest_approach(here, (1.0, 0.0), ahead, (0.0, 1.0)) == pytest.approx(math.sqrt(2.0))


def test_refuge_is_off_the_others_line_and_on_free_floor():
    here, other = Pose2(0.0, 0.0, 0.0), Blocker(2.0, 0.0, 0.22)
    spot = refuge(here, 0.22, other, (-0.7, 0.0), [other], lambda x, y: y > -0.1)
    assert spot is not None
    assert spot[1] >= 0.56
    assert refuge(here, 0.22, other, (-0.7, 0.0), [other], lambda x, y: abs(y) < 0.3) is None
    robot = Blocker(0.0, 0.7, 0.29)
    elsewhere = refuge(here, 0.22, other, (-0.7, 0.0), [robot, other], lambda x, y: y > -0.1)
    assert elsewhere is not None
    assert math.dist(elsewhere, (robot.x, robot.y)) > 0.22 + 0.29
