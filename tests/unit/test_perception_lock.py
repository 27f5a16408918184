"""The lock: it takes the right person, follows them through crossings and hiding, and never takes another."""

import itertools
import math
from dataclasses import replace

import pytest

from robot.geometry import Pose2
from robot.messages import LockRequest
from robot.perception.lock import LockConfig
from robot.perception.track import PeopleConfig
from tests.unit.perception_theatre import BLUE, GREEN, NEARLY_RED, RED, Theatre, Walker, distance


def standing(x, y):
    return lambda t: (x, y)


def test_nobody_there_no_lock():
    told = Theatre([]).play(2.0)
    assert {lock.state for _, lock in told} == {"none"}
    assert told[-1][1].id == -1


def test_the_nearest_in_front_is_taken_soon():
    told = Theatre([Walker(standing(3.5, 0.5), BLUE), Walker(standing(2.0, -0.3), RED)]).play(1.5)
    assert told[-1][1].state == "locked"
    assert distance(told[-1][1], (2.0, -0.3)) < 0.15
    assert next(t for t, lock in told if lock.state == "locked") < 1.0


def test_too_far_or_too_far_aside_is_not_taken():
    assert Theatre([Walker(standing(4.8, 0.0), RED)]).play(2.0)[-1][1].state == "none"
    aside = PeopleConfig(lock=LockConfig(acquire_bearing=0.2))
    assert Theatre([Walker(standing(2.0, 1.0), RED)], config=aside).play(2.0)[-1][1].state == "none"


def test_walking_person_is_held_smoothly():
    path = lambda t: (1.5 + 0.4 * t, 0.3 * math.sin(t))  # noqa: E731
    told = Theatre([Walker(path, RED)], robot=lambda t: Pose2(0.4 * t, 0.0, 0.0)).play(8.0)
    late = [(t, lock) for t, lock in told if t > 2.0]
    assert all(lock.state == "locked" for _, lock in late)
    assert max(distance(lock, path(t)) for t, lock in late) < 0.25
    assert all(abs(lock.vx - 0.4) < 0.35 for _, lock in late)
    steps = [distance(b, (a.x, a.y)) for (_, a), (_, b) in itertools.pairwise(late)]
    assert max(steps) < 0.15


@pytest.mark.parametrize("missed", [0.0, 0.4])
def test_crossings_never_switch(missed):
    ours = Walker(standing(3.0, 0.0), RED, missed=missed)
    passer = Walker(lambda t: (2.3, -2.0 + 0.8 * ((t - 2.0) % 5.0)), BLUE, missed=missed)
    another = Walker(lambda t: (3.5, 2.0 - 0.6 * ((t - 3.0) % 7.0)), GREEN, missed=missed)
    late = Walker(lambda t: passer.path(t) if t > 2.0 else (-5.0, 0.0), BLUE, missed=missed)
    told = Theatre([ours, late, another]).play(30.0)
    ids = {lock.id for _, lock in told if lock.id >= 0}
    assert len(ids) == 1
    assert all(distance(lock, (3.0, 0.0)) < 0.6 for t, lock in told if t > 2.0 and lock.state == "locked")


def test_side_by_side_and_apart_again():
    ours = Walker(lambda t: (2.5, 0.25 + 0.25 * math.cos(t)), RED)
    other = Walker(lambda t: (2.5, -0.25 - 0.25 * math.cos(t)), BLUE)
    told = Theatre([ours, other]).play(20.0)
    start = next(lock for t, lock in told if lock.state == "locked")
    mine = ours if distance(start, ours.path(0.5)) < distance(start, other.path(0.5)) else other
    assert all(distance(lock, mine.path(t)) < 0.4 for t, lock in told if t > 1.0 and lock.state == "locked")


def test_hidden_then_back_elsewhere_is_taken_up_again_under_the_same_id():
    path = lambda t: (2.5, 0.0) if t < 5.0 else (3.5, 1.2)  # noqa: E731
    told = Theatre([Walker(path, RED, hidden=((3.0, 8.0),))]).play(12.0)
    states = [lock.state for _, lock in told]
    assert "occluded" in states
    assert "lost" not in states[: 20 * 6]
    back = next(t for t, lock in told if t > 8.0 and lock.state == "locked" and distance(lock, (3.5, 1.2)) < 0.3)
    assert back < 9.5
    assert len({lock.id for _, lock in told if lock.id >= 0}) == 1


def test_lost_after_long_and_still_known():
    told = Theatre([Walker(standing(2.5, 0.0), RED, hidden=((3.0, 20.0),))]).play(23.0)
    assert next(lock for t, lock in told if t > 15.0).state == "lost"
    assert told[-1][1].state == "locked"
    assert len({lock.id for _, lock in told if lock.id >= 0}) == 1


def test_a_stranger_is_not_taken_while_ours_is_away():
    stranger = Walker(standing(2.5, 0.1), BLUE, hidden=((0.0, 4.0),))
    told = Theatre([Walker(standing(2.5, 0.0), RED, hidden=((3.0, 30.0),)), stranger]).play(30.0)
    assert all(lock.state != "locked" for t, lock in told if t > 5.0)
    assert told[-1][1].state == "lost"


def test_stranger_stepping_in_at_the_same_moment_is_found_out():
    swap = 3.0
    ours = Walker(lambda t: (2.5, 0.0) if t < swap else (3.0, 1.3), RED)
    stranger = Walker(lambda t: (2.5, 0.0), BLUE, hidden=((0.0, swap),))
    told = Theatre([ours, stranger]).play(8.0)
    assert distance(told[-1][1], (3.0, 1.3)) < 0.3
    assert all(distance(lock, (2.5, 0.0)) > 0.5 for t, lock in told if t > swap + 2.0 and lock.state == "locked")


