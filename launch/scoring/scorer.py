"""What every scorer is: an observer with metrics at any time, and the events a reader of the report wants to see."""

from __future__ import annotations

from typing import Any, Protocol

from launch.scoring.event import Event
from robot.runtime.commit import Commit


class Scorer(Protocol):
    """Watches a run."""

    events: list[Event]
    distance_m: float
    """How far what the robot is after is now, m; NaN before anything is known."""

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
