"""People go around a robot early and at ease where there is room, closer where there is not, and do not stand on it."""

import math

import pytest

from robot.geometry import Pose2
from robot.rng import spawn
from sim.people.passing import EASE_M, NARROW_M, meet
from sim.people.plan import Blocker, Polyline, StopSegment, WalkSegment
from sim.people.trail import Trail
from sim.people.walker import Walker

DT = 1.0 / 60.0
ROVER = 0.29


def walk(plan, seconds, robot, **options):
    """Run somebody from the origin with a robot at robot(t) = (x, y); return the walker and per step x, y, speed and
    gap."""
    person = Walker(plan, Pose2(0.0, 0.0, 0.0), 1.7, spawn(5, "ada"), **options)
    rows = []
    for i in range(round(seconds / DT)):
        blocker = Blocker(*robot(i * DT), ROVER)
        person.step(DT, [blocker])
        pose = person.pose
        gap = pose.distance_to(blocker.x, blocker.y) - ROVER - person.radius
        rows.append((pose.x, pose.y, person.speed, gap))
    return person, rows


@pytest.mark.parametrize("lateral", [0.0, 0.3, -0.3, 0.6])
def test_passes_a_standing_robot_at_ease_without_stopping(lateral):
    person, rows = walk([WalkSegment(((7.0, 0.0),), 0.8)], 12.0, lambda t: (3.5, lateral))
    assert person.finished
    assert min(gap for *_, gap in rows) > EASE_M - 0.1
    assert min(speed for x, _, speed, _ in rows if 1.0 < x < 6.0) > 0.6


def test_begins_to_step_aside_well_before():
    _, rows = walk([WalkSegment(((7.0, 0.0),), 0.8)], 12.0, lambda t: (3.5, 0.0))
    started = next(x for x, y, *_ in rows if abs(y) > 0.1)
    assert 3.5 - ROVER - 0.22 - started > 1.3


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_takes_the_side_with_room(side):
    person, rows = walk(
        [WalkSegment(((7.0, 0.0),), 0.8)], 14.0, lambda t: (3.5, 0.0), free=lambda x, y: side * y > -0.4
    )
    assert person.finished
    assert max(side * y for _, y, *_ in rows) > 0.8


def test_comes_closer_where_there_is_no_more_room():
    gaps = []
    for half_width in (1.1, 0.85, 0.7):
        person, rows = walk(
            [WalkSegment(((7.0, 0.0),), 0.8)], 16.0, lambda t: (3.5, 0.0), free=lambda x, y, h=half_width: abs(y) < h
        )
        assert person.finished
        gaps.append(min(gap for *_, gap in rows))
    assert gaps[0] > gaps[1] > gaps[2] > 0.0
    assert gaps[2] < NARROW_M


def test_overtakes_a_robot_that_backs_off_slowly():
    person, rows = walk([WalkSegment(((8.0, 0.0),), 0.8)], 14.0, lambda t: (1.3 + 0.15 * t, 0.0))
    assert person.finished
    assert min(gap for *_, gap in rows) > 0.3


def test_does_not_creep_behind_it_where_there_is_no_room():
    _, rows = walk(
        [WalkSegment(((8.0, 0.0),), 0.8)], 12.0, lambda t: (1.6 + 0.15 * t, 0.0), free=lambda x, y: abs(y) < 0.3
    )
    later = rows[round(4.0 / DT) :]
    assert sum(speed == 0.0 for *_, speed, _ in later) > 0.3 * len(later)
    assert min(gap for *_, gap in rows) > 0.3


def test_stays_behind_a_robot_that_is_as_fast():
    _, rows = walk([WalkSegment(((8.0, 0.0),), 0.6)], 9.0, lambda t: (1.5 + 0.6 * t, 0.0))
    assert max(abs(y) for _, y, *_ in rows) < 0.05


def test_goes_around_on_a_way_that_bends():
    bend = WalkSegment(((2.0, 0.0), (2.0, 4.0)), 0.7)
    person, rows = walk([bend], 16.0, lambda t: (2.0, 1.5), free=lambda x, y: y < 0.5 or 1.5 < x < 3.6)
    assert person.finished
    assert max(x for x, *_ in rows) > 2.7


