"""The simulated display as a node: takes joint setpoints, publishes what its hardware would, and truth for scorers.

`PixelTabletop` renders frames for the face node; `EmulatedTabletop` tells the faces that the node would find, errors
and all.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections import deque
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.clock import Ticks
from robot.messages import JointStates, TabletopTruth
from robot.node import Inbox, Message, Node, Outbox, Topic
from robot.rng import spawn
from sim.bullet import pybullet
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.emulated import FaceEmulator
from sim.tabletop.lens import Lens
from sim.tabletop.people import Cast
from sim.tabletop.scenes import scene
from sim.tabletop.stand import PHYSICS_HZ, Stand, StandState, start_physics

TICKS = Ticks(PHYSICS_HZ)
FEEDBACK_STD = math.radians(0.03)
FEEDBACK_EVERY, TRUTH_EVERY = 2, 2  # ticks


class TabletopSim(Node):
    """What both levels share: the desk, the stand, and the people."""

    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.JOINT_SETPOINTS,)
    rate_hz = PHYSICS_HZ
    faces_world = True
    renders: ClassVar[bool]
    body: ClassVar[TabletopBody] = TabletopBody()
    feedback_every: ClassVar[int] = FEEDBACK_EVERY

    def __init__(self, config: TabletopSimConfig, rng: Generator) -> None:
        """Build the scene. Raises KeyError when there is no such scene."""
        self._body = self.body
        self._scene = scene(config.scene, config.seed, config.seconds)
        self._client = start_physics()
        self._stand = Stand(self._client, self._body, config.payload_kg)
        self._cast = Cast(self._client, self._scene, self.renders)
        self._noise = spawn(config.seed, "servo feedback")
        self._setpoints: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
        self._late: deque[tuple[int, Topic[Any], Message]] = deque()
        self._frame_every = TICKS.period(self._body.camera.rate_hz, "camera")
        self._delay = TICKS.count(self._body.camera.latency_s)
        self._tick = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Publish what is sensed at `now_ns`, then advance physics by one step."""
        tick, out = self._tick, Outbox()
        self.hear(inbox)
        state = self._stand.state()
        if tick % TRUTH_EVERY == 0:
            self._cast.pose(now_ns / 1e9)
            out.put(topics.TRUTH_TABLETOP, self._truth(now_ns, state))
        if tick % self.feedback_every == 0:
            out.put(*self.feel(now_ns, state))
        if tick % self._frame_every == 0:
            topic, message = self.expose(now_ns, state)
            self._late.append((tick + self._delay, topic, message))
        while self._late and self._late[0][0] <= tick:
            out.put(*self._late.popleft()[1:])
        self._stand.drive(self._setpoints)
        pybullet.stepSimulation(physicsClientId=self._client)
        self._tick += 1
        return out

    def hear(self, inbox: Inbox) -> None:
        """Take in where the servos are asked to go."""
        asked = inbox.fresh(topics.JOINT_SETPOINTS)
        if asked is not None:
            self._setpoints = asked.positions

    def feel(self, now_ns: int, state: StandState) -> tuple[Topic[Any], Message]:
        """Return what the servos' feedback says."""
        states = JointStates(stamp_ns=now_ns, commanded=self._setpoints, measured=self._measured(state))
        return topics.JOINT_STATES, states

    @abstractmethod
    def expose(self, now_ns: int, state: StandState) -> tuple[Topic[Any], Message]:
        """Return what the camera, or what is computed in its place, delivers of this moment."""

    def close(self) -> None:
        """Release PyBullet."""
        pybullet.disconnect(self._client)

    def _measured(self, state: StandState) -> tuple[float, ...]:
        errors = self._noise.normal(0.0, FEEDBACK_STD, len(state.joints))
        return tuple(float(p + e) for p, e in zip(state.joints, errors, strict=True))

    def _truth(self, now_ns: int, state: StandState) -> TabletopTruth:
        eye, axes = self._stand.camera_pose(state)
        people = self._cast.truth(eye, axes, self._body.camera)
        first = people[0]
        right, _, ahead = axes.T @ (np.array([first.x, first.y, first.z]) - eye)
        return TabletopTruth(
            stamp_ns=now_ns,
            joints=state.joints,
            base_tilt=state.tilt,
            base_slip_m=state.slip_m,
            fallen=state.fallen,
            target_error=-math.atan2(right, ahead) if ahead > 0.0 else math.nan,
            people=people,
        )


class PixelTabletop(TabletopSim):
    """The display with rendered frames."""

    renders = True
    outputs: ClassVar[tuple[Topic[Any], ...]] = (topics.CAMERA, topics.JOINT_STATES, topics.TRUTH_TABLETOP)

    def __init__(self, config: TabletopSimConfig, rng: Generator) -> None:
        """As TabletopSim."""
        super().__init__(config, rng)
        self._lens = Lens(self._client, self._body.camera, self._scene.light, spawn(config.seed, "lens"))
        for link in range(-1, 4):  # the camera never sees its own stand; the renderer would work on it all the same
            pybullet.changeVisualShape(self._stand.id, link, rgbaColor=[0, 0, 0, 0], physicsClientId=self._client)

    def expose(self, now_ns: int, state: StandState) -> tuple[Topic[Any], Message]:
        """Render a frame."""
        eye, axes = self._stand.camera_pose(state)
        return topics.CAMERA, self._lens.take(now_ns, eye, axes)


class EmulatedTabletop(TabletopSim):
    """The display without rendering."""

    renders = False
    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.JOINT_SETPOINTS, topics.FACE_REQUEST, topics.OPERATOR)
    outputs: ClassVar[tuple[Topic[Any], ...]] = (topics.FACES, topics.JOINT_STATES, topics.TRUTH_TABLETOP)

    def __init__(self, config: TabletopSimConfig, rng: Generator) -> None:
        """As TabletopSim."""
        super().__init__(replace(config), rng)
        self._emulator = FaceEmulator(self._body, spawn(config.seed, "faces"), self._scene.light)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """As TabletopSim, with the lock where it is asked to be."""
        for request in inbox.new(topics.FACE_REQUEST):
            self._emulator.choose(request.message.mode, request.message.id)
        for clicked in inbox.new(topics.OPERATOR):
            if clicked.message.action in ("lock", "unlock"):
                self._emulator.choose("id" if clicked.message.action == "lock" else "release", clicked.message.id)
        return super().step(now_ns, inbox)

    def expose(self, now_ns: int, state: StandState) -> tuple[Topic[Any], Message]:
        """Tell the faces that would be found."""
        eye, axes = self._stand.camera_pose(state)
        people = self._cast.truth(eye, axes, self._body.camera)
        return topics.FACES, self._emulator.sample(now_ns, eye, axes, people)
