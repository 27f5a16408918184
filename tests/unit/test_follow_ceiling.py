"""The best that anybody could have followed, where it is plain what that is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tools.follow_ceiling import STEP_S, ceiling

CELL = 0.1
FREE = np.ones((40, 80), np.bool_)  # 8 x 4 m
CORNER = (0.0, 0.0)
FACING_EAST, FACING_WEST = (2.0, 2.0, 0.0), (2.0, 2.0, math.pi)


def standing(x: float, y: float, steps: int = 50) -> np.ndarray:
    return np.tile(np.array([[[x, y]]]), (steps, 1, 1))


def test_who_stands_before_it_can_be_followed_all_the_time() -> None:
    assert ceiling(FREE, CORNER, FACING_EAST, standing(3.5, 2.0)) == 1.0


def test_turning_round_takes_its_time() -> None:
    steps_turning = 6  # of 22.5 degrees, till less than 60 are left; driving aside the while may spare one
    rate = ceiling(FREE, CORNER, FACING_WEST, standing(3.5, 2.0))
    assert 1.0 - steps_turning / 50 <= rate <= 1.0 - (steps_turning - 1) / 50


def test_getting_there_takes_its_time() -> None:
    rate = ceiling(FREE, CORNER, FACING_EAST, standing(6.0, 2.0))
    assert rate == pytest.approx(1.0 - 2.0 / 1.0 / STEP_S / 50, abs=0.03)


def test_nobody_can_be_followed_through_a_wall_that_has_no_door_from_too_far() -> None:
    free = FREE.copy()
    free[:, 35:39] = False
    assert ceiling(free, CORNER, FACING_EAST, standing(6.0, 2.0)) == 0.0
    free[5:8, 35:39] = True
    assert 0.3 < ceiling(free, CORNER, FACING_EAST, standing(6.0, 2.0)) < 0.8


def test_it_keeps_off_a_stranger_and_waits_till_they_have_gone() -> None:
    free = np.zeros_like(FREE)
    free[19:22, :] = True  # a corridor that leaves no room to pass
    person, stranger = standing(6.0, 2.0, 100), standing(3.0, 2.0, 100)
    gone = stranger.copy()
    gone[40:] = (3.0, 3.9)
    assert ceiling(free, CORNER, FACING_EAST, np.concatenate([person, stranger], axis=1)) == 0.0
    assert ceiling(free, CORNER, FACING_EAST, np.concatenate([person, gone], axis=1)) == pytest.approx(0.55, abs=0.1)


def test_it_backs_off_before_somebody_who_comes() -> None:
    x = np.concatenate([np.linspace(3.5, 1.7, 50), np.full(20, 1.7)])  # 0.18 m/s
    person = np.stack([x, np.full(70, 2.0)], axis=1)[:, None, :]
    assert ceiling(FREE, CORNER, FACING_EAST, person) > 0.98
    shut = FREE.copy()
    shut[:, :19] = False
    shut[:18], shut[23:] = False, False
    assert ceiling(shut, CORNER, FACING_EAST, person) < 0.9
