"""Getting unstuck without ever looping: notice that nothing moves, go back the way we came, look around, plan anew.

The one idea: every time it gets stuck the place ahead becomes dearer to cross (twice as dear each time), and attempts
are counted per situation; the count falls only when the robot has really left, or the goal has really moved.
Pure values: a manoeuvre is told as a name, the navigator drives it.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal, NamedTuple

from robot.bounds import AtLeastZero, Positive, Whole
from robot.geometry import Pose2, wrap_angle

Manoeuvre = Literal["none", "back_out", "turn", "give_up"]


@dataclass(frozen=True)
class RecoveryConfig:
    """Metres, seconds, radians."""

    stuck_s: AtLeastZero = 2.5  # without moving while it should
    stuck_with_mover_s: AtLeastZero = 7.0  # somebody may just be in the way
    wedged_s: AtLeastZero = 1.0  # where the controller finds nothing that is free, waiting does not help
    moved_m: AtLeastZero = 0.12
    turned: AtLeastZero = 0.6
    turning_s: AtLeastZero = 8.0  # turning without moving on counts as stuck after this long
    back_out_s: AtLeastZero = 2.5
    back_out_m: AtLeastZero = 0.4
    turn_s: AtLeastZero = 2.0
    attempts: Whole = 6
    retry_s: AtLeastZero = math.inf  # after giving up for so long, everything is tried once more
    left_m: AtLeastZero = 1.2  # so far from where it got stuck the situation is over
    goal_moved_m: AtLeastZero = 1.0
    penalty_ahead_m: AtLeastZero = 0.35
    penalty_radius_m: AtLeastZero = 0.35
    penalty: AtLeastZero = 4.0
    penalty_forget_m: AtLeastZero = 4.0
    penalty_forget_s: AtLeastZero = 30.0  # after the goal moved
    crumb_m: Positive = 0.08


class _Penalty(NamedTuple):
    """A place to avoid until a time."""

    x: float
    y: float
    radius_m: float
    weight: float
    until_s: float = math.inf


class Recovery:
    """Watches progress, and says which manoeuvre to drive."""

    def __init__(self, config: RecoveryConfig | None = None) -> None:
        self.config = config or RecoveryConfig()
        self.count = 0
        """Manoeuvres since the start."""
        self._penalties: list[_Penalty] = []
        self.crumbs: deque[Pose2] = deque(maxlen=60)
        self._attempts = 0
        self._manoeuvre: Manoeuvre = "none"
        self._since_s = 0.0
        self._from = Pose2()
        self._goal: tuple[float, float] = (math.inf, math.inf)
        self._still_since_s: float | None = None
        self._still_at = Pose2()
        self._turning_since_s = 0.0
        self._turning_at = Pose2()

    @property
    def penalties(self) -> list[tuple[float, float, float, float]]:
        """Places to avoid: x, y, radius (m), weight."""
        return [(p.x, p.y, p.radius_m, p.weight) for p in self._penalties]

    def update(
        self,
        now_s: float,
        pose: Pose2,
        goal: tuple[float, float],
        *,
        wants_to_move: bool,
        mover_near: bool,
        heading: float,
        wedged: bool = False,
    ) -> Manoeuvre:
        """Return what to do now.

        Args:
            pose, goal: in odom, m, rad.
            wants_to_move: whether the robot is to be somewhere else.
            mover_near: whether it may be somebody who is in the way.
            heading: direction of the path in odom (rad), where trouble is assumed.
            wedged: whether the controller found no motion that is free.
        """
        self._drop_crumb(pose)
        self._leave_situation(now_s, pose, goal)
        if self._manoeuvre in ("back_out", "turn"):
            self._carry_on(now_s, pose)
        elif self._manoeuvre == "give_up" and now_s - self._since_s > self.config.retry_s:
            self._attempts, self._penalties = 0, []
            self._manoeuvre, self._still_since_s = "none", None
        elif not wants_to_move:
            self._still_since_s = None
            self._manoeuvre = "none"
        elif self._manoeuvre == "none" and self._is_stuck(now_s, pose, mover_near, wedged):
            self._begin(now_s, pose, goal, heading)
        return self._manoeuvre

    def rest(self) -> None:
        """Nothing is to be driven to now: what was noticed so far says nothing about the next drive."""
        self._still_since_s = None
        self._manoeuvre = "none"

    def skip(self, now_s: float, pose: Pose2) -> None:
        """Go on to the next manoeuvre: this one cannot be driven here."""
        self._next(now_s, pose)

    def crumb_back(self) -> Pose2 | None:
        """Return the pose to back out to: on the way we came, a little farther off than the manoeuvre leads."""
        for crumb in reversed(self.crumbs):
            if crumb.distance_to(self._from.x, self._from.y) > self.config.back_out_m:
                return crumb
        return None

    def _begin(self, now_s: float, pose: Pose2, goal: tuple[float, float], heading: float) -> None:
        c = self.config
        if self._attempts >= c.attempts:
            self._manoeuvre, self._since_s = "give_up", now_s
            return
        weight = c.penalty * 2.0**self._attempts
        x = pose.x + c.penalty_ahead_m * math.cos(heading)
        y = pose.y + c.penalty_ahead_m * math.sin(heading)
        self._penalties.append(_Penalty(x, y, c.penalty_radius_m, weight))
        self._attempts += 1
        self.count += 1
        self._goal = goal
        self._manoeuvre, self._since_s, self._from = "back_out", now_s, pose

    def _carry_on(self, now_s: float, pose: Pose2) -> None:
        c, passed = self.config, now_s - self._since_s
        if self._manoeuvre == "back_out":
            if passed > c.back_out_s or self._from.distance_to(pose.x, pose.y) > c.back_out_m:
                self._next(now_s, pose)
        elif passed > c.turn_s:
            self._next(now_s, pose)

    def _next(self, now_s: float, pose: Pose2) -> None:
        self._manoeuvre = "turn" if self._manoeuvre == "back_out" else "none"
        self._since_s, self._from = now_s, pose
        self._still_since_s = None

    def _is_stuck(self, now_s: float, pose: Pose2, mover_near: bool, wedged: bool) -> bool:
        c = self.config
        if self._still_since_s is None:
            self._still_since_s, self._still_at = now_s, pose
            self._turning_since_s, self._turning_at = now_s, pose
        if self._turning_at.distance_to(pose.x, pose.y) > c.moved_m:
            self._turning_since_s, self._turning_at = now_s, pose
        moved = self._still_at.distance_to(pose.x, pose.y) > c.moved_m
        if moved or abs(wrap_angle(pose.yaw - self._still_at.yaw)) > c.turned:
            self._still_since_s, self._still_at = now_s, pose
        patience = c.wedged_s if wedged else c.stuck_with_mover_s if mover_near else c.stuck_s
        return now_s - self._still_since_s > patience or now_s - self._turning_since_s > c.turning_s

    def _leave_situation(self, now_s: float, pose: Pose2, goal: tuple[float, float]) -> None:
        """Count anew once the robot has left or the goal moved; what could not be passed then stays dear for a while.

        Somebody who is followed moves the goal all the time: forgotten then, a gap too narrow would be tried for ever.
        """
        c = self.config
        goal_moved = math.hypot(goal[0] - self._goal[0], goal[1] - self._goal[1]) > c.goal_moved_m
        until_s = now_s + c.penalty_forget_s if goal_moved else math.inf
        self._penalties = [
            p._replace(until_s=min(p.until_s, until_s))
            for p in self._penalties
            if now_s < p.until_s and pose.distance_to(p.x, p.y) < c.penalty_forget_m
        ]
        left = all(pose.distance_to(p.x, p.y) > c.left_m for p in self._penalties)
        if self._attempts and (left or goal_moved):
            self._attempts = 0
            if self._manoeuvre == "give_up":
                self._manoeuvre, self._still_since_s = "none", None

    def _drop_crumb(self, pose: Pose2) -> None:
        if self._manoeuvre == "back_out":
            return
        if not self.crumbs or self.crumbs[-1].distance_to(pose.x, pose.y) > self.config.crumb_m:
            self.crumbs.append(pose)
