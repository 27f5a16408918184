"""`launch bench nav|barn|kernels|engine`: navigation by the dozen, against bars and a baseline; what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from launch.cli.bench_rows import Baseline, Engine, How, Jobs, Out, Overrides, Update, run_rows
from launch.errors import CallError

Seeds = Annotated[int, typer.Option(help="Seeds of each world, or worlds of each kind.")]
FirstSeed = Annotated[int, typer.Option(help="The first seed.")]
Planner = Annotated[str, typer.Option(help="mppi or dwa.")]


def nav(
    suite: Annotated[
        str, typer.Argument(help="homes, clutter, hazards, a part (clutter:3, hazards:shoe), or one world.")
    ] = "homes",
    planner: Planner = "mppi",
    seeds: Seeds = 5,
    first_seed: FirstSeed = 0,
    jobs: Jobs = 2,
    engine: Engine = "local",
    baseline: Baseline = None,
    update_baseline: Update = False,
    overrides: Overrides = None,
    out: Out = None,
) -> int:
    """Drive to goals through homes, clutter or hazards, one row an episode."""
    from launch.bench import nav as bench

    chosen = bench.episodes(suite, seeds, first_seed, planner, overrides or ())
    summary = {"bench": "nav", "suite": suite, "seeds": [first_seed, first_seed + seeds - 1], "planner": planner}
    return _run(chosen, summary, suite, How(jobs, engine, baseline, update_baseline, out))


def barn(
    file: Annotated[str, typer.Argument(help="JSON of BARN worlds, or a Gazebo .world file of one.")],
    planner: Planner = "mppi",
    seeds: Seeds = 1,
    first_seed: FirstSeed = 0,
    worlds: Annotated[int | None, typer.Option(help="Only the first so many worlds.")] = None,
    compare: Annotated[bool, typer.Option(help="Run DWA in the same run, to compare with.")] = True,
    jobs: Jobs = 2,
    engine: Engine = "local",
    baseline: Baseline = None,
    update_baseline: Update = False,
    overrides: Overrides = None,
    out: Out = None,
) -> int:
    """Worlds of the BARN challenge by its metric; a proxy, because the simulator is another."""
    from launch.bench import barn as bench

    chosen = bench.episodes(file, planner, seeds, first_seed, worlds, compare, overrides or ())
    summary = {"bench": "barn", "suite": Path(file).name, "planner": planner, "proxy": bench.PROXY}
    return _run(chosen, summary, "barn", How(jobs, engine, baseline, update_baseline, out))


def _run(chosen: list[Any], summary: dict[str, Any], suite: str, how: How) -> int:
    from launch.bench.bars import judge
    from launch.bench.nav import run_episode
    from launch.bench.nav_bars import bars_of
    from launch.execute import prepare

    prepare(chosen[0].spec)  # a wrong setting is told before anything runs
    return run_rows(run_episode, chosen, summary, lambda rows: judge(rows, bars_of(suite)), how, bootstrap=True)


def engine(
    suite: Annotated[str, typer.Argument(help="A suite or a part of it, as for nav.")] = "clutter",
    seeds: Seeds = 6,
    first_seed: FirstSeed = 0,
    jobs: Annotated[int, typer.Option(help="Processes to hold against one.")] = 2,
    repeats: Annotated[int, typer.Option(help="Runs of each, of which the median counts.")] = 5,
    ray: Annotated[bool, typer.Option("--ray", help="Also run on a local Ray cluster, and kill a worker.")] = False,
    out: Out = None,
) -> None:
    """Speed of one job, what several gain, memory, and whether rows are the same wherever they are run."""
    import json

    from rich.console import Console

    from launch.bench import engine_speed as bench
    from launch.bench.nav import episodes
    from launch.bench.output import bar_table
    from launch.folder import run_folder

    if jobs < 1:
        raise CallError(f"--jobs {jobs}: must be at least 1")
    if repeats < 1:
        raise CallError(f"--repeats {repeats}: must be at least 1")
    chosen = episodes(suite, seeds, first_seed, "mppi")
    folder = run_folder(out, "bench-engine")
    found = bench.run(chosen, jobs, repeats, ray=ray)
    found["bars"] = bench.bars(found)
    (folder / "summary.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    console = Console(width=120)
    told = f"{suite}: {found['episodes']} episodes, {found['sim_seconds']:.0f} s simulated, kernels warm"
    console.print(f"{told}, medians of {repeats}", highlight=False)
    for name, values in found["repeats"].items():
        console.print(f"{name}: {', '.join(f'{value:.2f}' for value in values)}", highlight=False)
    console.print(bar_table(found["bars"]))


def kernels(
    count: Annotated[int, typer.Option("--grids", help="Grids to search.")] = 5,
    repeats: Annotated[int, typer.Option(help="Searches of each.")] = 5,
    out: Out = None,
) -> None:
    """Our search and controllers beside networkx, scikit-image, OMPL and DWA, on the same grids in one run."""
    import json

    from rich.console import Console
    from rich.table import Table

    from launch.bench.nav_kernels import bars, control_rows, search_rows
    from launch.bench.output import bar_table
    from launch.folder import run_folder

    if count < 1 or repeats < 1:
        raise CallError("--grids and --repeats must be at least 1")
    folder = run_folder(out, "bench-kernels")
    found = {"search over 400 x 400 cells": search_rows(count, repeats), "control, 720 beams": control_rows()}
    held = bars(*found.values())
    summary = json.dumps({**found, "bars": held}, indent=2)
    (folder / "summary.json").write_text(summary + "\n", encoding="utf-8")
    for title, rows in found.items():
        columns = [key for key in rows[0] if key != "what"]
        table = Table(title=title)
        for column in ("", *columns):
            table.add_column(column, justify="right")
        for row in rows:
            cells = [f"{row[key]:.3f}" if key in row else str(row.get("missing", "")) for key in columns]
            table.add_row(str(row["what"]), *cells)
        Console().print(table)
    Console(width=120).print(bar_table(held))
