"""How the display's runs are judged: nods, locks, crossings, the way back, and copies of nods, on made-up runs."""

import math

import numpy as np
import pytest

from launch.scoring.gestures import Nod, match
from launch.scoring.hold import Hold
from launch.scoring.mimicry import mimic_figures
from launch.scoring.nearest import NearestBox
from launch.scoring.tabletop import TabletopScorer
from robot import topics
from robot.codec import MessageCodec
from robot.messages import Faces, FaceView, HeadTruth, TabletopTruth
from robot.node import Envelope
from robot.runtime.commit import Commit

FPS = 30


def head(name, azimuth, in_view=True, pitch=0.0, doing=""):
    return HeadTruth(
        name=name, x=math.cos(azimuth), y=math.sin(azimuth), z=0.4, yaw=0.0, pitch=pitch, roll=0.0, mouth=0.0,
        in_view=in_view, doing=doing,
    )  # fmt: skip


def truth(t_s, *people, error=0.0):
    return TabletopTruth(
        stamp_ns=round(t_s * 1e9), joints=(0.0,) * 4, base_tilt=0.0, base_slip_m=0.0, fallen=False, target_error=error,
        people=people,
    )  # fmt: skip


def face(number, azimuth):
    x = 240.0 - 500.0 * azimuth
    return FaceView(
        id=number, bbox=(x - 30.0, 100.0, 60.0, 80.0), azimuth=azimuth, elevation=0.0, distance_m=1.0, yaw=0.0,
        pitch=0.0, roll=0.0, mouth=0.0, score=1.0,
    )  # fmt: skip


def faces(t_s, *seen, locked=1, gesture=""):
    return Faces(stamp_ns=round(t_s * 1e9), faces=seen, lock="locked", locked_id=locked, gesture=gesture)


def commit(topic, t_s, message):
    codec = MessageCodec(topic.type)
    return Commit(topic, Envelope(topic.name, 0, round(t_s * 1e9), "test"), codec.encode(message), codec)


def play(observers, seconds, people, seen, late_s=0.02):
    """Send truth at 120 Hz and faces at 30 Hz, each `late_s` after its moment."""
    for k in range(round(seconds * 120)):
        t = k / 120
        for observer in observers:
            observer.on_commit(commit(topics.TRUTH_TABLETOP, t, truth(t, *people(t))))
            if k % 4 == 0:
                observer.on_commit(commit(topics.FACES, t + late_s, seen(t)))


def test_events_are_given_to_nods_and_what_is_left_is_false():
    nods = [Nod(1.0, 2.0, 0.5), Nod(5.0, 5.4, 0.4), Nod(9.0, 9.5, 0.5)]
    found = match(nods, [1.6, 2.5, 5.1, 7.9])
    assert found.late == {nods[0]: pytest.approx(0.1), nods[1]: pytest.approx(-0.3)}
    assert found.false == (2.5, 7.9)
    assert found.f1 == pytest.approx(2 * 2 / (2 * 2 + 2 + 1))


def test_a_short_mix_up_is_no_switch_and_a_long_one_is_one():
    people = (head("caller", 0.0), head("other", 0.4))
    hold = Hold()
    for k in range(90):
        wrong = 10 <= k < 15 or k >= 40
        hold.see(k / FPS, face(1, 0.4 if wrong else 0.0), truth(k / FPS, *people))
    assert hold.caller == "caller"
    assert hold.switches == 1
    assert hold.right_share == pytest.approx(35 / 90)


def test_a_tracker_without_identity_goes_along_with_who_passes_before_the_caller():
    """The passer covers the caller for a moment: our lock has no face then, the nearest box is the passer's."""

    def passer(t):
        return 0.6 - 0.4 * t

    def hidden(t):
        return abs(passer(t)) < 0.09

    def people(t):
        return head("caller", 0.0, in_view=not hidden(t)), head("passer", passer(t))

    def seen(t):
        both = (face(2, passer(t)),) if hidden(t) else (face(1, 0.0), face(2, passer(t)))
        return faces(t, *both)

    ours, nearest = TabletopScorer(), NearestBox()
    play([ours, nearest], 3.0, people, seen)
    metrics = ours.metrics()
    assert (metrics["id_switches"], metrics["crossings"]) == (0, 1)
    assert metrics["held_share"] == pytest.approx(1.0)
    assert nearest.hold.switches == 1
    assert nearest.hold.right_share < 0.75


