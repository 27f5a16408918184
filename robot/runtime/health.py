"""How the nodes of a run are doing: whether they are there, and how long their steps take. Never part of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from robot.runtime.timing import StepTimes


@dataclass
class NodeHealth:
    """One node since the run began."""

    state: Literal["running", "absent", "dead"] = "running"
    restarts: int = 0
    times: StepTimes = field(default_factory=StepTimes)

    def gone(self, comes_back: bool) -> None:
        """Note that the node failed."""
        self.state = "absent" if comes_back else "dead"
        self.restarts += comes_back


def timing(health: Mapping[str, NodeHealth]) -> dict[str, dict[str, Any]]:
    """Return the summary of every node's step times, in table order."""
    return {name: node.times.summary() for name, node in health.items()}
