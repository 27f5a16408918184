"""`launch bench barn`: worlds of the BARN challenge by its metric, beside our DWA in the same run. A labelled proxy.

The challenge runs in Gazebo on its own robot model; here the worlds are the same and the rules are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from launch.bench.nav import PLANNERS, Episode, spec_of
from launch.errors import CallError, unknown
from worlds.catalog import load_world
from worlds.suites.barn import indices

PROXY = "proxy of the BARN challenge (another simulator and robot model)"


def episodes(
    file: str, planner: str, seeds: int, first_seed: int, limit: int | None, compare: bool, overrides: Sequence[str]
) -> list[Episode]:
    """Return the episodes: every world of a JSON file, or one `.world` file; `compare` adds DWA's.

    Raises:
        CallError, WorldError: in one line.
    """
    if planner not in PLANNERS:
        raise unknown("value of --planner:", planner, PLANNERS)
    if seeds < 1 or first_seed < 0 or (limit is not None and limit < 1):
        raise CallError(f"--seeds {seeds} --first-seed {first_seed} --worlds {limit}: must be positive")
    worlds = _worlds(file)[:limit]
    planners = (planner, "dwa") if compare and planner != "dwa" else (planner,)
    return [
        Episode(spec_of(world, seed, label, overrides), label)
        for label in planners
        for world in worlds
        for seed in range(first_seed, first_seed + seeds)
    ]


def _worlds(file: str) -> list[str]:
    if Path(file).suffix in (".world", ".sdf"):
        load_world(file)
        return [file]
    return [f"barn:{file}:{index}" for index in indices(file)]
