"""Who keeps which number, on made-up sights: doubles who pass, people who come back, faces met in a throng."""

from dataclasses import replace

import numpy as np
import pytest

from robot.perception.faces.finder import Sight
from robot.perception.faces.look import _WEIGHTS, Look, unseen
from robot.perception.faces.tracker import FaceTracker, TrackerConfig

FPS = 30


def look(colour):
    return Look(np.full((len(_WEIGHTS), 3), float(colour)), np.ones(len(_WEIGHTS), dtype=bool))


def sight(x, size=80.0, colour=0.0):
    """A face at column x. Mesh and pose are not looked at by the tracker."""
    return Sight((x - size / 2, 100.0, size, size), 1.0, True, None, None, look(colour))


def played(frames):
    """Return per frame {number: column} of who is in view."""
    tracker, seen = FaceTracker(TrackerConfig()), []
    for k, sights in enumerate(frames):
        tracker.update(k / FPS, sights)
        seen.append({track.id: round(track.x) for track in tracker.visible})
    return seen


def passing(t, colour):
    """Somebody twice as large comes in and goes before one who stays at 240; for a moment only they are seen."""
    x = 460.0 - 200.0 * t
    passer = sight(x, 130.0, colour)
    if x > 360.0:
        return [sight(240.0)]
    return [passer] if abs(x - 240.0) < 60.0 else [sight(240.0), passer]


@pytest.mark.parametrize("colour", [0.0, 40.0])
def test_a_double_who_passes_before_somebody_is_not_taken_for_them(colour):
    seen = played([passing(k / FPS, colour) for k in range(60)])
    caller = next(number for number, x in seen[1].items() if x == 240)
    hidden = [frame for k, frame in enumerate(seen) if 0.85 < k / FPS < 1.35]
    assert hidden
    assert all(caller not in frame for frame in hidden)
    assert seen[-1][caller] == 240


def test_somebody_who_comes_back_elsewhere_is_the_same_and_a_stranger_is_not():
    away = [[] for _ in range(90)]
    seen = played([[sight(240.0)]] * 30 + away + [[sight(100.0)]] * 20)
    assert seen[29].keys() == seen[-1].keys()
    seen = played([[sight(240.0)]] * 30 + away + [[sight(100.0, colour=40.0)]] * 20)
    assert seen[29].keys() != seen[-1].keys()


def test_a_face_first_seen_half_covered_turns_out_to_be_who_is_missing():
    """Beside somebody whose shoulder covers it, it looks like nobody known; alone it looks like the missing one."""
    covered = [[sight(600.0, colour=12.0), sight(680.0, colour=60.0)]] * 25
    seen = played([[sight(240.0)]] * 40 + [[]] * 30 + covered + [[sight(600.0)]] * 30)
    assert seen[39].keys() == seen[-1].keys()


def test_a_sight_that_shows_no_colours_is_who_should_be_there():
    seen = played([[sight(240.0)]] * 30 + [[replace(sight(243.0), look=unseen())]] + [[sight(246.0)]])
    assert [set(frame) for frame in seen[-3:]] == [{1}] * 3


def test_a_misread_face_in_the_place_of_one_just_missed_gets_no_number_at_once():
    seen = played([[sight(240.0)]] * 30 + [[sight(242.0, colour=60.0)]] * 2 + [[sight(245.0)]] * 20)
    assert set().union(*seen) == {1}
    stranger = played([[sight(240.0)]] * 30 + [[sight(242.0, colour=60.0)]] * 10)
    assert set(stranger[-1]) == {2}
