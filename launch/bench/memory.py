"""`launch bench memory`: resident memory of all processes of a run over a long time, and the size of its log."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from launch.execute import RunOptions, execute
from launch.profiles import Perception, RunSpec
from launch.scoring.scorer import Scorer
from launch.status import RunMonitor
from robot.clock import NS_PER_S

MIB = 2**20
SETTLED_S = 60.0  # simulated; until then buffers fill and kernels load
LIMIT_MIB = 2048.0
FLAT = 0.05


class MemorySampler:
    """Sums the resident memory of this process and its children every few simulated seconds.

    A sum of resident sizes counts a library once for each process that has it; `once_mib` counts every page once.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._next_s = 0.0
        self.samples: list[tuple[float, float]] = []
        """(simulated s, MiB)"""
        self.once_mib = 0.0

    def update(self, monitor: RunMonitor, scorer: Scorer, wall_s: float, duration_s: float) -> None:
        """Take a sample when it is time for one."""
        now_s = monitor.now_ns / NS_PER_S
        if now_s < self._next_s:
            return
        self._next_s = now_s + self._every_s
        me = psutil.Process()
        used = [process.memory_full_info() for process in (me, *me.children(recursive=True))]
        self.samples.append((now_s, sum(info.rss for info in used) / MIB))
        self.once_mib = max(self.once_mib, sum(info.pss for info in used) / MIB)

    def say(self, text: str) -> None:
        """Nothing to say."""


def run(world: str, minutes: float, perception: Perception) -> dict[str, Any]:
    """Run follow_me stepped for `minutes` of simulated time, print the figures and return them."""
    sampler = MemorySampler(every_s=10.0)
    spec = RunSpec("follow_me", world, 0, minutes * 60.0, perception)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        summary, _ = execute(spec, RunOptions("stepped", fast=True, out=out, report=False), sampler)
        log_mb = (out / "log.mcap").stat().st_size / 1e6
    settled = [mib for t_s, mib in sampler.samples if t_s >= SETTLED_S]
    if not settled:
        settled = [mib for _, mib in sampler.samples]
    quarter = max(1, len(settled) // 4)
    first, last = statistics.median(settled[:quarter]), statistics.median(settled[-quarter:])
    figures = {
        "world": world,
        "perception": perception,
        "simulated_minutes": minutes,
        "samples": len(sampler.samples),
        "resident_mib_max": max(mib for _, mib in sampler.samples),
        "resident_once_mib_max": sampler.once_mib,
        "resident_mib_first_quarter": first,
        "resident_mib_last_quarter": last,
        "growth": last / first - 1.0,
        "log_mb_per_minute": log_mb / minutes,
        "real_time_factor": summary["real_time_factor"],
        "failed": summary["failed"],
    }
    _print(figures)
    return figures


def _print(figures: dict[str, Any]) -> None:
    console = Console(width=120, highlight=False)
    console.print(
        ", ".join(
            (figures["world"], figures["perception"], "stepped", f"{figures['simulated_minutes']:g} min simulated")
        )
    )
    held = "held" if figures["resident_mib_max"] <= LIMIT_MIB else "NOT held"
    console.print(f"resident, all processes: at most {figures['resident_mib_max']:.0f} MiB (bar {LIMIT_MIB:g}: {held})")
    console.print(f"the same with shared pages counted once: at most {figures['resident_once_mib_max']:.0f} MiB")
    flat = "held" if figures["growth"] <= FLAT else "NOT held"
    console.print(
        f"median of the first and last quarter after {SETTLED_S:g} s: {figures['resident_mib_first_quarter']:.0f} and "
        f"{figures['resident_mib_last_quarter']:.0f} MiB, {figures['growth']:+.1%} (bar {FLAT:.0%}: {flat})"
    )
    console.print(f"log: {figures['log_mb_per_minute']:.1f} MB a simulated minute")
    console.print(f"{figures['real_time_factor']:.2f} x real time; failed: {figures['failed']}")
