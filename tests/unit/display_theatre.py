"""A display that is a line of sight: it points where its tasks ask, and sees who is within its picture. Enough to play
programs on."""

from __future__ import annotations

import math
from typing import Any

from numpy.random import default_rng

from policies.display.node import DisplayBehaviour, DisplayConfig
from robot import topics
from robot.messages import (
    ArmProgress,
    ArmTask,
    BehaviourState,
    Command,
    FaceRequest,
    Faces,
    FaceView,
    JointSetpoints,
    Reply,
)
from robot.motion.gestures import GESTURES
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from tests.unit.stage import STEP_NS, Stage

TURN = 0.2  # rad a step
HALF_VIEW = math.radians(24.0)


class DisplayTheatre(Stage):
    """People by number and azimuth (degrees, left positive); number 1 is locked on first."""

    def __init__(self, people: dict[int, float]) -> None:
        super().__init__()
        self.node = DisplayBehaviour(DisplayConfig(), default_rng(0))
        self.people = {number: math.radians(angle) for number, angle in people.items()}
        self.yaw = self.elevation = self._gaze = 0.0
        self.locked = 1 if 1 in people else -1
        self.task: ArmTask | None = None
        self.tasks: list[ArmTask] = []
        self.requests: list[FaceRequest] = []
        self._gesture_ns = 0
        for _ in range(5):
            self.step()

    @property
    def made(self) -> list[str]:
        """Every gesture it began."""
        return [task.gesture for task in self.tasks if task.gesture]

    def step(self, command: Command | None = None) -> None:
        """One step of the node, then of the line of sight."""
        messages: dict[Topic[Any], Message] = {
            topics.JOINT_SETPOINTS: JointSetpoints(
                stamp_ns=self.now_ns, positions=(self.yaw, 0.05, -0.05 - self.elevation, 0.0)
            ),
            topics.FACES: self._faces(),
        }
        if self.task is not None:
            messages[topics.ARM_PROGRESS] = self._progress(self.task)
        latest = {topic.name: self._stamped(topic, message) for topic, message in messages.items()}
        new: dict[str, list[Stamped[Message]]] = {name: [stamped] for name, stamped in latest.items()}
        if command is not None:
            new[topics.COMMAND.name] = [self._stamped(topics.COMMAND, command)]
        for _, message, _ in self.node.step(self.now_ns, Inbox(self.now_ns, latest, new)).items:
            self._take(message)
        self._move()
        self.now_ns += STEP_NS

    def _take(self, message: Message) -> None:
        if isinstance(message, Reply):
            self.replies.append(message)
        elif isinstance(message, BehaviourState):
            self.state = message
        elif isinstance(message, FaceRequest):
            self.requests.append(message)
            self.locked = message.id if message.mode == "id" else -1
        elif isinstance(message, ArmTask):
            self.tasks.append(message)
            self.task, self._gesture_ns = message, self.now_ns

    def _move(self) -> None:
        goal = self._goal()
        self.yaw += max(-TURN, min(TURN, goal - self.yaw))
        if self.task is not None and self.task.look == "direction":
            self.elevation = self.task.elevation

    def _goal(self) -> float:
        if self.task is not None and self.task.look == "still":
            return self.yaw
        if self.task is not None and self.task.look == "direction":
            return self.task.azimuth
        if self._sees(self.locked):
            self._gaze = self.people[self.locked]
        return self._gaze

    def _sees(self, number: int) -> bool:
        return number in self.people and abs(self.people[number] - self.yaw) < HALF_VIEW

    def _progress(self, task: ArmTask) -> ArmProgress:
        seconds = GESTURES[task.gesture].seconds if task.gesture else 0.0
        gesturing = self.now_ns - self._gesture_ns < seconds * 1e9
        there = abs(self._goal() - self.yaw) < 0.02
        return ArmProgress(stamp_ns=self.now_ns, task=task.number, done=there and not gesturing, gesturing=gesturing)

    def _faces(self) -> Faces:
        seen = tuple(_face(n, azimuth) for n, azimuth in self.people.items() if self._sees(n))
        state = "locked" if self._sees(self.locked) else "none" if self.locked < 0 else "lost"
        return Faces(stamp_ns=self.now_ns, faces=seen, lock=state, locked_id=self.locked)  # type: ignore[arg-type]

    def _stamped(self, topic: Topic[Any], message: Message) -> Stamped[Message]:
        return Stamped(Envelope(topic.name, 0, self.now_ns, "theatre"), message)


FACE = FaceView(
    id=0, bbox=(200.0, 140.0, 60.0, 80.0), azimuth=0.0, elevation=0.0, distance_m=0.8, yaw=0.0, pitch=0.0, roll=0.0,
    mouth=0.0, score=1.0,
)  # fmt: skip


def _face(number: int, azimuth: float) -> FaceView:
    return FaceView(**{name: getattr(FACE, name) for name in FACE.__struct_fields__} | {
        "id": number, "azimuth": azimuth, "yaw": azimuth, "distance_m": 0.8 + 0.1 * number,
    })  # fmt: skip
