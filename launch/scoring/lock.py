"""Whether the robot is locked on to the right person: switches, and how long it took to find them again."""

from __future__ import annotations

import math

from launch.scoring.event import Event
from robot.geometry import Pose2
from robot.messages import Lock, Odom, WorldTruth
from robot.node import Message

MATCH_M = 0.8  # a lock is on the true person nearest to it, if no farther than this
SWITCH_S = 0.5  # a wrong person must be held this long: two people who pass each other are one spot for a moment
VISIBLE_M = 5.0  # "could be seen": an unobstructed line, no farther than this


class LockScorer:
    """Compares the lock with truth. The lock's odom position is moved to map through the robot's true pose."""

    def __init__(self) -> None:
        self._odom: Odom | None = None
        self._lock: Lock | None = None
        self._wrong_s = 0.0
        self._on_wrong = False
        self._lost_s = 0.0
        self._ever_locked = False
        self.id_switches = 0
        self.lost_s_max = 0.0

    def on_message(self, message: Message) -> None:
        """Keep the newest odometry and lock."""
        if isinstance(message, Odom):
            self._odom = message
        elif isinstance(message, Lock):
            self._lock = message

    def on_truth(self, truth: WorldTruth, distance_m: float, dt: float, now_s: float, events: list[Event]) -> None:
        """Score one moment; `distance_m` is to the followed person (the first in `truth.people`)."""
        held = self._held_person(truth)
        self._score_switch(held, dt, now_s, events)
        correct = held == 0
        self._ever_locked = self._ever_locked or correct
        visible = truth.people[0].in_sight and distance_m <= VISIBLE_M
        if correct:
            self._lost_s = 0.0
        elif visible and self._ever_locked:
            self._lost_s += dt  # while hidden the clock stands still: it does not start anew
            self.lost_s_max = max(self.lost_s_max, self._lost_s)

    def _held_person(self, truth: WorldTruth) -> int | None:
        """Index of the true person the robot says it sees and holds; None when it holds nobody or nothing is there."""
        if self._lock is None or self._odom is None or self._lock.state != "locked":
            return None
        odom = Pose2(self._odom.x, self._odom.y, self._odom.yaw)
        seen_from_base = odom.inverse().apply(self._lock.x, self._lock.y)
        x, y = Pose2(truth.x, truth.y, truth.yaw).apply(*seen_from_base)
        gaps = [math.hypot(p.x - x, p.y - y) for p in truth.people]
        nearest = min(range(len(gaps)), key=gaps.__getitem__)
        return nearest if gaps[nearest] <= MATCH_M else None

    def _score_switch(self, held: int | None, dt: float, now_s: float, events: list[Event]) -> None:
        if held == 0:
            self._wrong_s, self._on_wrong = 0.0, False
        elif held is not None:
            self._wrong_s += dt
            if self._wrong_s >= SWITCH_S and not self._on_wrong:
                self._on_wrong = True
                self.id_switches += 1
                events.append(Event(now_s, "id switch", f"locked on to person {held} of the world"))
