"""The rover's drive: takes twists like the real motor controller, and tells where the base really is.

It limits acceleration, brakes by itself when no command came for `watchdog_s`, treats a command that is not a number
as none, and turns the wheels with velocity motors of limited torque; the floor decides whether they grip.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.messages import CmdVel
from sim.bullet import pybullet
from sim.scene import CASTER_GROUP, PHYSICS_HZ, WHEEL_GROUP

BODIES = Path(__file__).resolve().parent.parent / "robot" / "bodies"
MOTOR_TORQUE = 4.0  # Nm per wheel; 1.5 m/s² of 12 kg takes 0.72
WHEEL_FRICTION = 1.0  # rubber; times the floor's own
SLIPPERY_FRICTION = 0.06  # soap; times the floor's own


@dataclass(frozen=True)
class BaseState:
    """Where base_link really is, map frame, SI."""

    position: NDArray[np.float64]  # (3,)
    rotation: NDArray[np.float64]  # (3, 3) base_link to map
    yaw: float
    velocity: NDArray[np.float64]  # (3,) of base_link's origin, map
    angular: NDArray[np.float64]  # (3,) map
    wheel_left: float  # rad turned
    wheel_right: float

    @property
    def forward_speed(self) -> float:
        """Return the speed along base_link's x axis, m/s."""
        return float(self.velocity @ self.rotation[:, 0])

    @property
    def tilt(self) -> float:
        """Return the angle between base_link's z axis and the vertical, rad."""
        return math.acos(max(-1.0, min(1.0, float(self.rotation[2, 2]))))


