"""`Housemate/Tabletop-v0`: keep a person in the middle of the display's picture without falling over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium import spaces

from launch.envs.base import Arrays, HousemateEnv
from launch.profiles import RunSpec
from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.clock import NS_PER_S

SERVOS = TabletopBody().servos
FALL_REWARD = -10.0
CENTRED = math.radians(20.0)  # off by this much is worth nothing


class TabletopEnv(HousemateEnv):
    """Reward: 1 a step with the person in the middle of the picture, falling to 0 at 20 degrees beside it.

    Action: rates of base yaw, boom pitch, display pitch and display roll, as shares of their servos' fastest; 30 a
    second. Observed: "joints" (4,) rad as measured; "face" (7,): azimuth, elevation, the head's yaw, pitch and roll
    (rad), distance (m), and seconds since the face was seen; zeros before the first.
    """

    metadata = {"render_modes": [], "render_fps": 30}  # noqa: RUF012  # as Gymnasium types it
    profile = "tabletop"
    replaced = ("arm",)
    hands = "launch.envs.hands:Mover"
    period_s = 1.0 / 30.0
    truth = topics.TRUTH_TABLETOP
    limits = tuple(servo.rate for servo in SERVOS)

    def __init__(self, world: str | None = None, render_mode: str | None = None) -> None:
        """As HousemateEnv."""
        low = np.array([servo.low for servo in SERVOS], np.float32) - 0.1
        high = np.array([servo.high for servo in SERVOS], np.float32) + 0.1
        nearest, farthest = np.array([-4.0] * 5 + [0.0, 0.0]), np.array([4.0] * 5 + [10.0, 60.0])
        face = spaces.Box(nearest.astype(np.float32), farthest.astype(np.float32))
        super().__init__({"joints": spaces.Box(low, high), "face": face}, world, render_mode)
        self._face = np.zeros(7, np.float32)
        self._seen_ns = 0

    def begin(self, spec: RunSpec) -> None:
        """Forget the last episode's face."""
        self._face = np.zeros(7, np.float32)

    def observe(self) -> Arrays:
        """Return joints and face."""
        states, faces = self._newest.get(topics.JOINT_STATES), self._newest.get(topics.FACES)
        joints = np.array((0.0,) * 4 if states is None else states.measured, np.float32)
        for face in () if faces is None else faces.faces:
            if faces is not None and face.id == faces.locked_id:
                self._seen_ns = faces.stamp_ns
                seen = (face.azimuth, face.elevation, face.yaw, face.pitch, face.roll, face.distance_m, 0.0)
                self._face = np.array(seen, np.float32)
        if states is not None and self._face.any():
            self._face[6] = (states.stamp_ns - self._seen_ns) / NS_PER_S
        return self.shown({"joints": joints, "face": self._face})

    def judge(self, truths: list[Any]) -> tuple[float, bool, dict[str, Any]]:
        """Return how well the person is in the middle; a fall ends the episode."""
        truth = truths[-1]
        if any(t.fallen for t in truths):
            return FALL_REWARD, True, {"touched": "the display fell over"}
        off = abs(truth.target_error) if math.isfinite(truth.target_error) else math.pi
        return max(0.0, 1.0 - off / CENTRED), False, {}
