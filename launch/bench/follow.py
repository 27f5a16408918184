"""`launch bench follow`: many episodes of follow_me over the homes, scored, with privileged baselines beside them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from launch.bench.bars import Bar
from launch.bench.seeds import seed_range
from launch.errors import unknown
from launch.execute import RunOptions, prepare, reproduce
from launch.profiles import Perception, RunSpec
from launch.scoring.follow import FollowScorer
from launch.scoring.paths import PathTap
from robot.recording.log_hash import LogHash
from robot.runtime.failure import RunFailed
from robot.runtime.lockstep import Lockstep
from worlds.catalog import list_worlds, load_world

PLANNERS = ("mppi", "dwa")
LABELS = ("ours", "naive", "told")  # the last two are privileged: policies/baseline.py

BARS = (  # docs/benchmarks.md tells where they come from
    Bar("follow_rate", "mean >=", 0.85),
    Bar("tracking_rate", "mean >=", 0.95),
    Bar("success", "mean >=", 0.95),
    Bar("collisions_person", "episodes with any <=", 0.0),
    Bar("collisions_object", "episodes with any <=", 1 / 30),
    Bar("id_switches", "episodes with any <=", 1 / 30),
    Bar("lost_s_max", "max <=", 5.0),
)


@dataclass(frozen=True)
class Episode:
    """One run of the bench."""

    spec: RunSpec
    label: str  # one of LABELS


def episodes(
    suite: str,
    seeds: int,
    first_seed: int,
    perception: Perception,
    planner: str,
    duration_s: float,
    overrides: Sequence[str],
) -> list[Episode]:
    """Return the episodes of `suite`: "homes" or one home, each under every seed, with every label.

    Raises:
        CallError: a count or name that cannot be.
    """
    chosen_seeds = seed_range(seeds, first_seed)
    if planner not in PLANNERS:
        raise unknown("value of --planner:", planner, PLANNERS)
    worlds = list_worlds() if suite == "homes" else (suite,)
    for world in worlds:
        load_world(world)
    ours = (f"navigator.controller={planner}", *overrides)
    return [
        Episode(RunSpec(profile, world, seed, duration_s, perception, chosen), label)
        for label, profile, chosen in (
            ("ours", "follow_me", ours),
            ("naive", "follow_naive", ()),
            ("told", "follow_told", ours),
        )
        for world in worlds
        for seed in chosen_seeds
    ]


def run_episode(episode: Episode) -> dict[str, Any]:
    """Run one episode in this process and return its row."""
    spec = episode.spec
    scorer, digest, paths = FollowScorer(), LogHash(), PathTap()
    graph = prepare(spec)
    runner = Lockstep(graph, spec.seed, [scorer, digest, paths])
    started, failed = time.perf_counter(), None
    try:
        runner.advance(graph.ticks.count(spec.duration_s))
    except RunFailed as error:
        failed = str(error)
    finally:
        runner.close()
    metrics = scorer.metrics()
    return {
        "label": episode.label,
        "world": spec.world,
        "seed": spec.seed,
        **metrics,
        "collisions": metrics["collisions_person"] + metrics["collisions_object"],
        "time_s": (1.0 - metrics["follow_rate"]) * spec.duration_s,  # not followed: what a baseline calls slower
        "failed": failed,
        "wall_seconds": time.perf_counter() - started,
        "log_sha256": digest.hexdigest(),
        "events": [event.as_dict() for event in scorer.events],
        "paths": paths.as_dict(),
        "command": reproduce(spec, RunOptions(runner="lockstep", fast=True)),
    }
