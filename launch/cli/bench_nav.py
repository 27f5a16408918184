"""`launch bench nav|barn`: navigation by the dozen, held against bars and against a baseline of earlier rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from launch.errors import CallError

Seeds = Annotated[int, typer.Option(help="Seeds of each world, or worlds of each kind.")]
FirstSeed = Annotated[int, typer.Option(help="The first seed.")]
Planner = Annotated[str, typer.Option(help="mppi or dwa.")]
Jobs = Annotated[int, typer.Option(help="Processes at a time.")]
Engine = Annotated[
    str, typer.Option(help="local: processes of this machine; ray: a Ray cluster (RAY_ADDRESS, or local).")
]
Baseline = Annotated[Path | None, typer.Option(help="JSON of earlier rows to compare with; exit 1 where it got worse.")]
Update = Annotated[bool, typer.Option("--update-baseline", help="Show the difference, then write --baseline anew.")]
Overrides = Annotated[list[str] | None, typer.Option("--set", help="row.key=value")]
Out = Annotated[Path | None, typer.Option(help="Folder for summary.json and the report.")]


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
    return _run(chosen, summary, suite, jobs, engine, baseline, update_baseline, out)


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
    return _run(chosen, summary, "barn", jobs, engine, baseline, update_baseline, out)


def _run(
    chosen: list[Any],
    summary: dict[str, Any],
    suite: str,
    jobs: int,
    engine: str,
    baseline: Path | None,
    update: bool,
    out: Path | None,
) -> int:
    """Run episodes, write the files, compare; 1 where a node failed or the comparison is red."""
    from launch.bench.collect import collect
    from launch.bench.engine import run_all
    from launch.bench.nav import run_episode, sorted_rows
    from launch.bench.nav_bars import bars_of, judge
    from launch.bench.output import finish
    from launch.bench.regression import Limits, read_baseline
    from launch.folder import run_folder

    if update and baseline is None:
        raise CallError("--update-baseline: needs --baseline FILE to write to")
    old = read_baseline(baseline) if baseline is not None and (baseline.exists() or not update) else ([], Limits())
    folder = run_folder(out, f"bench-{summary['bench']}-{Path(str(summary['suite'])).stem.replace(':', '-')}")
    found = run_all(run_episode, chosen, jobs, engine)
    rows = sorted_rows(collect(found, len(chosen), "episodes", folder / "rows.jsonl"), chosen)
    judged = [row for row in rows if row["label"] == rows[0]["label"]]
    summary["bars"] = judge(judged, bars_of(suite))
    finish(folder, summary, rows, bootstrap=True)
    red = baseline is not None and _compared(baseline, old, rows, update)
    return 1 if red or any(row["failed"] for row in rows) else 0


def _compared(file: Path, old: Any, rows: list[dict[str, Any]], update: bool) -> bool:
    """Print the difference to the baseline, and write it anew where wanted. Return whether it is red."""
    from launch.bench.regression import compare, write_baseline

    comparison = compare(old[0], rows, old[1])
    for line in comparison.lines():
        typer.echo(line)
    if update:
        write_baseline(file, rows, old[1])
        typer.echo(f"wrote {file} ({len(rows)} rows)")
        return False
    return bool(comparison.red)
