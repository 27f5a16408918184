"""The `launch` command: profiles, process table, benches, reports; and `launch.run` for scripts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from robot.bus.environment import ENVIRONMENT

if TYPE_CHECKING:
    from launch.api import Run

# Before numpy and OpenCV load anywhere: what nodes have in processes of their own, so that a run in one process equals
# one in ten.
for _variable, _value in ENVIRONMENT.items():
    os.environ.setdefault(_variable, _value)


def run(
    profile: str,
    world: str | None = None,
    seed: int = 0,
    duration: float | None = None,
    *,
    runner: str = "lockstep",
    perception: str = "emulated",
    fast: bool = True,
    overrides: Mapping[str, Any] | Iterable[str] = (),
    nodes: Mapping[str, str] = MappingProxyType({}),
    out: str | Path | None = None,
    report: bool = False,
) -> Run:
    """Run a profile as `launch sim` does, and return its summary and folder.

    Args:
        world: a home's name or file, or a scene; None = the profile's own.
        duration: simulated seconds; None = the profile's own.
        runner: "lockstep" (all nodes in this process) or "stepped" (one process each): equal to the byte.
        perception: "emulated" or "pixels".
        fast: as fast as the machine can; False = in real time.
        overrides: settings of nodes, {"follower.standoff_m": 1.7} or ["follower.standoff_m=1.7"].
        nodes: nodes of your own by row, {"follower": "module:Class"}: in place of a row's, or added.
        out: folder for summary.json and log.mcap; None = a new one under runs/.
        report: write report.html and overview.mp4 too.

    Raises:
        CallError, WorldError, TableError, PeriodError, RouteError: the call was wrong; one line says how.
        RunFailed: a node could not be built.
    """
    from launch.api import execute_call

    return execute_call(profile, world, seed, duration, runner, perception, fast, overrides, nodes, out, report)
