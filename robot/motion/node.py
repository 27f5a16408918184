"""The arm node: looks at the locked face, mimics its head, and asks for joint positions that cannot tip the stand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.bounds import AtLeastZero
from robot.messages import ArmProgress, ArmState, Faces, FaceView, JointSetpoints
from robot.motion.errand import Errand
from robot.motion.gaze import Gaze, GazeConfig
from robot.motion.mimicry import HeadMimic, MimicConfig
from robot.motion.stability import Load, StabilityConfig, StabilityLimiter
from robot.motion.trajectory import JointMotion
from robot.node import Inbox, Node, Outbox

RATE_HZ = 120
REPORT_EVERY = 4  # steps
FORGET_S = 0.25  # without a face for so long, its last speed is no guide
THERE = math.radians(1.5)  # of all joints: so near is where they shall be
AT_REST = math.radians(2.0)  # rad/s

Joints = tuple[float, ...]


@dataclass(frozen=True)
class ArmConfig:
    """Settings of the arm node."""

    gaze: GazeConfig = field(default_factory=GazeConfig)
    mimic: MimicConfig = field(default_factory=MimicConfig)
    stability: StabilityConfig = field(default_factory=StabilityConfig)
    payload_kg: AtLeastZero = 1.1
    copies_call: bool = False  # who is mimicked: the other end of a call instead of the locked face


class ArmNode(Node):
    """From faces to joints."""

    inputs = (topics.FACES, topics.CALL_FACES, topics.ARM_TASK)
    outputs = (topics.JOINTS_WANTED, topics.ARM_STATE, topics.ARM_PROGRESS)
    rate_hz = RATE_HZ

    def __init__(self, config: ArmConfig, rng: Generator) -> None:
        del rng
        self._config = config
        self._arm = ArmMotion(config)
        self._gaze, self._mimic = Gaze(config.gaze), HeadMimic(config.mimic)
        self._down, self._lean = (0.0, 0.0), (0.0, 0.0)
        self._seen_s = self._copied_s = -1.0
        self._mode: str = "idle"
        self._errand = Errand()
        self._stands: Joints = self._arm.positions
        self._now_s = 0.0
        self._steps = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Take in new faces, and move on by one step."""
        self._now_s = now_s = now_ns / 1e9
        task = inbox.fresh(topics.ARM_TASK)
        if task is not None:
            self._errand.take(task, now_s)
        for stamped in inbox.new(topics.FACES):
            if stamped.envelope.valid:
                self._see(stamped.message)
        for stamped in inbox.new(topics.CALL_FACES):
            if stamped.envelope.valid and self._config.copies_call:
                self._copy(stamped.message)
        if now_s - self._seen_s > FORGET_S:
            self._gaze.rest()
        if now_s - self._copied_s > FORGET_S:
            self._down, self._lean = (0.0, 0.0), (0.0, 0.0)  # upright again: bowed, the camera would not find them
        load, held = self._move(now_s)
        out = Outbox().put(topics.JOINTS_WANTED, JointSetpoints(stamp_ns=now_ns, positions=self._arm.positions))
        if self._steps % REPORT_EVERY == 0:
            out.put(topics.ARM_STATE, self._report(now_ns, load, held))
            if self._errand.task is not None:
                out.put(topics.ARM_PROGRESS, self._progress(now_ns, self._errand.task.number))
        self._steps += 1
        return out

    def _move(self, now_s: float) -> tuple[Load, bool]:
        """Move on by one step to where the display looks, and on with a gesture."""
        if self._errand.still and not self._errand.gesturing(now_s):
            moved = self._arm.brake()
            self._stands = self._arm.positions
            return moved
        targets, rates = self._aim()
        if not self._errand.gesturing(now_s):
            return self._arm.advance(targets, rates)
        extra, extra_rates = self._errand.offsets(now_s)
        return self._arm.advance(
            tuple(a + b for a, b in zip(targets, extra, strict=True)),
            tuple(a + b for a, b in zip(rates, extra_rates, strict=True)),
        )

    def _aim(self) -> tuple[Joints, Joints]:
        """Return where the joints shall be without a gesture (rad), and how fast that moves (rad/s)."""
        boom = self._config.gaze.boom
        if self._errand.still:
            return self._stands, (0.0,) * len(self._stands)
        if self._errand.direction is not None:
            azimuth, elevation = self._errand.direction
            return (azimuth, boom, -elevation - boom, 0.0), (0.0, 0.0, 0.0, 0.0)
        targets = (self._gaze.yaw, boom, self._gaze.pitch - boom + self._down[0], self._lean[0])
        return targets, (self._gaze.rate, 0.0, self._down[1], self._lean[1])

    def _progress(self, now_ns: int, task: int) -> ArmProgress:
        gesturing = self._errand.gesturing(now_ns / 1e9)
        if self._errand.still:
            there = self._arm.speed < AT_REST
        elif self._errand.direction is not None:
            there = self._arm.away(self._aim()[0]) < THERE and self._arm.speed < AT_REST
        else:
            fresh = now_ns / 1e9 - self._seen_s <= FORGET_S
            there = fresh and abs(self._gaze.yaw - self._arm.positions[0]) < 2.0 * THERE
        return ArmProgress(stamp_ns=now_ns, task=task, done=there and not gesturing, gesturing=gesturing)

    def _see(self, faces: Faces) -> None:
        locked = _locked(faces)
        if locked is None:
            self._mode = "waiting" if faces.locked_id >= 0 else "idle"
            return
        self._seen_s = faces.stamp_ns / 1e9
        self._mode = "mimicking" if self._copies else "tracking"
        self._gaze.push(self._seen_s, locked.azimuth, locked.elevation)
        if not self._config.copies_call:
            self._copy(faces)

    def _copy(self, faces: Faces) -> None:
        """Take one frame of whoever is mimicked."""
        face = _locked(faces)
        if face is not None and self._copies:
            self._copied_s = faces.stamp_ns / 1e9
            self._down, self._lean = self._mimic.push(self._copied_s, face.pitch, face.roll)

    @property
    def _copies(self) -> bool:
        return self._errand.copies(self._now_s, self._config.mimic.on)

    def _report(self, now_ns: int, load: Load, held: bool) -> ArmState:
        return ArmState(
            stamp_ns=now_ns,
            mode=self._mode,  # type: ignore[arg-type]  # one of the words of _see
            mimic_pitch=self._down[0],
            mimic_roll=self._lean[0],
            zmp=max(abs(load.x), abs(load.y)) / self._arm.foot_half,
            held_back=held,
        )


