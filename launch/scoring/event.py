"""What happened in a run, for summary.json and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Event:
    """Something a reader of the report wants to know happened."""

    t_s: float
    kind: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the event as summary.json holds it."""
        return {"t_s": round(self.t_s, 3), "kind": self.kind, "text": self.text}
