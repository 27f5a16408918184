"""`launch bench sim`: what the whole robot costs beside a bare loop making the same PyBullet calls.

The two are measured in turn, so that a machine whose speed drifts drifts for both. Emulated runs in lockstep on one
core; pixels runs stepped, one process per node.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from launch.execute import RunOptions, execute
from launch.profiles import Perception, RunSpec
from sim.bare_loop import bare_seconds

WARM_UP_S = 2.0  # compiles kernels and fills caches


def run(world: str, seconds: float, repeats: int) -> list[dict[str, Any]]:
    """Measure both levels, print the table and return its rows."""
    rows = []
    levels: tuple[tuple[Perception, str], ...] = (("emulated", "lockstep"), ("pixels", "stepped"))
    for perception, runner in levels:
        _ours(world, WARM_UP_S, perception, runner)
        pairs = [
            (bare_seconds(perception, world, seconds), _ours(world, seconds, perception, runner))
            for _ in range(repeats)
        ]
        bare, ours = statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)
        rows.append(
            {
                "level": f"{perception} + {runner} + fast",
                "bare_x_real_time": seconds / bare,
                "ours_x_real_time": seconds / ours,
                "ours_over_bare": statistics.median(p[1] / p[0] for p in pairs),
            }
        )
    _print(rows, world, seconds, repeats)
    return rows


def _ours(world: str, seconds: float, perception: Perception, runner: str) -> float:
    """Return the wall seconds of the run proper, recording included; building and reports are not counted."""
    spec = RunSpec("follow_me", world, 0, seconds, perception)
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(runner=runner, fast=True, out=Path(folder) / "run", report=False)  # type: ignore[arg-type]  # a literal above
        summary, _ = execute(spec, options)
    return float(summary["wall_seconds"])


def _print(rows: list[dict[str, Any]], world: str, seconds: float, repeats: int) -> None:
    table = Table(title=f"{world}, {seconds:g} s simulated, median of {repeats}")
    for column in ("level", "bare loop, x real time", "ours, x real time", "ours / bare, wall"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(
            row["level"],
            f"{row['bare_x_real_time']:.1f}",
            f"{row['ours_x_real_time']:.2f}",
            f"{row['ours_over_bare']:.2f}",
        )
    Console(width=120).print(table)
