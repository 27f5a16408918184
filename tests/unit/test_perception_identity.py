"""Evidence of identity: band by band, with height, and nothing where nothing can be compared."""

import numpy as np
import pytest

from robot.perception.appearance import BANDS, BINS, SIZE
from robot.perception.identity import IdentityConfig, Portrait, shows_enough
from tests.unit.perception_theatre import BLUE, RED, look_of

CONFIG = IdentityConfig()


def portrait(*looks, height_m=1.7):
    made = Portrait(CONFIG)
    for look in looks or (RED,):
        for _ in range(6):
            made.learn(look, height_m)
    return made


def only(look, *bands):
    kept = np.zeros((BANDS, BINS), dtype=np.float32)
    kept[list(bands)] = look.reshape(BANDS, BINS)[list(bands)]
    return kept.ravel()


def test_the_same_clothes_speak_for_and_others_against():
    known = portrait()
    assert known.evidence(RED, 0.0) > 4.0
    assert known.evidence(BLUE, 0.0) < -4.0


def test_one_band_proves_less_than_four_and_never_enough():
    known = portrait()
    evidence = [known.evidence(only(RED, *range(n)), 0.0) for n in range(1, BANDS + 1)]
    assert evidence == sorted(evidence)
    assert evidence[0] < 4.0 < evidence[-1]


def test_a_known_part_does_not_outweigh_a_part_that_differs():
    known = portrait(only(RED, 0), RED)  # once only the shins were in view
    shins_alike = look_of((7, 4, 3, 2))
    assert known.evidence(shins_alike, 0.0) < 0.0


@pytest.mark.parametrize(("height_m", "sign"), [(1.72, 1.0), (1.1, -1.0)])
def test_height_speaks_where_it_is_in_view(height_m, sign):
    known = portrait()
    some = only(RED, 0)
    assert sign * (known.evidence(some, height_m) - known.evidence(some, 0.0)) > 0.5


def test_nothing_to_compare_says_nothing():
    assert Portrait(CONFIG).evidence(RED, 1.7) == 0.0
    assert portrait(only(RED, 3)).evidence(only(RED, 0), 0.0) == 0.0
    assert portrait().evidence(np.zeros(SIZE, np.float32), 0.0) == 0.0


def test_legs_alone_are_not_worth_learning():
    assert shows_enough(RED)
    assert not shows_enough(only(RED, 1))
