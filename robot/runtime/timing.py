"""How long steps took on this machine. Wall time: for people and benches, never part of a log."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np


class StepTimes:
    """Collects the wall time of one node's steps."""

    def __init__(self) -> None:
        self._ns = array("q")

    def add(self, elapsed_ns: int) -> None:
        """Note one step."""
        self._ns.append(elapsed_ns)

    def summary(self) -> dict[str, Any]:
        """Return steps, mean, median and 99th percentile (ms) and the total (s)."""
        if not self._ns:
            return {"steps": 0, "mean_ms": 0.0, "p50_ms": 0.0, "p99_ms": 0.0, "total_s": 0.0}
        ms = np.asarray(self._ns, np.float64) / 1e6
        return {
            "steps": len(ms),
            "mean_ms": round(float(ms.mean()), 4),
            "p50_ms": round(float(np.percentile(ms, 50)), 4),
            "p99_ms": round(float(np.percentile(ms, 99)), 4),
            "total_s": round(float(ms.sum()) / 1e3, 3),
        }
