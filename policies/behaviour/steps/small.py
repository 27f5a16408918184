"""Small steps of the rover: turn by an angle, move a bit, gestures of a base without a neck."""

from __future__ import annotations

import math

from policies.behaviour.context import Context
from policies.behaviour.floor_plan import Point
from policies.behaviour.steps.base import Outcome, Step
from robot.geometry import Pose2, wrap_angle

TURNS = {"left": math.pi / 2, "right": -math.pi / 2, "around": math.pi}
WAYS = {"forward": 0.0, "back": math.pi, "left": math.pi / 2, "right": -math.pi / 2}
USUAL_MOVE_M = 0.5
LONGEST_MOVE_M = 5.0
PART = 0.8  # rad ahead of the base at a time: so a turn goes the way it was asked for
CLOSE = 0.1  # rad
LONGEST_S = 20.0
SHAKE = (0.35, -0.35, 0.35, 0.0)  # rad from where it stood
DANCE = (0.6, -0.6, 0.6, -0.6, 0.0)


class Turn(Step):
    """Turn by an angle, left positive."""

    def __init__(self, angle: float, context: Context) -> None:
        super().__init__("turn", context)
        self._angle = angle
        self._turned = 0.0
        self._yaw = 0.0

    def begin(self) -> None:
        """Nothing has been turned yet."""
        self._turned, self._yaw = 0.0, self.context.scene.robot.yaw

    def go_on(self) -> Outcome:
        """Turn on in parts."""
        robot = self.context.scene.robot
        self._turned += wrap_angle(robot.yaw - self._yaw)
        self._yaw = robot.yaw
        left = self._angle - self._turned
        if abs(left) < CLOSE:
            self.context.hold()
            self.context.results.append("I've turned.")
            return "done"
        if self.seconds > LONGEST_S:
            return self.failure("I could not turn: there is no room.")
        self.context.turn_to(robot.yaw + max(-PART, min(PART, left)))
        return "going on"


class Move(Step):
    """Move straight by a distance, keeping the heading."""

    def __init__(self, direction: str, distance_m: float, context: Context) -> None:
        super().__init__(f"move {direction}", context)
        self._direction = direction
        self._distance_m = min(LONGEST_MOVE_M, distance_m)
        self._from = Pose2()
        self._still = 0
        self._nearest_m = math.inf

    def begin(self) -> None:
        """Fix where to."""
        self._from, self._still, self._nearest_m = self.context.scene.robot, 0, math.inf

    def go_on(self) -> Outcome:
        """Drive; then look where it looked before."""
        robot, to = self.context.scene.robot, self._goal()
        left = robot.distance_to(*to)
        if left < 0.15:
            if self.context.turn_to(self._from.yaw):
                self.context.results.append("I've moved.")
                return "done"
            return "going on"
        if left < self._nearest_m - 0.05:
            self._nearest_m, self._still = left, 0
        self._still += 1
        if self._still > 80:
            self.context.hold()
            moved = self._distance_m - self._nearest_m
            return self.failure(f"I could only move {max(0.0, moved):.1f} of {self._distance_m:.1f} metres.")
        ahead = None
        if self._direction == "back":  # backwards, not around and forwards
            yaw = self._from.yaw
            ahead = (robot.x + 2.0 * math.cos(yaw), robot.y + 2.0 * math.sin(yaw))
        self.context.drive(to, tolerance_m=0.1, manner="slowly", look_at=ahead)
        return "going on"

    def _goal(self) -> Point:
        yaw = self._from.yaw + WAYS[self._direction]
        return self._from.x + self._distance_m * math.cos(yaw), self._from.y + self._distance_m * math.sin(yaw)


class Swing(Step):
    """Turn to and fro about where it stood: a shake of a robot without a neck, or a dance."""

    def __init__(self, name: str, context: Context) -> None:
        super().__init__(name, context)
        self._yaws = SHAKE if name == "shake" else DANCE
        self._from = 0.0
        self._at = 0

    def begin(self) -> None:
        """Remember where it stood."""
        self._from, self._at = self.context.scene.robot.yaw, 0

    def go_on(self) -> Outcome:
        """Turn to the next angle."""
        if self.context.turn_to(self._from + self._yaws[self._at]) or self.ticks > 25 * (self._at + 1):
            self._at += 1
        if self._at < len(self._yaws):
            return "going on"
        self.context.hold()
        return "done"
