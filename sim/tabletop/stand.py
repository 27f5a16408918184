"""The display in PyBullet: a free base on a desk, and four joints driven as hobby servos drive them.

A servo hears of a setpoint late, ignores what is within its dead band, goes no faster than it can, and pushes no harder
than its torque. Nothing holds the base but its weight and the friction of its feet.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import robot.bodies.tabletop.body as tabletop
from robot.bodies.tabletop.body import Servo, TabletopBody
from sim.bullet import pybullet

URDF = Path(tabletop.__file__).with_name("tabletop.urdf")
PHYSICS_HZ = 240
FALLEN_RAD = 0.35
DISPLAY_LINK = 3
LIMP_SHARE = 0.1  # of its stalled torque: what a servo's gears resist without power


class ServoModel:
    """What one servo's own loop asks of its motor."""

    def __init__(self, servo: Servo) -> None:
        self._servo = servo
        self._heard: deque[float] = deque([0.0] * (round(servo.latency_s * PHYSICS_HZ) + 1))
        self._aim = 0.0
        self.position = 0.0

    def push(self, setpoint: float) -> float:
        """Take this step's setpoint; return where the motor is driven to, rad."""
        self._heard.append(setpoint)
        heard = self._heard.popleft()
        if abs(heard - self._aim) > self._servo.dead_band:
            self._aim = heard
        dt = 1.0 / PHYSICS_HZ
        step = (self._aim - self.position) * (1.0 - math.exp(-dt / self._servo.time_constant_s))
        most = self._servo.rate * dt
        self.position += min(most, max(-most, step))
        return self.position

    def turned(self, position: float) -> None:
        """Note where the joint was turned to while the motor was off."""
        self.position = self._aim = position
        self._heard = deque([position] * len(self._heard))


@dataclass(frozen=True)
class StandState:
    """Where the stand really is: joints (rad), the base's place (m) and tilt (rad)."""

    joints: tuple[float, ...]
    place: NDArray[np.float64]
    turn: NDArray[np.float64]
    tilt: float
    slip_m: float

    @property
    def fallen(self) -> bool:
        """Whether it lies on its side."""
        return self.tilt > FALLEN_RAD


class Stand:
    """The display on its desk."""

    def __init__(self, client: int, body: TabletopBody, payload_kg: float) -> None:
        """Put it on the desk, whose top is z = 0 and belongs to somebody else."""
        self._client, self._body = client, body
        self.id = pybullet.loadURDF(
            str(URDF), [0.0, 0.0, 0.0], flags=pybullet.URDF_USE_INERTIA_FROM_FILE, physicsClientId=client
        )
        for link in range(-1, 4):
            pybullet.changeDynamics(
                self.id, link, lateralFriction=body.friction, linearDamping=0.0, angularDamping=0.0,
                jointDamping=0.0, physicsClientId=client,
            )  # fmt: skip
        if payload_kg != body.payload.mass:
            self._carry(payload_kg)
        self._servos = [ServoModel(servo) for servo in body.servos]
        self._start = self.state().place

    def drive(self, setpoints: Sequence[float]) -> None:
        """Let every servo push toward its setpoint (rad) during the next step; one without, NaN, is limp."""
        for i, (model, servo, setpoint) in enumerate(zip(self._servos, self._body.servos, setpoints, strict=True)):
            if math.isnan(setpoint):
                self._limp(i, model, servo)
                continue
            pybullet.setJointMotorControl2(
                self.id, i, pybullet.POSITION_CONTROL, targetPosition=model.push(setpoint), positionGain=0.35,
                velocityGain=1.0, force=servo.torque, physicsClientId=self._client,
            )  # fmt: skip

    def _limp(self, joint: int, model: ServoModel, servo: Servo) -> None:
        """Let nothing but its gears hold a joint."""
        model.turned(float(pybullet.getJointState(self.id, joint, physicsClientId=self._client)[0]))
        pybullet.setJointMotorControl2(
            self.id, joint, pybullet.VELOCITY_CONTROL, targetVelocity=0.0, force=LIMP_SHARE * servo.torque,
            physicsClientId=self._client,
        )  # fmt: skip

    def state(self) -> StandState:
        """Return where everything is."""
        states = pybullet.getJointStates(self.id, range(4), physicsClientId=self._client)
        centre, quaternion = pybullet.getBasePositionAndOrientation(self.id, physicsClientId=self._client)
        turn = np.array(pybullet.getMatrixFromQuaternion(quaternion)).reshape(3, 3)
        place = np.array(centre) - turn @ np.array([0.0, 0.0, self._body.base_centre_z])
        start = getattr(self, "_start", place)
        slip = float(np.linalg.norm((place - start)[:2]))
        tilt = math.acos(min(1.0, max(-1.0, float(turn[2, 2]))))
        return StandState(tuple(float(s[0]) for s in states), place, turn, tilt, slip)

    def camera_pose(self, state: StandState) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the camera's place (3,) and optical axes (3, 3) in the room."""
        place, axes = self._body.camera_pose(state.joints)
        return state.place + state.turn @ place, state.turn @ axes

    def _carry(self, mass: float) -> None:
        """Change the display's mass, and its inertia with it."""
        info = pybullet.getDynamicsInfo(self.id, DISPLAY_LINK, physicsClientId=self._client)
        ratio = mass / info[0]
        pybullet.changeDynamics(
            self.id, DISPLAY_LINK, mass=mass, localInertiaDiagonal=[i * ratio for i in info[2]],
            physicsClientId=self._client,
        )  # fmt: skip


def start_physics() -> int:
    """Return a physics client with gravity and a desk whose top is z = 0."""
    client: int = pybullet.connect(pybullet.DIRECT)
    pybullet.setGravity(0.0, 0.0, -9.81, physicsClientId=client)
    pybullet.setPhysicsEngineParameter(
        fixedTimeStep=1.0 / PHYSICS_HZ, numSolverIterations=100, deterministicOverlappingPairs=1,
        physicsClientId=client,
    )  # fmt: skip
    half = (0.45, 0.8, 0.02)
    shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=client)
    seen = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=half, rgbaColor=[0.62, 0.48, 0.35, 1.0], physicsClientId=client
    )
    desk = pybullet.createMultiBody(0.0, shape, seen, [0.05, 0.0, -0.02], physicsClientId=client)
    pybullet.changeDynamics(desk, -1, lateralFriction=1.0, physicsClientId=client)
    return client
