"""How the nodes of a run are doing: step times, counted by the runners and shown to people. Never in a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MS_PER_NS = 1e-6


@dataclass
class NodeHealth:
    """Step times of one node since the run began."""

    state: Literal["running", "absent", "dead"] = "running"
    steps: int = 0
    restarts: int = 0
    busy_ns: int = 0
    """Wall time spent in all steps."""
    worst_ns: int = 0
    last_ns: int = 0

    def add(self, step_ns: int) -> None:
        """Count one step that took `step_ns` of wall time."""
        self.steps += 1
        self.busy_ns += step_ns
        self.last_ns = step_ns
        self.worst_ns = max(self.worst_ns, step_ns)

    def row(self) -> dict[str, float | int | str]:
        """Return the figures for a table: times in milliseconds."""
        return {
            "state": self.state,
            "steps": self.steps,
            "restarts": self.restarts,
            "busy_s": round(self.busy_ns / 1e9, 6),
            "mean_ms": round(self.busy_ns / max(self.steps, 1) * MS_PER_NS, 4),
            "worst_ms": round(self.worst_ns * MS_PER_NS, 4),
        }


def timing(health: Mapping[str, NodeHealth]) -> dict[str, dict[str, float | int | str]]:
    """Return one row per node, in table order."""
    return {name: node.row() for name, node in health.items()}
