"""Gestures and tasks of the display: nothing tips, nothing leaves its limits, and "still" is still."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.random import default_rng

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.messages import ArmProgress, ArmTask, Faces, JointSetpoints
from robot.motion.gestures import GESTURES, NONE
from robot.motion.node import ArmConfig, ArmMotion, ArmNode
from robot.motion.stability import StabilityConfig
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from tests.unit.display_theatre import FACE

BODY, DT = TabletopBody(), 1 / 120
MARGINS = StabilityConfig()


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_begins_and_ends_where_the_display_looks_without_a_jump(name: str) -> None:
    gesture = GESTURES[name]
    times = np.arange(0.0, gesture.seconds + 0.1, 0.001)
    places = np.array([gesture.at(t)[0] for t in times])
    rates = np.array([gesture.at(t)[1] for t in times])
    assert gesture.at(0.0) == (NONE, NONE)
    assert gesture.at(gesture.seconds) == (NONE, NONE)
    assert np.abs(np.diff(places, axis=0)).max() < 0.005
    assert np.allclose(np.gradient(places, 0.001, axis=0), rates, atol=0.06)


@pytest.mark.parametrize("yaw", [0.0, 0.8, -2.7925])
@pytest.mark.parametrize("name", GESTURES)
def test_no_gesture_comes_near_to_tipping_or_leaves_the_limits(name: str, yaw: float) -> None:
    arm, gesture = ArmMotion(ArmConfig()), GESTURES[name]
    looks = (yaw, 0.05, -0.05, 0.0)
    for _ in range(360):
        arm.advance(looks, NONE)
    for step in range(round((gesture.seconds + 0.5) / DT)):
        offsets, rates = gesture.at(step * DT)
        load, _ = arm.advance(tuple(a + b for a, b in zip(looks, offsets, strict=True)), rates)
        assert max(abs(load.x), abs(load.y)) <= MARGINS.margin * BODY.foot_half
        assert load.grip <= MARGINS.grip
        assert all(servo.low <= p <= servo.high for servo, p in zip(BODY.servos, arm.positions, strict=True))
    assert arm.positions == pytest.approx(looks, abs=0.01)


class Bench:
    """An arm node that sees one face straight ahead, and is given tasks."""

    def __init__(self) -> None:
        self.node = ArmNode(ArmConfig(), default_rng(0))
        self.now_ns, self.number, self.pitch = 0, 0, 0.0
        self.joints: tuple[float, ...] = ()
        self.progress: ArmProgress | None = None

    def run(self, seconds: float, task: dict[str, Any] | None = None) -> list[tuple[float, ...]]:
        """Let time pass, after a task; return the joints of each step."""
        path = []
        for step in range(round(seconds / DT)):
            messages: dict[Topic[Any], Message] = {}
            if task is not None and step == 0:
                self.number += 1
                messages[topics.ARM_TASK] = ArmTask(stamp_ns=self.now_ns, number=self.number, **task)
            if step % 4 == 0:
                messages[topics.FACES] = self._faces()
            stamped = {t.name: Stamped(Envelope(t.name, 0, self.now_ns, "bench"), m) for t, m in messages.items()}
            out = self.node.step(self.now_ns, Inbox(self.now_ns, stamped, {n: [s] for n, s in stamped.items()}))
            for _, message, _ in out.items:
                if isinstance(message, JointSetpoints):
                    self.joints = message.positions
                elif isinstance(message, ArmProgress):
                    self.progress = message
            path.append(self.joints)
            self.now_ns += round(1e9 * DT)
        return path

    def _faces(self) -> Faces:
        nod = self.pitch * math.sin(2.0 * math.pi * 1.2 * self.now_ns / 1e9)
        face = {name: getattr(FACE, name) for name in FACE.__struct_fields__} | {"id": 1, "pitch": nod}
        return Faces(stamp_ns=self.now_ns, faces=(type(FACE)(**face),), lock="locked", locked_id=1)


def test_before_any_task_the_arm_tells_nothing_of_tasks() -> None:
    bench = Bench()
    bench.run(1.0)
    assert bench.progress is None


def test_it_looks_along_a_direction_and_back_at_the_face() -> None:
    bench = Bench()
    bench.run(1.0)
    bench.run(2.0, {"look": "direction", "azimuth": 1.0, "elevation": 0.2})
    assert bench.progress is not None
    assert bench.progress.done
    assert bench.joints[0] == pytest.approx(1.0, abs=0.02)
    assert -bench.joints[1] - bench.joints[2] == pytest.approx(0.2, abs=0.02)
    bench.run(2.0, {"look": "face"})
    assert bench.joints[0] == pytest.approx(0.0, abs=0.02)


def test_still_is_still_at_once_and_a_gesture_then_comes_back_there() -> None:
    bench = Bench()
    bench.run(0.4, {"look": "direction", "azimuth": 1.5})
    bench.run(0.5, {"look": "still"})
    stands = bench.joints
    assert np.ptp(np.array(bench.run(1.0)), axis=0).max() < 1e-3
    nodded = bench.run(2.5, {"look": "still", "gesture": "nod"})
    assert max(joints[2] for joints in nodded) > stands[2] + 0.15
    assert bench.joints == pytest.approx(stands, abs=0.01)


def test_the_head_is_copied_as_the_task_says_but_never_within_a_gesture() -> None:
    bench = Bench()
    bench.pitch = math.radians(8.0)
    bench.run(3.0, {"look": "face", "mimic": True})
    copied = np.ptp(np.array(bench.run(2.0))[:, 2])
    bench.run(1.0, {"look": "face", "mimic": False})
    left = np.ptp(np.array(bench.run(2.0))[:, 2])
    tilted = np.array(bench.run(1.8, {"look": "face", "mimic": True, "gesture": "tilt"}))
    assert copied > math.radians(8.0)
    assert left < math.radians(1.0)
    assert np.ptp(tilted[60:, 2]) < math.radians(1.0)
