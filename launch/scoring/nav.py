"""How well a run got from start to goal: success, SPL (Anderson et al., 2018), contacts, clearance, time, BARN.

Success means there in time and nothing touched on the way. Everything comes from truth: what the robot believes of its
own place does not count.
"""

from __future__ import annotations

import math
from typing import Any

from launch.scoring.event import Event
from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import NavState, Odom, WorldTruth
from robot.runtime.commit import Commit
from worlds.suites.task import Task

BARN_SPEED = 2.0  # m/s: the optimal time is the reference path at this speed (Xiao et al., 2022)
SAME_TOUCH_S = 1.0
STANDING = 0.05  # m/s


class NavScorer:
    """Observer that scores one task. Metrics are ready at any time; `done` says that they are final."""

    def __init__(self, task: Task) -> None:
        self.events: list[Event] = []
        self.done = False
        self._task = task
        self._barn = task.robot == "jackal"
        self._last: tuple[float, float] | None = None
        self._began_s: float | None = None
        self._path_m = 0.0
        self._now_s = 0.0
        self._there_s: float | None = None
        self._touching: dict[tuple[str, str], float] = {}
        self._contacts = {"person": 0, "object": 0, "fall": 0}
        self._clearance_m = math.inf
        self._gap_person_m = math.inf
        self._recoveries = 0
        self._decisions = 0
        self._slips: list[float] = []
        self._odom = Pose2()
        self._drift_m = 0.0
        self.distance_m = math.nan

    def on_commit(self, commit: Commit) -> None:
        """Score each step of the truth."""
        if commit.envelope.topic == topics.TRUTH.name and not self.done:
            truth = commit.message
            assert isinstance(truth, WorldTruth)
            self._step(truth, commit.envelope.t_ns / NS_PER_S)
        elif commit.envelope.topic == topics.NAV_STATE.name:
            state = commit.message
            assert isinstance(state, NavState)
            self._recoveries = state.recoveries
            self._decisions += not self.done
        elif commit.envelope.topic == topics.ODOM.name:
            odom = commit.message
            assert isinstance(odom, Odom)
            self._odom = Pose2(odom.x, odom.y, odom.yaw)
            self._slips.append(odom.slip)

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
        touched = sum(self._contacts.values())
        success = self._there_s is not None and touched == 0
        reference = self._task.reference_m
        time_s = self._now_s if self._there_s is None else self._there_s
        figures = {
            "success": success,
            "spl": reference / max(reference, self._path_m) if success else 0.0,
            "collisions": self._contacts["object"] + self._contacts["person"],
            "collisions_person": self._contacts["person"],
            "falls": self._contacts["fall"],
            "min_clearance_m": self._clearance_m,
            "time_s": time_s,
            "path_m": self._path_m,
            "reference_m": reference,
            "goal_distance_m": self.distance_m,
            "recoveries": self._recoveries,
            "drift_m": self._drift_m,
            "control_hz": self._decisions / time_s if time_s else 0.0,
            "slip": sum(self._slips) / max(len(self._slips), 1),
        }
        if math.isfinite(self._gap_person_m):
            figures["min_gap_person_m"] = self._gap_person_m
        if self._barn:
            figures["barn_metric"] = barn_metric(success, time_s - (self._began_s or 0.0), reference)
        return figures

    def _step(self, truth: WorldTruth, now_s: float) -> None:
        self._now_s = now_s
        if self._last is not None:
            self._path_m += math.dist(self._last, (truth.x, truth.y))
        self._last = (truth.x, truth.y)
        if self._began_s is None and abs(truth.v) > STANDING:
            self._began_s = now_s
        self._clearance_m = min(self._clearance_m, truth.clearance_m)
        self._gap_person_m = min([self._gap_person_m, *(person.gap_m for person in truth.people)])
        self._contact(truth, now_s)
        believed = Pose2(*self._task.start) * self._odom
        self._drift_m = max(self._drift_m, believed.distance_to(truth.x, truth.y))
        goal, radius = self._task.goal, self._task.radius_m
        self.distance_m = math.dist((truth.x, truth.y), goal)
        if self.distance_m <= radius and (self._barn or abs(truth.v) < STANDING):
            self._there_s = now_s
            self.events.append(Event(now_s, "there", f"{self.distance_m:.2f} m from the goal"))
            self.done = True
        elif now_s >= self._task.limit_s:
            self.events.append(Event(now_s, "too late", f"still {self.distance_m:.2f} m from the goal"))
            self.done = True
        elif self._contacts["fall"] or (self._barn and any(self._contacts.values())):
            self.done = True  # the challenge ends at the first touch, and a robot that fell stays down

    def _contact(self, truth: WorldTruth, now_s: float) -> None:
        for contact in truth.contacts:
            key = (contact.kind, contact.name)
            if now_s - self._touching.get(key, -math.inf) > SAME_TOUCH_S:  # a new touch, not the last one going on
                self._contacts[contact.kind] += 1
                at = f"at ({truth.x:.2f}, {truth.y:.2f})"
                self.events.append(Event(now_s, "contact", f"touched {contact.kind} '{contact.name}' {at}"))
            self._touching[key] = now_s


def barn_metric(success: bool, seconds: float, reference_m: float) -> float:
    """Return success x OT / clip(AT, 2 OT, 8 OT), OT being the reference length at 2 m/s (Xiao et al., 2022)."""
    optimal = reference_m / BARN_SPEED
    return optimal / min(max(seconds, 2.0 * optimal), 8.0 * optimal) if success else 0.0
