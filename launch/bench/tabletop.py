"""`launch bench tabletop`: what the display is held to, suite by suite; one row per episode, whatever is measured.

| suite | what runs | level |
|---|---|---|
| pose | each of eight people before a camera that stands still, heads sweeping through all poses | pixels |
| nods | 20 nods among 20 look-alikes, and a minute of talking and reading, per seed | pixels, or `emulated` |
| lock | the whole profile in a crowd (and among look-alikes), a tracker without identity beside it | pixels |
| mimic | the whole profile before one caller who nods, and one in dim light | pixels, or `emulated` |
| stability | the arm and its stand: limiter on, off, and a payload half as heavy again | physics only |
| speed | the face watcher and MediaPipe's own FaceMesh on the same frames, in a process of their own | pixels |
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil

from launch.bench import tabletop_faces, tabletop_runs, tabletop_speed, tabletop_stand
from launch.bench.seeds import seed_range
from launch.errors import CallError, unknown
from launch.spec import Perception, RunSpec
from robot.runtime.failure import RunFailed
from sim.tabletop.trials import FACES

Row = dict[str, Any]
LABEL = "ours"


@dataclass(frozen=True)
class Suite:
    """One suite: its parts, how many seeds each has by default, how long an episode is (s), and what runs one."""

    parts: tuple[str, ...]
    seeds: int
    seconds: float
    run: Callable[[RunSpec], Row]
    fewer: Mapping[str, int] = field(default_factory=dict)
    """Seeds of the parts that have not as many."""


SUITES = {
    "pose": Suite(FACES, 1, 20.0, tabletop_faces.pose),
    "nods": Suite(("mixed", "talk"), 10, 60.0, tabletop_faces.nods),
    "lock": Suite(("crowd", "party"), 50, 20.0, tabletop_runs.lock, {"party": 10}),
    "mimic": Suite(("nodder", "dim"), 5, 30.0, tabletop_runs.mimic),
    "stability": Suite(("limiter", "off", "heavy"), 1, 60.0, tabletop_stand.stand),
    "speed": Suite(("1_face", "4_faces"), 1, 5.0, tabletop_speed.speed),
}


@dataclass(frozen=True)
class Episode:
    """One episode; its world is "suite:part"."""

    spec: RunSpec
    label: str = LABEL


def episodes(
    which: str, seeds: int | None, first_seed: int, perception: Perception, seconds: float | None
) -> list[Episode]:
    """Return the episodes of `which`: "all", a suite, or one part of it ("lock:party").

    Args:
        seeds: how many per part; the suite's own number where not given.
        seconds: of one episode; the suite's own where not given.

    Raises:
        CallError: no such suite or part, or a count that cannot be.
    """
    seed_range(1 if seeds is None else seeds, first_seed)
    if seconds is not None and not 5.0 <= seconds <= 3600.0:
        raise CallError(f"--duration {seconds:g}: must be from 5 to 3600 seconds")
    return [
        Episode(RunSpec("tabletop", f"{suite}:{part}", seed, seconds or SUITES[suite].seconds, perception))
        for suite, parts in _parts(which)
        for part in parts
        for seed in seed_range(seeds or SUITES[suite].fewer.get(part, SUITES[suite].seeds), first_seed)
    ]


def _parts(which: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the suites and the parts of each that a name means."""
    if which == "all":
        return [(name, suite.parts) for name, suite in SUITES.items()]
    name, colon, part = which.partition(":")
    if name not in SUITES:
        raise unknown("tabletop suite", name, ("all", *SUITES))
    if colon and part not in SUITES[name].parts:
        raise unknown(f"part of the suite {name}:", part, SUITES[name].parts)
    return [(name, (part,) if colon else SUITES[name].parts)]


def run_episode(episode: Episode) -> Row:
    """Run one episode in this process and return its row."""
    spec = episode.spec
    suite, _, part = spec.world.partition(":")
    started = time.perf_counter()
    row: Row = {"label": episode.label, "world": spec.world, "seed": spec.seed, "suite": suite, "part": part}
    row["title"] = f"{suite} {part.replace('_', ' ')} {spec.seed}"
    try:
        row |= {"failed": None, **SUITES[suite].run(spec)}
    except RunFailed as error:
        row |= {"failed": str(error), "success": False}
    row.setdefault("collisions", 0)
    row.setdefault("time_s", spec.duration_s)
    row["wall_seconds"] = time.perf_counter() - started
    row["rss_mb"] = psutil.Process().memory_info().rss / 2**20
    row.setdefault("command", command_of(spec))
    return row


def command_of(spec: RunSpec) -> str:
    """Return the command that runs one episode alone."""
    return (
        f"launch bench tabletop {spec.world} --seeds 1 --first-seed {spec.seed} --duration {spec.duration_s:g} "
        f"--perception {spec.perception} --jobs 1"
    )


def chosen_suites(chosen: Sequence[Episode]) -> set[str]:
    """Return the suites that episodes are of."""
    return {episode.spec.world.partition(":")[0] for episode in chosen}
