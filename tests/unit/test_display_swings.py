"""Gestures read from joints: each is known from its own motion, and slow motion is none."""

from __future__ import annotations

import numpy as np
import pytest

from launch.scoring.swings import gestures
from robot.motion.gestures import GESTURES

TIMES = np.arange(0.0, 12.0, 1 / 60)


@pytest.mark.parametrize("drift", [0.0, 0.05])
@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_read_as_itself(name: str, drift: float) -> None:
    joints = np.array([GESTURES[name].at(t - 3.0)[0] if t >= 3.0 else (0.0,) * 4 for t in TIMES])
    joints[:, 0] += drift * TIMES
    assert gestures(list(TIMES), joints.tolist()) == [name]


def test_turning_and_following_are_no_gestures() -> None:
    joints = np.zeros((len(TIMES), 4))
    joints[:, 0] = np.clip(TIMES - 3.0, 0.0, 2.0) - np.clip(TIMES - 8.0, 0.0, 2.0)
    joints[:, 2] = 0.1 * np.sin(0.8 * TIMES)
    assert gestures(list(TIMES), joints.tolist()) == []
