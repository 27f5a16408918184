"""Where a lost person may be, and where to look for them first."""

from __future__ import annotations

import math

import numpy as np
import pytest

from policies.follow.search import Search
from policies.follow.trail import Person
from robot.geometry import Pose2
from robot.rng import spawn
from tests.unit.follow_ground import CONFIG, ROBOT, a_ground


def test_guesses_walk_on_and_not_through_walls() -> None:
    ground = a_ground((1.5, -4.0, 1.7, 4.0))
    search = Search(Person(0.5, 0.0, 0.8, 0.0), 0.1, CONFIG, spawn(1, "search"))
    for _ in range(40):
        search.walk(0.1, ground)
    assert search.guesses[:, 0].max() < 1.6
    assert np.abs(search.guesses[:, 1]).max() > 0.5


def test_a_look_moves_the_guesses_to_where_nothing_was_seen() -> None:
    wall = (1.5, -0.5, 1.6, 4.0)  # hides what is beyond it on the left
    ground = a_ground(wall)
    search = Search(Person(1.4, 0.0, 0.6, 0.6), 0.5, CONFIG, spawn(1, "search"))
    hidden_before = float((~ground.in_sight(search.guesses, 0.0, 0.0)).mean())
    for _ in range(15):
        search.look(ROBOT, ground, [])
    hidden = float((~ground.in_sight(search.guesses, 0.0, 0.0)).mean())
    assert hidden > hidden_before + 0.2


def test_someone_standing_before_the_camera_hides_who_is_behind() -> None:
    def left(others: list[Person]) -> float:
        search = Search(Person(2.5, 0.0), 0.1, CONFIG, spawn(1, "search"))
        before = search.guesses.copy()
        search.look(ROBOT, a_ground(), others)
        return float((search.guesses == before).all(axis=1).mean())

    assert left([Person(1.2, 0.0)]) > left([]) + 0.1


def test_a_place_that_cannot_be_got_to_is_given_up() -> None:
    ground = a_ground((1.5, -1.0, 1.6, 4.0))
    search = Search(Person(3.0, 1.0), 0.2, CONFIG, spawn(1, "search"))
    aims = [search.aim(ROBOT, ground, i * 100_000_000) for i in range(80)]  # the robot neither turns nor drives
    first, last = aims[0], aims[-1]
    assert first.drive  # nothing of where they may be shows from here
    assert math.dist((first.x, first.y), (3.0, 1.0)) < 1.0
    assert math.dist((last.x, last.y), (first.x, first.y)) > 1.0


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_looks_around_no_farther_than_to_where_they_may_be(side: float) -> None:
    search = Search(Person(-1.0, 2.0 * side), 0.2, CONFIG, spawn(1, "search"))
    yaw, turned = 0.0, 0.0
    for i in range(60):
        aim = search.aim(Pose2(0.0, 0.0, yaw), a_ground(), i * 100_000_000)
        if aim.drive:
            break
        step = math.copysign(0.15, Pose2(0.0, 0.0, yaw).bearing_to(aim.x, aim.y))
        yaw, turned = yaw + step, turned + step
    assert aim.drive
    assert 1.0 < side * turned < 2.3
