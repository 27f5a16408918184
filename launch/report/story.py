"""A run's log as the columns that pictures need. One pass over the commits; nothing is judged here, only collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robot import topics
from robot.clock import NS_PER_S
from robot.messages import FollowState, Lock, SafetyState, WorldTruth
from robot.runtime.commit import Commit

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """A time during which something stayed the same."""

    start_s: float
    end_s: float
    value: str


@dataclass(frozen=True)
class Touch:
    """The moment a contact began, and where the robot was (map, m)."""

    t_s: float
    kind: str
    name: str
    x: float
    y: float


class Steps:
    """A value that changes now and then, kept as spans."""

    def __init__(self) -> None:
        self._changes: list[tuple[float, str]] = []
        self._last_s = 0.0

    def note(self, t_s: float, value: str) -> None:
        """Tell the value at `t_s`."""
        self._last_s = t_s
        if not self._changes or self._changes[-1][1] != value:
            self._changes.append((t_s, value))

    def spans(self, end_s: float) -> list[Span]:
        """Return the spans up to `end_s`."""
        starts = [t for t, _ in self._changes]
        ends = [*starts[1:], max(end_s, self._last_s)]
        return [Span(start, ends[i], value) for i, (start, value) in enumerate(self._changes)]


class Story:
    """Observer that collects what the report shows."""

    def __init__(self) -> None:
        self.mode, self.lock, self.sight, self.safety = Steps(), Steps(), Steps(), Steps()
        self.reasons: dict[str, Steps] = {}
        self.people: list[str] = []
        self.touches: list[Touch] = []
        self.words: list[tuple[float, str, str]] = []
        """Log lines of warning and worse: time (s), level, text."""
        self.end_s = 0.0
        self._robot: list[tuple[float, ...]] = []
        self._people: list[list[tuple[float, float]]] = []
        self._speeds: list[tuple[float, ...]] = []
        self._touching: set[tuple[str, str]] = set()
        self._take: dict[str, Callable[[float, Any], None]] = {
            topics.TRUTH.name: self._on_truth,
            topics.FOLLOW_STATE.name: self._on_follow,
            topics.LOCK.name: self._on_lock,
            topics.SAFETY.name: self._on_safety,
            topics.LOG.name: self._on_log,
        }

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        t_s = commit.envelope.t_ns / NS_PER_S
        self.end_s = max(self.end_s, t_s)
        take = self._take.get(commit.envelope.topic)
        if take is not None and commit.envelope.valid:
            take(t_s, commit.message)

    @property
    def robot(self) -> Column:
        """(N, 5): time (s), x, y (m, map), yaw (rad), speed (m/s), as they truly were."""
        return _table(self._robot, 5)

    @property
    def speeds(self) -> Column:
        """(N, 5): time (s), wanted v, applied v (m/s), wanted omega, applied omega (rad/s)."""
        return _table(self._speeds, 5)

    def person(self, index: int) -> Column:
        """(N, 2) x, y (m, map) of a person at the robot's times; NaN where not there. The followed one is 0."""
        rows = [row[index] if index < len(row) else (np.nan, np.nan) for row in self._people]
        return _table(rows, 2)

    def distance(self) -> Column:
        """(N,) m between the middles of robot and followed person."""
        robot = self.robot
        if not self.people:
            return np.full(len(robot), np.nan)
        distance: Column = np.hypot(*(self.person(0) - robot[:, 1:3]).T)
        return distance

    def unlocked(self) -> list[Span]:
        """Return when the robot had no hold of its person, after it first had."""
        spans = self.lock.spans(self.end_s)
        first = next((i for i, span in enumerate(spans) if span.value == "locked"), len(spans))
        return [span for span in joined(spans[first:]) if span.value == "other"]

    def _on_truth(self, t_s: float, truth: WorldTruth) -> None:
        self._robot.append((t_s, truth.x, truth.y, truth.yaw, truth.v))
        self._people.append([(person.x, person.y) for person in truth.people])
        if truth.people:
            self.people = [person.name for person in truth.people]
            first = truth.people[0]
            self.sight.note(t_s, "in view" if first.in_view else "outside the picture" if first.in_sight else "hidden")
        touching = {(contact.kind, contact.name) for contact in truth.contacts}
        for kind, name in sorted(touching - self._touching):
            self.touches.append(Touch(t_s, kind, name, truth.x, truth.y))
        self._touching = touching

    def _on_follow(self, t_s: float, state: FollowState) -> None:
        self.mode.note(t_s, state.mode.replace("_", " "))

    def _on_lock(self, t_s: float, lock: Lock) -> None:
        self.lock.note(t_s, lock.state)

    def _on_safety(self, t_s: float, state: SafetyState) -> None:
        self.safety.note(t_s, state.state)
        self._speeds.append((t_s, state.wanted_v, state.applied_v, state.wanted_omega, state.applied_omega))
        for reason in state.reasons:
            self.reasons.setdefault(reason, Steps())
        for reason, steps in self.reasons.items():
            steps.note(t_s, "on" if reason in state.reasons else "off")

    def _on_log(self, t_s: float, line: Any) -> None:
        if line.level in ("warning", "error"):
            self.words.append((t_s, line.level, line.text))


def joined(spans: list[Span]) -> list[Span]:
    """Return spans of "locked" and "other": what lies between two locks becomes one span."""
    merged: list[Span] = []
    for span in spans:
        value = "locked" if span.value == "locked" else "other"
        if merged and merged[-1].value == value:
            merged[-1] = Span(merged[-1].start_s, span.end_s, value)
        else:
            merged.append(Span(span.start_s, span.end_s, value))
    return merged


def _table(rows: list[tuple[float, ...]] | list[tuple[float, float]], width: int) -> Column:
    return np.array(rows, dtype=np.float64).reshape(-1, width)