def test_walks_on_a_little_rather_than_linger_beside_a_robot():
    person, rows = walk([WalkSegment(((3.0, 0.0),), 0.8), StopSegment(5.0)], 9.0, lambda t: (3.0, 0.7))
    assert isinstance(person.segment, StopSegment)
    assert rows[-1][3] > 0.75
    assert math.hypot(rows[-1][0] - 3.0, rows[-1][1]) < 1.5


def test_stays_beside_a_robot_where_there_is_nowhere_else():
    _, rows = walk(
        [WalkSegment(((3.0, 0.0),), 0.8), StopSegment(5.0)], 9.0, lambda t: (3.0, 0.75), free=lambda x, y: abs(y) < 0.25
    )
    assert rows[-1][0] == pytest.approx(3.0, abs=0.1)


def test_meetings_are_foreseen_along_the_way():
    path = Polyline(((0.0, 0.0), (4.0, 0.0)))
    crossing = meet(path, 0.5, 0.8, 0.2, Blocker(2.1, -0.8, 0.3), (0.0, 0.4), False)
    assert crossing is not None
    assert crossing.along == pytest.approx(1.6)
    assert crossing.lateral == pytest.approx(-0.8 + 0.4 * 1.5)
    assert meet(path, 0.5, 0.8, 0.2, Blocker(2.1, 0.0, 0.3), (0.8, 0.0), False) is None
    assert meet(path, 3.0, 0.8, 0.2, Blocker(2.1, 0.0, 0.3), (0.0, 0.0), False) is None


def test_never_leaves_the_floor_while_somebody_stands_in_the_way():
    def free(x, y):
        return (abs(y) < 0.35 and -0.3 < x < 3.35) or (abs(x - 3.0) < 0.35 and 0.0 <= y < 6.3)

    bend = WalkSegment(((3.0, 0.0), (3.0, 6.0)), 0.8)
    person, rows = walk([bend, StopSegment(1.0)], 90.0, lambda t: (3.0, 2.5 if t < 60.0 else -5.0), free=free)
    assert all(free(x, y) for x, y, *_ in rows)
    assert min(y for _, y, *_ in rows[round(20.0 / DT) : round(60.0 / DT)]) < 0.3
    assert person.finished


def test_the_way_back_leads_away_from_who_is_in_the_way():
    trail = Trail(Pose2(0.0, 0.0, 0.0))
    east = [(0.1 * i, 0.0) for i in range(31)]
    for x, y in [*east, *reversed(east[10:])]:  # past the blocker to a dead end at x = 3 and back to x = 1
        trail.walk(Pose2(x, y, 0.0), back=False)
    way = trail.way_back(Pose2(1.0, 0.0, math.pi), Blocker(0.3, 0.0, ROVER), 6.0)
    assert way[-1][0] == pytest.approx(3.0, abs=0.35)
    assert all(x > 1.0 for x, _ in way)


def test_walking_back_takes_the_crumbs_up():
    trail = Trail(Pose2(0.0, 0.0, 0.0))
    for i in range(31):
        trail.walk(Pose2(0.1 * i, 0.0, 0.0), back=False)
    for i in range(30, 14, -1):
        trail.walk(Pose2(0.1 * i, 0.0, math.pi), back=True)
    way = trail.way_back(Pose2(1.5, 0.0, 0.0), Blocker(2.4, 0.0, ROVER), 1.0)
    assert [x for x, _ in way] == sorted((x for x, _ in way), reverse=True)
    assert way[0][0] < 1.5


def test_gives_up_its_place_before_a_shut_way_even_where_it_has_no_way_back():
    person, rows = walk(
        [WalkSegment(((4.0, 0.0),), 0.8)], 20.0, lambda t: (1.0, 0.0), free=lambda x, y: x < 0.6 or abs(y) < 0.3
    )
    assert not person.finished
    assert max(gap for *_, gap in rows[round(5.0 / DT) :]) > 0.7
