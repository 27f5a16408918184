"""Gestures from the angles of a head: nods of all sizes and rates, and what only looks like one."""

import math

import numpy as np
import pytest

from robot.perception.faces.gestures import GestureConfig, GestureWatcher
from sim.people.head_scripts import HeadAngles, glance, look_alike, nod, random_nod, read, shake, talk

FPS, LEAD_S = 30, 1.5


def watch(script, seed=0):
    """Return [(t since the script's start, gesture)] of a head that shivers by half a degree."""
    rng, watcher, found = np.random.default_rng(seed), GestureWatcher(GestureConfig()), []
    for k in range(int((LEAD_S + script.seconds + 1.5) * FPS)):
        t = k / FPS
        angles = script.at(t - LEAD_S) if t >= LEAD_S else HeadAngles()
        yaw, pitch, roll = np.array([angles.yaw, angles.pitch, -angles.roll]) + rng.normal(0, math.radians(0.4), 3)
        gesture = watcher.push(t, 0.1 + yaw, 0.05 + pitch, roll, 0.25 * angles.mouth)
        if gesture:
            found.append((t - LEAD_S, gesture))
    return found


@pytest.mark.parametrize(
    ("hz", "degrees", "cycles"), [(0.6, 6, 1), (0.6, 20, 3), (1.5, 12, 2), (3.0, 6, 4), (2.5, 15, 1)]
)
def test_a_nod_is_one_event_soon_after_its_first_cycle(hz, degrees, cycles):
    found = watch(nod(hz, math.radians(degrees), cycles))
    assert [gesture for _, gesture in found] == ["nod"]
    assert found[0][0] < 1 / hz + 0.5


def test_a_shake_is_a_shake():
    assert [g for _, g in watch(shake(1.4, math.radians(20), 2))] == ["shake"]


def test_a_lean_is_a_tilt_once():
    watcher, found = GestureWatcher(GestureConfig()), []
    for k in range(120):
        found.append(watcher.push(k / FPS, 0.0, 0.0, math.radians(18) if k > 40 else 0.0))
    assert [g for g in found if g] == ["tilt"]


def test_a_look_at_a_phone_is_nothing():
    assert watch(glance(math.radians(25), 0.0, 0.4, 1.0, "phone")) == []


def test_two_nods_are_two_events():
    watcher, found = GestureWatcher(GestureConfig()), []
    script = nod(1.5, math.radians(12), 2)
    for k in range(200):
        t = k / FPS
        angles = script.at(t - 1.0).plus(script.at(t - 4.0))
        found.append(watcher.push(t, 0.0, angles.pitch, 0.0))
    assert found.count("nod") == 2


def test_nods_among_look_alikes():
    rng = np.random.default_rng(7)
    nods = [[g for _, g in watch(random_nod(rng), i)] for i in range(60)]
    others = [[g for _, g in watch(look_alike(rng), i)] for i in range(60)]
    right = sum("nod" in found for found in nods)
    wrong = sum(found.count("nod") for found in others) + sum(max(0, found.count("nod") - 1) for found in nods)
    assert 2 * right / (right + wrong + 60) >= 0.95


def test_three_minutes_of_talking_and_reading_hold_no_gesture():
    rng = np.random.default_rng(5)
    scripts = [maker(rng, 30.0) for maker in (talk, read, talk, read, talk, read)]
    assert [found for i, script in enumerate(scripts) for found in watch(script, i)] == []


def test_shakes_of_all_sizes_are_found():
    rng = np.random.default_rng(3)
    shakes = [
        shake(rng.uniform(0.8, 2.2), math.radians(rng.uniform(12, 40)), int(rng.integers(1, 4))) for _ in range(20)
    ]
    assert all("shake" in [g for _, g in watch(script, i)] for i, script in enumerate(shakes))


def test_a_head_that_was_away_starts_anew():
    watcher = GestureWatcher(GestureConfig())
    watcher.push(0.0, 0.0, 0.0, 0.0)
    watcher.push(0.1, 0.0, 0.3, 0.0)
    assert watcher.push(5.0, 0.0, 0.0, 0.0) is None