def _locked(faces: Faces) -> FaceView | None:
    """Return the locked face where it is in view."""
    return next((f for f in faces.faces if f.id == faces.locked_id), None)


class ArmMotion:
    """Four joints that move together within what the stand can carry."""

    def __init__(self, config: ArmConfig) -> None:
        body = with_payload(TabletopBody(), config.payload_kg)
        self.foot_half = body.foot_half
        self._limiter = StabilityLimiter(config.stability, body)
        self._joints = [JointMotion() for _ in body.servos]
        self._rest: tuple[tuple[Joints, Joints], tuple[Load, bool]] | None = None
        """What was asked when nothing moved any more, and what came of it: the same again comes of the same."""

    @property
    def positions(self) -> tuple[float, ...]:
        """Where the joints shall be now, rad."""
        return tuple(joint.position for joint in self._joints)

    @property
    def speed(self) -> float:
        """How fast the fastest joint moves, rad/s."""
        return max(abs(joint.velocity) for joint in self._joints)

    def away(self, targets: Joints) -> float:
        """Return how far the farthest joint is from where it can go of its target, rad."""
        servos = self._limiter.servos
        return max(
            abs(min(servo.high, max(servo.low, target)) - joint.position)
            for joint, target, servo in zip(self._joints, targets, servos, strict=True)
        )

    def brake(self) -> tuple[Load, bool]:
        """Move on by one step toward rest; return the load and whether it held the joints back."""
        self._rest = None
        servos, dt = self._limiter.servos, 1.0 / RATE_HZ
        braking = np.array([j.braking(servo, dt) for j, servo in zip(self._joints, servos, strict=True)])
        return self._take(braking, braking)

    def advance(self, targets: tuple[float, ...], rates: tuple[float, ...]) -> tuple[Load, bool]:
        """Move on by one step toward targets (rad) that move (rad/s); return the load and whether it held them back."""
        if self._rest is not None and self._rest[0] == (targets, rates):
            return self._rest[1]
        servos, dt, before = self._limiter.servos, 1.0 / RATE_HZ, self._state()
        wanted = [
            joint.wanted(target, rate, servo, dt)
            for joint, target, rate, servo in zip(self._joints, targets, rates, servos, strict=True)
        ]
        braking = [joint.braking(servo, dt) for joint, servo in zip(self._joints, servos, strict=True)]
        came = self._take(np.array(wanted), np.array(braking))
        self._rest = ((targets, rates), came) if self._state() == before else None
        return came

    def _state(self) -> tuple[tuple[float, float, float], ...]:
        return tuple((j.position, j.velocity, j.acceleration) for j in self._joints)

    def _take(self, wanted: NDArray[np.float64], braking: NDArray[np.float64]) -> tuple[Load, bool]:
        """Take the accelerations (rad/s²) that the stand can carry for one step."""
        servos, dt = self._limiter.servos, 1.0 / RATE_HZ
        state = np.array([(j.position, j.velocity) for j in self._joints])
        taken, load, held = self._limiter.temper(state[:, 0], state[:, 1], wanted, braking)
        for joint, acceleration, servo in zip(self._joints, taken, servos, strict=True):
            joint.advance(float(acceleration), servo, dt)
        return load, held


def with_payload(body: TabletopBody, mass: float) -> TabletopBody:
    """Return the body carrying another mass (kg) at the same place."""
    return replace(body, payload=replace(body.payload, mass=mass))
