"""Where everybody went, thinned out: enough for a thumbnail."""

from __future__ import annotations

from typing import Any

from robot import topics
from robot.clock import NS_PER_S
from robot.messages import WorldTruth
from robot.runtime.commit import Commit

SPACING_S = 0.5


class PathTap:
    """Observer that samples the true positions of the robot and the followed person, where there is one."""

    def __init__(self) -> None:
        self._next_ns = 0
        self._robot: list[tuple[float, float]] = []
        self._person: list[tuple[float, float]] = []

    def on_commit(self, commit: Commit) -> None:
        """Sample truth every SPACING_S."""
        if commit.envelope.topic != topics.TRUTH.name or commit.envelope.t_ns < self._next_ns:
            return
        truth = commit.message
        assert isinstance(truth, WorldTruth)
        self._next_ns += int(SPACING_S * NS_PER_S)
        self._robot.append((round(truth.x, 3), round(truth.y, 3)))
        if truth.people:
            self._person.append((round(truth.people[0].x, 3), round(truth.people[0].y, 3)))

    def as_dict(self) -> dict[str, Any]:
        """Return both paths as lists of (x, y) in map, m."""
        return {"robot": self._robot, "person": self._person}
