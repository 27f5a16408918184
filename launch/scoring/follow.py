"""How well a run followed its person, with metrics named after their source.

Habitat 3.0 social navigation (Puig et al. 2023): follow_rate, encountered, spl, collisions. EVT-Bench (TrackVLA,
Wang et al. 2025): tracking_rate, success. Ours: lost_s_max, id_switches. Every figure comes from truth and, for the
lock, from where the robot believed its person to be.
"""

from __future__ import annotations

import math
from typing import Any

from launch.scoring.event import Event
from launch.scoring.lock import LockScorer
from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import PersonTruth, WorldTruth
from robot.runtime.commit import Commit

FOLLOW_BAND_M = (1.0, 2.0)  # Habitat 3.0: following distance
FACING_DOT = 0.5  # Habitat 3.0: cosine between the robot's heading and the direction to the person
TRACKING_M = 3.0  # EVT-Bench: tracked while no farther
SUCCESS_BAND_M = (1.0, 3.0)  # EVT-Bench: distance at the end
AWAY_M, AWAY_S = 4.0, 5.0  # farther than this for longer than that is a failure
HIDDEN_S = 3.0  # an occlusion counts from this length


class FollowScorer:
    """Observer that scores a run of follow_me. Metrics are ready at any time."""

    def __init__(self) -> None:
        self._lock = LockScorer()
        self._steps = 0
        self._tracked = 0
        self._steps_after_encounter = 0
        self._followed = 0
        self._encounter_s: float | None = None
        self._path_m = 0.0
        self._path_at_encounter_m = 0.0
        self._straight_m = 0.0
        self._start: tuple[float, float] | None = None
        self._last: WorldTruth | None = None
        self._touching: dict[tuple[str, str], float] = {}
        self._collisions = {"person": 0, "object": 0, "fall": 0}
        self._away_s = self._away_s_max = 0.0
        self._hidden_s = 0.0
        self._hidden_times = 0
        self._min_gap_m = self._min_clearance_m = math.inf
        self._person_path_m = 0.0
        self.distance_m = math.nan
        self.events: list[Event] = []

    def on_commit(self, commit: Commit) -> None:
        """Take note of truth, odometry and the lock."""
        name = commit.envelope.topic
        if name == topics.TRUTH.name:
            message = commit.message
            assert isinstance(message, WorldTruth)
            self._on_truth(message)
        elif name in (topics.ODOM.name, topics.LOCK.name):
            self._lock.on_message(commit.message)

    def metrics(self) -> dict[str, Any]:
        """Return the metrics so far. Shares are 0 to 1; distances m; times s; bools and counts as such."""
        after = max(self._steps_after_encounter, 1)
        final = self.distance_m
        ends_well = SUCCESS_BAND_M[0] <= final <= SUCCESS_BAND_M[1]
        touched = sum(self._collisions.values()) > 0
        return {
            "follow_rate": self._followed / after,
            "encountered": self._encounter_s is not None,
            "spl": self._spl(),
            "collisions_person": self._collisions["person"],
            "collisions_object": self._collisions["object"],
            "falls": self._collisions["fall"],
            "tracking_rate": self._tracked / max(self._steps, 1),
            "success": bool(ends_well and not touched and self._away_s_max <= AWAY_S),
            "lost_s_max": self._lock.lost_s_max,
            "id_switches": self._lock.id_switches,
            "away_s_max": self._away_s_max,
            "hidden_times": self._hidden_times,
            "final_distance_m": final,
            "min_gap_person_m": self._min_gap_m,
            "min_clearance_m": self._min_clearance_m,
            "path_m": self._path_m,
            "person_path_m": self._person_path_m,
        }

    def _spl(self) -> float:
        """Success weighted by path length of the first encounter: least possible over driven length."""
        if self._encounter_s is None:
            return 0.0
        return self._straight_m / max(self._path_at_encounter_m, self._straight_m) if self._straight_m > 0 else 1.0

    def _on_truth(self, truth: WorldTruth) -> None:
        now_s = truth.stamp_ns / NS_PER_S
        dt = 0.0 if self._last is None else (truth.stamp_ns - self._last.stamp_ns) / NS_PER_S
        person = truth.people[0]
        robot = Pose2(truth.x, truth.y, truth.yaw)
        self._move(truth)
        self._score_step(robot, person, now_s)
        self._score_limits(person, truth, now_s, dt)
        self._score_contacts(truth, now_s)
        self._score_hidden(person, now_s, dt)
        self._lock.on_truth(truth, self.distance_m, dt, now_s, self.events)
        self._last = truth

    def _move(self, truth: WorldTruth) -> None:
        if self._last is None:
            self._start = (truth.x, truth.y)
            return
        self._path_m += math.hypot(truth.x - self._last.x, truth.y - self._last.y)
        before, now = self._last.people[0], truth.people[0]
        self._person_path_m += math.hypot(now.x - before.x, now.y - before.y)

    def _score_step(self, robot: Pose2, person: PersonTruth, now_s: float) -> None:
        self.distance_m = robot.distance_to(person.x, person.y)
        facing = math.cos(robot.bearing_to(person.x, person.y)) > FACING_DOT
        following = facing and FOLLOW_BAND_M[0] <= self.distance_m <= FOLLOW_BAND_M[1]
        self._steps += 1
        self._tracked += facing and self.distance_m <= TRACKING_M
        if following and self._encounter_s is None:
            self._encounter(person, now_s)
        if self._encounter_s is not None:
            self._steps_after_encounter += 1
            self._followed += following

    def _encounter(self, person: PersonTruth, now_s: float) -> None:
        assert self._start is not None
        self._encounter_s = now_s
        self._path_at_encounter_m = self._path_m
        straight = math.hypot(person.x - self._start[0], person.y - self._start[1])
        self._straight_m = max(0.0, straight - FOLLOW_BAND_M[1])
        self.events.append(Event(now_s, "encounter", f"first at {self.distance_m:.1f} m and facing the person"))

    def _score_limits(self, person: PersonTruth, truth: WorldTruth, now_s: float, dt: float) -> None:
        was_away = self._away_s > AWAY_S
        self._away_s = self._away_s + dt if self.distance_m > AWAY_M else 0.0
        self._away_s_max = max(self._away_s_max, self._away_s)
        if self._away_s > AWAY_S and not was_away:
            self.events.append(Event(now_s, "away", f"more than {AWAY_M:g} m away for longer than {AWAY_S:g} s"))
        self._min_gap_m = min(self._min_gap_m, *(p.gap_m for p in truth.people))
        self._min_clearance_m = min(self._min_clearance_m, truth.clearance_m)

    def _score_contacts(self, truth: WorldTruth, now_s: float) -> None:
        for contact in truth.contacts:
            key = (contact.kind, contact.name)
            if now_s - self._touching.get(key, -math.inf) > 1.0:  # a new touch, not the last one going on
                self._collisions[contact.kind] += 1
                self.events.append(Event(now_s, "contact", f"touched {contact.kind} '{contact.name}'"))
            self._touching[key] = now_s

    def _score_hidden(self, person: PersonTruth, now_s: float, dt: float) -> None:
        if person.in_sight:
            if self._hidden_s >= HIDDEN_S:
                self.events.append(Event(now_s, "seen again", f"person was hidden for {self._hidden_s:.1f} s"))
            self._hidden_s = 0.0
            return
        before, self._hidden_s = self._hidden_s, self._hidden_s + dt
        self._hidden_times += before < HIDDEN_S <= self._hidden_s
