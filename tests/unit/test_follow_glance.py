"""Whom a searching robot turns to: somebody new, and legs that nobody has looked at."""

from policies.follow.glance import AGAIN_S, LOOK_S, Glances
from policies.follow.trail import Person
from robot.geometry import Pose2

HALF_VIEW = 0.7
ROBOT = Pose2()
AHEAD, BEHIND, FAR = Person(2.0, 0.2), Person(-1.5, 0.0), Person(6.0, 0.0)


def ns(seconds):
    return round(seconds * 1e9)


def whom(glances, others, seconds, legs=()):
    return glances.whom(others, set(legs), ROBOT, ns(seconds), HALF_VIEW)


def test_who_was_there_when_the_search_began_is_passed_over():
    glances = Glances({3: AHEAD})
    assert all(whom(glances, {3: AHEAD}, t) is None for t in (1.0, 3.0, 10.0))


def test_somebody_new_is_looked_at_for_a_while_and_once():
    glances = Glances({})
    assert whom(glances, {4: AHEAD}, 1.0) == AHEAD
    assert whom(glances, {4: AHEAD}, 1.0 + LOOK_S) == AHEAD
    assert whom(glances, {4: AHEAD}, 1.1 + LOOK_S) is None
    assert whom(glances, {4: AHEAD}, 30.0) is None


def test_legs_behind_are_looked_at_again_until_a_camera_has_told():
    glances = Glances({5: BEHIND})
    assert whom(glances, {5: BEHIND}, 1.0, legs={5}) == BEHIND
    assert whom(glances, {5: BEHIND}, 1.5 + LOOK_S, legs={5}) is None
    assert whom(glances, {5: BEHIND}, 1.5 + AGAIN_S, legs={5}) == BEHIND
    assert whom(glances, {5: BEHIND}, 9.0 + AGAIN_S) is None


def test_the_nearest_comes_first_and_nobody_far_off():
    glances = Glances({})
    assert whom(glances, {6: AHEAD, 7: BEHIND, 8: FAR}, 1.0, legs={7}) == BEHIND
    assert whom(Glances({}), {8: FAR}, 1.0) is None