class Chameleon(Walker):
    """Looks like ours for half a second, as two bodies do that the detector takes for one."""

    def at(self, t):
        return replace(self, look=RED) if 6.0 < t < 6.5 else self


def test_a_known_other_who_looks_like_ours_for_a_moment_is_not_taken():
    ours = Walker(standing(2.5, 0.5), RED, hidden=((5.5, 7.5),))
    told = Theatre([ours, Chameleon(standing(2.6, -0.3), BLUE)]).play(10.0)
    assert all(distance(lock, (2.5, 0.5)) < 0.5 for t, lock in told if t > 1.0 and lock.state == "locked")
    assert told[-1][1].state == "locked"


class FromTheSide(Walker):
    """Shows another side after a while, alike enough to be the same person and no more."""

    def at(self, t):
        return self if t < 1.0 else replace(self, look=0.6 * RED + 0.4 * BLUE)


def test_sides_shown_while_in_sight_are_known_again():
    path = lambda t: (2.5, 0.0) if t < 6.0 else (4.0, 1.8)  # noqa: E731
    beside = Walker(lambda t: (2.5, -0.8) if t < 3.0 else (-3.0, 0.0), GREEN)  # so near that no looks are learnt
    told = Theatre([FromTheSide(path, RED, hidden=((5.0, 9.0),)), beside]).play(12.0)
    assert all(lock.state == "locked" for t, lock in told if 1.0 < t < 5.0)
    assert told[-1][1].state == "locked"
    assert distance(told[-1][1], (4.0, 1.8)) < 0.3


class OddForAMoment(Walker):
    """Looks like somebody else in a few frames, as people do whom a table or the picture's edge cuts off."""

    def at(self, t):
        return replace(self, look=BLUE) if 4.0 < t < 4.35 else self


def test_who_is_alone_in_sight_is_not_given_up_for_a_few_odd_frames():
    told = Theatre([OddForAMoment(standing(2.0, 0.0), RED)]).play(6.0)
    assert all(lock.state == "locked" for t, lock in told if t > 1.0)


class HalfOdd(Walker):
    """Looks in part like somebody else for a second and more, as a side does that was never learnt."""

    def at(self, t):
        return replace(self, look=0.5 * RED + 0.5 * BLUE) if t > 4.0 else self


def test_who_looks_half_odd_beside_somebody_is_not_given_up():
    beside = Walker(lambda t: (2.0, 0.5) if t > 3.0 else (-3.0, 0.0), GREEN)
    told = Theatre([HalfOdd(standing(2.0, 0.0), RED), beside]).play(8.0)
    assert all(lock.state == "locked" and distance(lock, (2.0, 0.0)) < 0.3 for t, lock in told if t > 1.0)


def test_two_who_look_alike_are_not_guessed_between():
    gone = ((3.0, 9.0),)
    twin = Walker(standing(3.0, -1.0), NEARLY_RED, hidden=((0.0, 9.0),))
    ours = Walker(lambda t: (2.5, 0.0) if t < 5.0 else (3.0, 1.0), NEARLY_RED, hidden=gone)
    told = Theatre([ours, twin], look_noise=0.02).play(14.0)
    after = [lock for t, lock in told if t > 10.5]
    assert all(lock.state != "locked" for lock in after)
    assert any(len(lock.others) == 2 for lock in after)


def test_requests():
    walkers = [Walker(standing(2.0, 0.4), RED), Walker(standing(3.0, -0.6), BLUE)]
    manual = PeopleConfig(lock=LockConfig(automatic=False))
    assert Theatre(walkers, config=manual).play(3.0)[-1][1].state == "none"
    theatre = Theatre(walkers)
    first = theatre.play(2.0)[-1][1]
    other = next(t.id for t in theatre.people.tracks if t.id != first.id)
    asks = {
        2.0: LockRequest(mode="release"),
        3.0: LockRequest(mode="id", id=other),
        5.0: LockRequest(mode="nearest"),
    }
    told = dict(Theatre(walkers, requests=asks).play(7.0))
    assert told[2.9].state == "none"
    assert told[4.9].id == other
    assert distance(told[4.9], (3.0, -0.6)) < 0.2
    assert distance(told[6.9], (2.0, 0.4)) < 0.2


def test_same_input_same_lock():
    def once():
        ours = Walker(lambda t: (2.0 + 0.3 * math.sin(t), 0.2 * t - 0.5), RED, missed=0.2)
        return Theatre([ours, Walker(standing(3.0, -0.5), BLUE)], with_scan=True).play(5.0)

    assert once() == once()


def test_who_stands_too_near_for_the_camera_is_held_by_their_legs():
    path = lambda t: (max(0.9, 2.2 - 0.6 * t), 0.0)  # noqa: E731
    told = Theatre([Walker(path, RED, hidden=((3.0, 12.0),))], with_scan=True).play(12.0)
    assert all(lock.state == "locked" and distance(lock, path(t)) < 0.3 for t, lock in told if t > 1.0)


def test_legs_are_not_believed_while_somebody_else_stands_there_too():
    ours = Walker(lambda t: (max(0.9, 2.0 - 0.6 * t), 0.3), RED, hidden=((3.0, 12.0),))
    told = Theatre([ours, Walker(lambda t: (max(1.1, 2.8 - 0.6 * t), -0.3), BLUE)], with_scan=True).play(6.0)
    assert told[-1][1].state == "occluded"