class RoverBase:
    """The rover in a physics client."""

    def __init__(self, client: int, body: RoverBody, x: float, y: float, z: float, yaw: float) -> None:
        """Put the rover on the floor at (x, y, z) in map, facing yaw (rad)."""
        self._client, self._body = client, body
        flags = pybullet.URDF_USE_INERTIA_FROM_FILE
        urdf = BODIES / body.name / f"{body.name}.urdf"
        self.id: int = pybullet.loadURDF(str(urdf), flags=flags, physicsClientId=client)
        left, right, *casters = self._joints(
            "left_wheel_joint", "right_wheel_joint", "front_caster_joint", "rear_caster_joint"
        )
        self._wheels = (left, right)
        center = pybullet.getDynamicsInfo(self.id, -1, physicsClientId=client)[3]
        self._center_of_mass = np.array(center)
        turn = pybullet.getQuaternionFromEuler((0.0, 0.0, yaw))
        start = np.array([x, y, z]) + _matrix(turn) @ self._center_of_mass
        pybullet.resetBasePositionAndOrientation(self.id, start, turn, physicsClientId=client)
        for joint in casters:
            self._grease(joint)
        for group, joints in ((WHEEL_GROUP, self._wheels), (CASTER_GROUP, casters)):
            for joint in joints:
                pybullet.setCollisionFilterGroupMask(self.id, joint, group, -1, physicsClientId=client)
        self._grip(WHEEL_FRICTION)
        self._slipping = False
        self._v, self._omega = 0.0, 0.0  # twist the motor controller asks of the wheels now
        self._wanted = (0.0, 0.0)
        self._emergency = False
        self._heard_ns: int | None = None
        self._sent: tuple[float, float] | None = None
        self._colors: list[tuple[int, tuple[float, ...]]] = []  # link and colour of each visual shape

    def command(self, now_ns: int, command: CmdVel | None) -> None:
        """Take a new command, or None when none came at this tick."""
        drive = self._body.drive
        if command is not None and math.isfinite(command.v) and math.isfinite(command.omega):
            self._heard_ns = now_ns
            v = min(max(command.v, drive.v_min), drive.v_max)
            self._wanted = (v, min(max(command.omega, -drive.omega_max), drive.omega_max))
            self._emergency = command.brake
        elif self._heard_ns is None or now_ns - self._heard_ns > drive.watchdog_s * NS_PER_S:
            self._wanted = (0.0, 0.0)
            self._emergency = True

    def slip(self, slipping: bool) -> None:
        """Make the floor under the wheels slippery, or not."""
        if slipping != self._slipping:
            self._slipping = slipping
            self._grip(SLIPPERY_FRICTION if slipping else WHEEL_FRICTION)

    def drive(self) -> None:
        """Move the wheels' set point toward the wanted twist by one physics step."""
        if self._sent is not None and (self._v, self._omega) == self._wanted:
            return
        drive, dt = self._body.drive, 1.0 / PHYSICS_HZ
        braking = drive.emergency_braking if self._emergency else drive.braking
        self._v = _toward(self._v, self._wanted[0], drive.acceleration * dt, braking * dt)
        limit = drive.angular_acceleration * dt
        self._omega = _toward(self._omega, self._wanted[1], limit, limit)
        wheels = self._body.wheels
        turn = self._omega * wheels.separation / 2.0
        speeds = ((self._v - turn) / wheels.radius, (self._v + turn) / wheels.radius)
        if speeds != self._sent:
            pybullet.setJointMotorControlArray(
                self.id,
                self._wheels,
                pybullet.VELOCITY_CONTROL,
                targetVelocities=speeds,
                forces=(MOTOR_TORQUE, MOTOR_TORQUE),
                physicsClientId=self._client,
            )
            self._sent = speeds

    def state(self) -> BaseState:
        """Return where the base is."""
        position, turn = pybullet.getBasePositionAndOrientation(self.id, physicsClientId=self._client)
        linear, angular = pybullet.getBaseVelocity(self.id, physicsClientId=self._client)
        left, right = pybullet.getJointStates(self.id, self._wheels, physicsClientId=self._client)
        rotation = _matrix(turn)
        arm = rotation @ self._center_of_mass
        spin = np.array(angular)
        return BaseState(
            position=np.array(position) - arm,
            rotation=rotation,
            yaw=math.atan2(rotation[1, 0], rotation[0, 0]),
            velocity=np.array(linear) - _cross(spin, arm),
            angular=spin,
            wheel_left=left[0],
            wheel_right=right[0],
        )

    def hide(self) -> None:
        """Make the rover invisible to the renderer: its own camera never sees it, and it costs time."""
        if not self._colors:
            shapes = pybullet.getVisualShapeData(self.id, physicsClientId=self._client)
            self._colors = [(shape[1], shape[7]) for shape in shapes]
        for link in range(-1, pybullet.getNumJoints(self.id, physicsClientId=self._client)):
            pybullet.changeVisualShape(self.id, link, rgbaColor=(0.0, 0.0, 0.0, 0.0), physicsClientId=self._client)

    def show(self) -> None:
        """Make it visible again: to the camera of another body."""
        count: Counter[int] = Counter()
        for link, color in self._colors:
            pybullet.changeVisualShape(
                self.id, link, shapeIndex=count[link], rgbaColor=color, physicsClientId=self._client
            )
            count[link] += 1

    def _joints(self, *names: str) -> list[int]:
        count = pybullet.getNumJoints(self.id, physicsClientId=self._client)
        infos = [pybullet.getJointInfo(self.id, i, physicsClientId=self._client) for i in range(count)]
        by_name = {info[1].decode(): info[0] for info in infos}
        return [by_name[name] for name in names]

    def _grease(self, joint: int) -> None:
        pybullet.changeDynamics(
            self.id,
            joint,
            lateralFriction=0.0,
            spinningFriction=0.0,
            rollingFriction=0.0,
            physicsClientId=self._client,
        )

    def _grip(self, friction: float) -> None:
        for joint in self._wheels:
            pybullet.changeDynamics(self.id, joint, lateralFriction=friction, physicsClientId=self._client)


def _matrix(turn: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(pybullet.getMatrixFromQuaternion(turn)).reshape(3, 3)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a x b of single vectors, without numpy's overhead for stacks."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _toward(now: float, goal: float, faster: float, slower: float) -> float:
    """Return `now` moved toward `goal`, by at most `faster` away from zero and `slower` toward it."""
    step = faster if abs(goal) > abs(now) and goal * now >= 0.0 else slower
    return now + min(max(goal - now, -step), step)
