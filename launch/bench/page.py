"""`launch bench page`: what looking costs. A run alone, and the same with page and Foxglove open and both looked at.

Measured in turn, so that a machine whose speed drifts drifts for both. The logs must be equal. Who looks is a process
of its own on the same machine, as a browser is.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from launch.dashboard.gate import Gate
from launch.dashboard.tap import DashboardOptions
from launch.execute import RunOptions, execute
from launch.profiles import Perception, RunSpec

WARM_UP_S = 2.0  # compiles kernels and fills caches


class Audience:
    """A browser's worth of reading at the page, and a Foxglove that has subscribed to everything."""

    def __init__(self) -> None:
        program = [sys.executable, "-m", "launch.bench.page_viewer"]
        self._viewers = {
            name: subprocess.Popen([*program, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for name in ("dashboard", "foxglove")
        }
        self.bytes: dict[str, int] = {}
        for viewer in self._viewers.values():
            assert viewer.stdout is not None
            viewer.stdout.readline()  # it is ready

    def announce(self, text: str) -> None:
        """Look at an address as soon as it is there."""
        name, url = text.split()
        viewer = self._viewers[name.rstrip(":")]
        assert viewer.stdin is not None
        print(url, file=viewer.stdin, flush=True)

    def join(self) -> None:
        """Wait until the run has closed both, and take down how much they saw."""
        for name, viewer in self._viewers.items():
            self.bytes[name] = int(viewer.communicate()[0])


def run(world: str, seconds: float, repeats: int, perception: Perception) -> dict[str, Any]:
    """Measure, print the table and return it."""
    _one(world, WARM_UP_S, perception, None)
    pairs = []
    for _ in range(repeats):
        audience = Audience()
        alone = _one(world, seconds, perception, None)
        served = _one(world, seconds, perception, audience)
        audience.join()
        pairs.append((alone, served, audience))
    loss = [1.0 - served["real_time_factor"] / alone["real_time_factor"] for alone, served, _ in pairs]
    found = {
        "x_real_time_alone": statistics.median(alone["real_time_factor"] for alone, _, _ in pairs),
        "x_real_time_looked_at": statistics.median(served["real_time_factor"] for _, served, _ in pairs),
        "share_lost": statistics.median(loss),
        "equal_logs": all(alone["log_sha256"] == served["log_sha256"] for alone, served, _ in pairs),
        "page_kb_per_s": statistics.median(a.bytes["dashboard"] / 1000 / s["wall_seconds"] for _, s, a in pairs),
        "foxglove_kb_per_s": statistics.median(a.bytes["foxglove"] / 1000 / s["wall_seconds"] for _, s, a in pairs),
    }
    table = Table(title=f"follow_me in {world}, {perception}, {seconds:g} s simulated, stepped, median of {repeats}")
    table.add_column("what")
    table.add_column("value", justify="right")
    for name, value in found.items():
        table.add_row(name, str(value) if isinstance(value, bool) else f"{value:.3f}")
    Console(width=120).print(table)
    return found


def _one(world: str, seconds: float, perception: Perception, audience: Audience | None) -> dict[str, Any]:
    """Return the summary of one run."""
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(
            fast=True,
            out=Path(folder) / "run",
            report=False,
            dashboard=None if audience is None else DashboardOptions(Gate.of("127.0.0.1", None)),
            foxglove=None if audience is None else 0,
            announce=print if audience is None else audience.announce,
        )
        summary, _ = execute(RunSpec("follow_me", world, 0, seconds, perception), options)
    return summary
