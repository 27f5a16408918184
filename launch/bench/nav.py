"""`launch bench nav`: episodes of the profile `navigate` over a suite of worlds, one row each.

A row depends on its world, seed, planner and the code alone: runs are deterministic, so a row that differs from an
older one is a change of behaviour (`regression.py`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from launch.bench.seeds import seed_range
from launch.errors import unknown
from launch.execute import RunOptions, prepare, reproduce
from launch.navigate import task_scorer
from launch.scoring.nav import NavScorer
from launch.scoring.paths import PathTap
from launch.spec import RunSpec
from robot.recording.log_hash import LogHash
from robot.runtime.failure import RunFailed
from robot.runtime.lockstep import Lockstep
from worlds.catalog import list_worlds, load_world
from worlds.suites.clutter import LEVELS
from worlds.suites.hazards import HAZARDS
from worlds.suites.task import task_of

PLANNERS = ("mppi", "dwa")
CHUNK_S = 0.25  # simulated time between two looks at whether the episode is over
NOT_COMPARED = ("wall_seconds", "cpu_seconds", "real_time_factor", "rss_mb", "command")  # machine, not behaviour


@dataclass(frozen=True)
class Episode:
    """One run of the bench; the label is its planner."""

    spec: RunSpec
    label: str


def suite_worlds(suite: str, seeds: Sequence[int]) -> list[tuple[str, int]]:
    """Return (world, seed) of every episode of a suite.

    Args:
        suite: homes, clutter, hazards; a part (`clutter:3`, `hazards:shoe`); or one world by name or file.
    """
    if suite == "homes":
        return [(home, seed) for home in list_worlds() for seed in seeds]
    if suite == "clutter":
        return [(f"clutter:{level}:{seed}", seed) for level in LEVELS for seed in seeds]
    if suite == "hazards":
        return [(f"hazards:{name}:{seed}", seed) for name in HAZARDS for seed in seeds]
    part, _, which = suite.partition(":")
    if part in ("clutter", "hazards") and ":" not in which:
        return [(f"{suite}:{seed}", seed) for seed in seeds]
    if part in ("clutter", "hazards"):
        return [(suite, int(which.rpartition(":")[2]))]
    load_world(suite)
    return [(suite, seed) for seed in seeds]


def episodes(suite: str, seeds: int, first_seed: int, planner: str, overrides: Sequence[str] = ()) -> list[Episode]:
    """Return the episodes of a suite under `seeds` seeds from `first_seed` on.

    Raises:
        CallError, WorldError: a count, planner or world that cannot be.
    """
    chosen = seed_range(seeds, first_seed)
    if planner not in PLANNERS:
        raise unknown("value of --planner:", planner, PLANNERS)
    found = suite_worlds(suite, chosen)
    for world in dict.fromkeys(world.rpartition(":")[0] or world for world, _ in found):
        load_world(next(name for name, _ in found if name.startswith(world)))
    return [Episode(spec_of(world, seed, planner, overrides), planner) for world, seed in found]


def spec_of(world: str, seed: int, planner: str, overrides: Sequence[str] = ()) -> RunSpec:
    """Return the run of one episode."""
    chosen = (f"navigator.controller={planner}", *overrides) if planner != "mppi" else tuple(overrides)
    return RunSpec("navigate", world, seed, 60.0, "emulated", chosen)


def run_episode(episode: Episode) -> dict[str, Any]:
    """Run one episode in this process until it is decided, and return its row."""
    spec = episode.spec
    task = task_of(spec.world, spec.seed)
    scorer, digest, paths = task_scorer(spec), LogHash(), PathTap()
    graph = prepare(spec)
    started, started_cpu, failed = time.perf_counter(), time.process_time(), None
    runner = Lockstep(graph, spec.seed, [scorer, digest, paths])
    chunk = graph.ticks.count(CHUNK_S)
    try:
        while not scorer.done:
            runner.advance(runner.tick + chunk)
    except RunFailed as error:
        failed = str(error)
    finally:
        runner.close()
    wall_s, cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    sim_s = runner.tick / graph.ticks.hz
    return {
        "label": episode.label,
        "world": spec.world,
        "seed": spec.seed,
        "title": title_of(spec.world, spec.seed),
        "start": task.start,
        "goal": task.goal,
        **scorer.metrics(),
        "failed": failed,
        "events": [event.as_dict() for event in scorer.events],
        "log_sha256": digest.hexdigest(),
        "sim_seconds": sim_s,
        "wall_seconds": wall_s,
        "cpu_seconds": cpu_s,
        "real_time_factor": sim_s / wall_s,
        "rss_mb": psutil.Process().memory_info().rss / 2**20,
        "command": command_of(spec, sim_s),
        "paths": _paths(paths, scorer, task.goal),
    }


def title_of(world: str, seed: int) -> str:
    """Return what an episode is called in tables."""
    parts = world.split(":")
    if parts[0] == "barn":
        return f"barn {parts[-1]}"
    return " ".join(parts) if len(parts) == 3 else f"{world.rpartition('/')[2]} {seed}"


def command_of(spec: RunSpec, sim_s: float) -> str:
    """Return the command that runs one episode alone, with log and report."""
    alone = RunSpec(spec.profile, spec.world, spec.seed, sim_s, spec.perception, spec.overrides)
    return reproduce(alone, RunOptions(runner="lockstep", fast=True))


def _paths(tap: PathTap, scorer: NavScorer, goal: tuple[float, float]) -> dict[str, Any]:
    """Return the way of an episode that did not succeed, for its thumbnail; nothing of the others."""
    if scorer.metrics()["success"]:
        return {}
    return {**tap.as_dict(), "goal": goal}
