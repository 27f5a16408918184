"""A robot that is a point: it goes where its goal is and turns to what it shall look at. Enough to play programs on."""

from __future__ import annotations

import math
from typing import Any

from numpy.random import default_rng

from launch.floor_plan import floor_plan
from policies.behaviour.node import Behaviour, BehaviourConfig
from robot import topics
from robot.geometry import Pose2, wrap_angle
from robot.messages import BehaviourState, Command, Lock, NavGoal, Odom, People, Reply, Track
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from tests.unit.stage import STEP_NS, Stage
from worlds.catalog import load_world

SPEED_M, TURN = 0.1, 0.12  # a step


class Theatre(Stage):
    """Plays the apartment: the speaker stands before the dock, others where they are put (map)."""

    def __init__(self, others: tuple[tuple[float, float], ...] = ()) -> None:
        super().__init__()
        self.plan = floor_plan(load_world("apartment"))
        self.node = Behaviour(BehaviourConfig(plan=self.plan), default_rng(0))
        self.dock = Pose2(*self.plan.dock)
        self.pose = Pose2()  # in odom
        self.speaker = (3.4, 3.0)
        self.others = others
        self.goal: NavGoal | None = None
        self.rooms: list[str] = []

    @property
    def at(self) -> tuple[float, float]:
        """Where the robot is, in map."""
        return self.dock.apply(self.pose.x, self.pose.y)

    @property
    def room(self) -> str:
        """The room it is in."""
        room = self.plan.room_at(*self.at)
        return room.name if room else ""

    def step(self, command: Command | None = None) -> None:
        """One step of the node, then of the point."""
        messages: dict[Topic[Any], Message] = {
            topics.ODOM: Odom(stamp_ns=self.now_ns, x=self.pose.x, y=self.pose.y, yaw=self.pose.yaw, v=0.0, omega=0.0),
            topics.PEOPLE: People(stamp_ns=self.now_ns, tracks=tuple(self._tracks())),
            topics.LOCK: self._lock(),
        }
        latest = {topic.name: self._stamped(topic, message) for topic, message in messages.items()}
        new: dict[str, list[Stamped[Message]]] = {name: [stamped] for name, stamped in latest.items()}
        if command is not None:
            new[topics.COMMAND.name] = [self._stamped(topics.COMMAND, command)]
        out = self.node.step(self.now_ns, Inbox(self.now_ns, latest, new))
        for _, message, _ in out.items:
            if isinstance(message, Reply):
                self.replies.append(message)
            elif isinstance(message, BehaviourState):
                self.state = message
            elif isinstance(message, NavGoal):
                self.goal = message
        self._move()
        self.now_ns += STEP_NS
        if self.rooms[-1:] != [self.room]:
            self.rooms.append(self.room)

    def _move(self) -> None:
        goal = self.goal
        if goal is None:
            return
        x, y, yaw = self.pose.x, self.pose.y, self.pose.yaw
        away = self.pose.distance_to(goal.x, goal.y)
        if goal.mode == "go" and away > goal.tolerance_m:
            share = min(1.0, SPEED_M * goal.max_speed / away)
            yaw = math.atan2(goal.y - y, goal.x - x)
            x, y = x + share * (goal.x - x), y + share * (goal.y - y)
        elif goal.look_at is not None:
            error = self.pose.bearing_to(*goal.look_at)
            yaw = wrap_angle(yaw + max(-TURN, min(TURN, error)))
        self.pose = Pose2(x, y, yaw)

    def _tracks(self) -> list[Track]:
        found = []
        for number, (x, y) in enumerate((self.speaker, *self.others)):
            place = self.dock.inverse().apply(x, y)
            near = self.pose.distance_to(*place) < 4.0 and abs(self.pose.bearing_to(*place)) < 0.7
            same = self.plan.room_at(x, y) is self.plan.room_at(*self.at)
            if near and same:
                found.append(
                    Track(
                        id=number, x=place[0], y=place[1], vx=0.0, vy=0.0, std_m=0.1, height_m=1.7, facing=None,
                        seen_ns=self.now_ns, score=1.0,
                    )
                )  # fmt: skip
        return found

    def _lock(self) -> Lock:
        x, y = self.dock.inverse().apply(*self.speaker)
        return Lock(stamp_ns=self.now_ns, state="locked", id=0, x=x, y=y, seen_ns=self.now_ns, confidence=1.0)

    def _stamped(self, topic: Topic[Any], message: Message) -> Stamped[Message]:
        return Stamped(Envelope(topic.name, 0, self.now_ns, "theatre"), message)
