"""What cannot be true of a person is left out, the frame is marked, and nothing stops or grows without bound."""

import math

import msgspec
import numpy as np
import pytest

from robot import topics
from robot.messages import DepthImage
from robot.node import Envelope, Inbox, Stamped
from robot.perception.detect import PersonDetector, PersonDetectorConfig
from robot.perception.observation import is_sane
from robot.rng import spawn
from tests.unit.perception_theatre import RED, Theatre, Walker, distance

ABSURD = [
    {"x": math.nan},
    {"y": math.inf},
    {"x": 1e6},
    {"std_m": 0.0},
    {"std_m": math.nan},
    {"height_m": -1.0},
    {"facing": math.nan},
    {"score": 7.0},
    {"appearance": np.full_like(RED, np.nan)},
    {"bbox": (0.0, 0.0, math.nan, 1.0)},
]


class Liar(Theatre):
    """Beside what is true, every frame holds a sighting that cannot be."""

    def sightings(self, stamp):
        frame = super().sightings(stamp)
        lies = [msgspec.structs.replace(p, **ABSURD[i]) for p in frame.people for i in range(len(ABSURD))]
        return msgspec.structs.replace(frame, people=(*lies, *frame.people))


def test_a_tracker_that_is_told_nonsense_goes_on():
    theatre = Liar([Walker(lambda t: (2.0 + 0.1 * t, 0.3), RED)])
    told = theatre.play(5.0)
    assert told[-1][1].state == "locked"
    assert distance(told[-1][1], (2.5, 0.3)) < 0.15
    assert len(theatre.people.tracks) == 1


@pytest.mark.parametrize("lie", ABSURD[::4])
def test_a_detector_that_finds_nonsense_leaves_it_out_and_marks_the_frame(lie, monkeypatch):
    good = Theatre([Walker(lambda t: (2.0, 0.3), RED)])
    good._rng = spawn(0, "test")
    person = good.sightings(0).people[0]
    assert is_sane(person)
    node = PersonDetector(PersonDetectorConfig(), spawn(0, "detector"))
    monkeypatch.setattr(node._detector, "find", lambda depth, image: [person, msgspec.structs.replace(person, **lie)])
    depth = DepthImage(stamp_ns=0, data=np.full((120, 160), 2000, np.uint16), fx=115.0, fy=115.0, cx=79.5, cy=59.5)
    stamped = Stamped(Envelope(topics.DEPTH.name, 0, 0, "sim"), depth)
    out = node.step(0, Inbox(0, {topics.DEPTH.name: stamped}, {topics.DEPTH.name: [stamped]}))
    node.close()
    (_, frame, valid), *_ = out.items
    assert frame.people == (person,)
    assert not valid


def test_who_is_lost_for_minutes_is_somewhere_at_home():
    told = Theatre([Walker(lambda t: (2.0, 0.0), RED, hidden=((3.0, 999.0),))]).play(120.0)
    stds = [lock.std_m for t, lock in told if t > 4.0]
    assert told[-1][1].state == "lost"
    assert all(math.isfinite(s) and s <= 5.0 for s in stds)
    assert stds[-1] > 2.0
