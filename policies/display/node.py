"""The display's behaviour node: commands and faces in; tasks for the arm, whom to lock on to, and words out.

Nobody speaking, it tells the arm nothing at all: looking at the locked face and copying it is the arm's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from policies.display.context import DisplayContext, Wish
from policies.display.conversation import DisplayConversation
from policies.display.view import Pointing
from robot import topics
from robot.messages import Command
from robot.node import Inbox, Node, Outbox


@dataclass(frozen=True)
class DisplayConfig:
    """What the arm does before anybody speaks."""

    mimics: bool = True


class DisplayBehaviour(Node):
    """Carry out what was understood. Directions in base_link, rad."""

    inputs = (topics.COMMAND, topics.FACES, topics.JOINT_SETPOINTS, topics.ARM_PROGRESS)
    outputs = (topics.ARM_TASK, topics.FACE_REQUEST, topics.REPLY, topics.BEHAVIOUR)
    rate_hz = 10

    def __init__(self, config: DisplayConfig, rng: Generator) -> None:
        del rng  # nothing here is left to chance
        self._context = DisplayContext(wish=Wish(mimic=config.mimics))
        self._conversation = DisplayConversation(self._context)
        self._waiting: list[Command] = []  # what came before it knew where it looks

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Take in commands, go on with the program, and say what there is to say."""
        self._waiting += [s.message for s in inbox.new(topics.COMMAND) if s.envelope.valid]
        joints = inbox.latest(topics.JOINT_SETPOINTS)
        if joints is None:
            return Outbox()
        context = self._context
        yaw, boom, pitch, _ = joints.positions
        frames = [s.message for s in inbox.new(topics.FACES) if s.envelope.valid]
        context.now_ns, context.note = now_ns, ""
        context.view.see(now_ns, frames, Pointing(yaw, -boom - pitch))
        context.progress = inbox.latest(topics.ARM_PROGRESS)
        for command in self._waiting:
            self._conversation.hear(command)
        self._waiting.clear()
        self._conversation.go_on()
        return self._conversation.tell(now_ns, self._wanted())

    def _wanted(self) -> Outbox:
        context, out = self._context, Outbox()
        task = context.task()
        if task is not None:
            out.put(topics.ARM_TASK, task)
        for request in context.requests:
            out.put(topics.FACE_REQUEST, request)
        context.requests.clear()
        return out
