"""`launch bench tabletop`: the display's suites, held against bars and a baseline."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from launch.cli.bench_rows import Baseline, Engine, How, Jobs, Out, Update, run_rows
from launch.errors import one_of
from launch.spec import PERCEPTIONS


def tabletop(
    suite: Annotated[
        str, typer.Argument(help="all, pose, nods, lock, mimic, stability, speed, or a part (lock:party, pose:anna).")
    ] = "all",
    seeds: Annotated[int | None, typer.Option(help="Seeds of each part; each suite has its own number.")] = None,
    first_seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    duration: Annotated[float | None, typer.Option(help="Seconds an episode; each suite has its own.")] = None,
    perception: Annotated[str, typer.Option(help="pixels or emulated (of nods and mimic).")] = "pixels",
    jobs: Jobs = 2,
    engine: Engine = "local",
    baseline: Baseline = None,
    update_baseline: Update = False,
    out: Out = None,
) -> int:
    """Head pose, nods, the lock, mimicry, stability and speed of the tabletop display."""
    from launch.bench import tabletop as bench
    from launch.bench.tabletop_bars import judge

    level = one_of("--perception", perception, PERCEPTIONS)
    chosen = bench.episodes(suite, seeds, first_seed, level, duration)
    summary: dict[str, Any] = {"bench": "tabletop", "suite": suite, "perception": perception}
    summary["seeds"] = [first_seed, max(episode.spec.seed for episode in chosen)]
    suites = bench.chosen_suites(chosen)
    how = How(jobs, engine, baseline, update_baseline, out)
    return run_rows(bench.run_episode, chosen, summary, lambda rows: judge(rows, suites), how)