@pytest.mark.parametrize("found_after", [0.2, 0.9, 9.0])
def test_the_way_back_lasts_until_the_lock_says_so_or_the_run_ends(found_after):
    def people(t):
        return (head("caller", 0.0, in_view=not 1.0 <= t < 2.0),)

    def seen(t):
        return faces(t, *([face(1, 0.0)] if t < 1.0 or t >= 2.0 + found_after else []))

    scorer = TabletopScorer()
    play([scorer], 4.0, people, seen)
    assert scorer.metrics()["relock_s"] == pytest.approx(min(found_after + 0.02, 2.0), abs=0.05)


def nodding_until(end_s, told_s=None):
    """Return the figures of a run that ends within, or after, a nod of 1 Hz that begins at its first second."""
    scorer = TabletopScorer()

    def people(t):
        down = math.radians(10) * 0.5 * (1.0 - math.cos(2.0 * math.pi * (t - 1.0)))
        return [head("caller", 0.0, pitch=down, doing="nod") if 1.0 < t < 2.0 else head("caller", 0.0)]

    def seen(t):
        return faces(t, face(1, 0.0), gesture="nod" if told_s is not None and abs(t - told_s) < 0.01 else "")

    play([scorer], end_s, people, seen)
    return scorer.metrics()


def test_a_nod_that_the_end_of_the_run_cuts_off_need_not_be_told_but_may_be():
    assert math.isnan(nodding_until(1.6)["nod_f1"])
    assert nodding_until(1.85, told_s=1.7)["nod_f1"] == 1.0
    assert nodding_until(2.4)["nod_f1"] == 0.0


def test_a_nod_s_delay_counts_from_the_end_of_its_first_cycle():
    def people(t):
        nods = 1.0 <= t < 3.0
        pitch = math.radians(5) * (1 - math.cos(2 * math.pi * 1.0 * (t - 1.0))) if nods else 0.0
        return (head("caller", 0.0, pitch=pitch, doing="nod" if nods else ""),)

    scorer = TabletopScorer()
    play([scorer], 5.0, people, lambda t: faces(t, face(1, 0.0), gesture="nod" if abs(t - 2.3) < 0.01 else ""))
    metrics = scorer.metrics()
    assert metrics["nod_f1"] == 1.0
    assert metrics["nod_latency_s"] == pytest.approx(0.3 + 0.02, abs=0.12)


@pytest.mark.parametrize(("late_s", "gain"), [(0.05, 1.0), (0.1, 0.8), (0.15, 1.3)])
def test_lag_and_gain_of_a_copy(late_s, gain):
    t = np.arange(0, 12, 1 / 120)
    inside = (t > 4) & (t < 7)

    def nodded(at):
        return np.where((at > 4) & (at < 7), np.radians(5) * (1 - np.cos(2 * np.pi * 1.0 * (at - 4))), 0.0)

    doing = ["nod" if i else "" for i in inside]
    found = mimic_figures(t, np.array([nodded(t), gain * nodded(t - late_s)]), doing)
    assert found["mimic_lag_ms"] == pytest.approx(1000 * late_s, abs=9)
    assert found["mimic_gain"] == pytest.approx(gain, rel=0.05)
    assert found["mimic_r"] > 0.99


def test_nods_deeper_than_the_limit_say_nothing_of_the_gain():
    t = np.arange(0, 8, 1 / 120)
    deep = np.where((t > 3) & (t < 5), np.radians(12) * (1 - np.cos(2 * np.pi * (t - 3))), 0.0)
    found = mimic_figures(t, np.array([deep, deep]), ["nod" if 3 < at < 5 else "" for at in t])
    assert math.isnan(found["mimic_gain"])
