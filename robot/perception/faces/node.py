"""The face node: frames in, everybody's faces and the lock out. Wiring only."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.bounds import AtLeastZero
from robot.messages import Faces, FaceView, Image
from robot.node import Inbox, Node, Outbox
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.lock import Choice
from robot.perception.faces.watcher import Face, FaceWatcher, Floats, Scene, WatcherConfig

REMEMBERED = 64  # joint states, about half a second


@dataclass(frozen=True)
class FaceNodeConfig:
    """Settings of the face node."""

    watcher: WatcherConfig = field(default_factory=WatcherConfig)
    lock: str = "largest"  # at the start: largest, or words that say who; empty for nobody
    anew_s: AtLeastZero = 0.0  # lost for so long, and nobody asked for, the lock begins anew; 0: it never does
    fixed_camera: bool = False  # it stands still, in the place of the bezel's at rest: joints do not turn it


class FaceNode(Node):
    """Everybody before the display, once per frame. It runs faster than the camera to know the joints at each frame."""

    inputs = (topics.CAMERA, topics.JOINT_STATES, topics.FACE_REQUEST, topics.OPERATOR)
    outputs = (topics.FACES,)
    rate_hz = 120

    def __init__(self, config: FaceNodeConfig, rng: Generator) -> None:
        del rng  # nothing here is left to chance
        self._config, self._body, self._fixed = config, TabletopBody(), config.fixed_camera
        self._watcher = FaceWatcher(config.watcher)
        self._joints: deque[tuple[int, tuple[float, ...]]] = deque(maxlen=REMEMBERED)
        self._asked = False
        self._held_ns = 0
        self._begin()

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Look at a fresh frame; silent when there is none."""
        states = inbox.fresh(topics.JOINT_STATES)
        if states is not None and not self._fixed and all(math.isfinite(p) for p in states.measured):
            self._joints.append((states.stamp_ns, states.measured))
        for request in inbox.new(topics.FACE_REQUEST):
            asked, self._asked = request.message, True
            self._watcher.choose(Choice(asked.mode, asked.x, asked.y, asked.id, asked.words))
        for clicked in inbox.new(topics.OPERATOR):
            if clicked.message.action in ("lock", "unlock"):
                self._asked = True
                wanted = Choice("id", id=clicked.message.id)
                self._watcher.choose(wanted if clicked.message.action == "lock" else Choice("release"))
        image = inbox.fresh(topics.CAMERA)
        if image is None:
            return Outbox()
        joints = self._joints_at(image.stamp_ns)
        place, turn = self._body.camera_pose(joints)
        camera = Intrinsics(image.fx, image.fy, image.cx, image.cy)
        scene = self._watcher.see(image.stamp_ns / 1e9, image.data, camera, turn)
        self._let_go(image.stamp_ns, scene)
        return Outbox().put(topics.FACES, self._message(image, scene, place, turn))

    def close(self) -> None:
        """Free the networks."""
        self._watcher.close()

    def _begin(self) -> None:
        """Choose whom the configuration says."""
        words = self._config.lock
        if words:
            self._watcher.choose(Choice("largest") if words == "largest" else Choice("words", words=words))

    def _let_go(self, stamp_ns: int, scene: Scene) -> None:
        """Begin anew where whoever was there first has been gone for long, and somebody else is here."""
        if scene.lock.state != "lost":
            self._held_ns = stamp_ns
        long_gone = 0.0 < self._config.anew_s <= (stamp_ns - self._held_ns) / 1e9
        if long_gone and scene.faces and not self._asked:
            self._begin()

    def _joints_at(self, stamp_ns: int) -> tuple[float, ...]:
        """Return where the joints were when the frame was taken, between the two states around it."""
        if not self._joints:
            return (0.0, 0.0, 0.0, 0.0)
        times = [t for t, _ in self._joints]
        values = np.array([p for _, p in self._joints])
        return tuple(float(np.interp(stamp_ns, times, column)) for column in values.T)

    def _message(self, image: Image, scene: Scene, place: Floats, turn: Floats) -> Faces:
        return Faces(
            stamp_ns=image.stamp_ns,
            faces=tuple(_view(face, place, turn) for face in scene.faces),
            lock=scene.lock.state,
            locked_id=scene.lock.id,
            confidence=scene.lock.confidence,
            others=scene.lock.others,
            gesture=scene.gesture or "",
        )


def _view(face: Face, place: Floats, turn: Floats) -> FaceView:
    """Return the face as the rest of the robot wants it, in base_link."""
    ray = turn @ np.array(face.pose.position)
    there = place + ray
    yaw, pitch, roll = face.still
    return FaceView(
        id=face.id,
        bbox=face.box,
        azimuth=math.atan2(there[1], there[0]),
        elevation=math.atan2(ray[2], math.hypot(ray[0], ray[1])),
        distance_m=float(np.linalg.norm(ray)),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        mouth=face.mouth,
        score=face.score,
    )
