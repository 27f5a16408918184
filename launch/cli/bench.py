"""`launch bench ...`, a command for each thing that is measured: print a table, and leave files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from launch.cli import bench_hil, bench_nav, bench_tabletop, voice
from launch.cli.bench_rows import Baseline, Engine, How, Jobs, Out, Overrides, Update, run_rows
from launch.errors import CallError, one_of
from launch.spec import PERCEPTIONS

LONGEST_S = 24 * 3600.0


def register(app: typer.Typer) -> None:
    """Add the group to `app`."""
    group = typer.Typer(
        help="Measure follow, nav, tabletop, hil, barn, kernels, engine, sim, memory, bus, envs or voice."
    )
    group.command("follow")(follow)
    group.command("nav")(bench_nav.nav)
    group.command("barn")(bench_nav.barn)
    group.command("kernels")(bench_nav.kernels)
    group.command("engine")(bench_nav.engine)
    group.command("tabletop")(bench_tabletop.tabletop)
    group.command("hil")(bench_hil.hil)
    group.command("sim")(sim)
    group.command("memory")(memory)
    group.command("bus")(bus)
    group.command("envs")(envs)
    group.command("page")(page)
    group.command("voice")(voice.bench)
    app.add_typer(group, name="bench")


def follow(
    suite: Annotated[str, typer.Argument(help="homes, one home's name, or a YAML file.")] = "homes",
    seeds: Annotated[int, typer.Option(help="Episodes per home.")] = 5,
    first_seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    duration: Annotated[float, typer.Option(help="Simulated seconds an episode.")] = 120.0,
    perception: Annotated[str, typer.Option(help="pixels or emulated.")] = "pixels",
    planner: Annotated[str, typer.Option(help="mppi or dwa.")] = "mppi",
    jobs: Jobs = 2,
    engine: Engine = "local",
    baseline: Baseline = None,
    update_baseline: Update = False,
    naive: Annotated[bool, typer.Option(help="Run the naive baseline too.")] = True,
    told: Annotated[bool, typer.Option(help="Run ours told where people truly are, too.")] = False,
    overrides: Overrides = None,
    out: Out = None,
) -> int:
    """Follow a person through every home under several seeds, beside privileged baselines."""
    from launch.bench import follow as bench
    from launch.bench.bars import judge
    from launch.execute import prepare

    level = one_of("--perception", perception, PERCEPTIONS)
    _check("--duration", duration)
    chosen = bench.episodes(suite, seeds, first_seed, level, planner, duration, overrides or ())
    prepare(chosen[0].spec)  # a wrong setting is told before anything runs
    labels = {"ours", *(["naive"] if naive else []), *(["told"] if told else [])}
    chosen = [episode for episode in chosen if episode.label in labels]
    summary: dict[str, Any] = {
        "bench": "follow",
        "suite": suite,
        "seeds": [first_seed, first_seed + seeds - 1],
        "perception": perception,
        "planner": planner,
    }
    how = How(jobs, engine, baseline, update_baseline, out)
    return run_rows(bench.run_episode, chosen, summary, lambda rows: judge(rows, bench.BARS), how)


def sim(
    world: Annotated[str, typer.Option(help="A home.")] = "apartment",
    seconds: Annotated[float, typer.Option(help="Simulated seconds of each measurement.")] = 60.0,
    repeats: Annotated[int, typer.Option(help="Measurements of each, taken in turn; the median counts.")] = 3,
) -> None:
    """Speed of the whole robot beside a bare loop that makes the same PyBullet calls, in one run."""
    from launch.bench.sim import run

    _check("--seconds", seconds)
    if repeats < 1:
        raise CallError(f"--repeats {repeats}: must be at least 1")
    run(world, seconds, repeats)


def memory(
    world: Annotated[str, typer.Option(help="A home.")] = "apartment",
    minutes: Annotated[float, typer.Option(help="Simulated minutes.")] = 30.0,
    perception: Annotated[str, typer.Option(help="pixels or emulated.")] = "pixels",
) -> int:
    """Resident memory of all processes of a long run, and the size of its log."""
    from launch.bench.memory import run

    level = one_of("--perception", perception, PERCEPTIONS)
    _check("--minutes", minutes)
    return 1 if run(world, minutes, level)["failed"] else 0


def envs(seconds: Annotated[float, typer.Option(help="Simulated seconds of each environment.")] = 60.0) -> None:
    """Speed of the Gymnasium environments, without rendering, on one core."""
    from launch.bench.envs import run

    _check("--seconds", seconds)
    run(seconds)


def page(
    world: Annotated[str, typer.Option(help="A home.")] = "apartment",
    seconds: Annotated[float, typer.Option(help="Simulated seconds of each run.")] = 30.0,
    repeats: Annotated[int, typer.Option(help="Pairs of runs, taken in turn; the median counts.")] = 3,
    perception: Annotated[str, typer.Option(help="pixels or emulated.")] = "pixels",
) -> int:
    """What the live page and Foxglove cost a run that both are looking at; exit 1 where they change its log."""
    from launch.bench.page import run

    level = one_of("--perception", perception, PERCEPTIONS)
    if not 1.0 <= seconds <= LONGEST_S:
        raise CallError(f"--seconds {seconds:g}: must be from 1 to {LONGEST_S:g}")
    if repeats < 1:
        raise CallError(f"--repeats {repeats}: must be at least 1")
    return 0 if run(world, seconds, repeats, level)["equal_logs"] else 1


def bus(out: Out = None) -> None:
    """Our bus beside bare pyzmq, cyclonedds, eclipse-zenoh and lcm, in one run."""
    import json

    from launch.bench.bus import run
    from launch.folder import run_folder

    folder = run_folder(out, "bench-bus")
    (folder / "summary.json").write_text(json.dumps(run(), indent=2) + "\n")


def _check(option: str, value: float) -> None:
    """Raise CallError where a time is none, or endless."""
    if not 0 < value <= LONGEST_S:
        raise CallError(f"{option} {value:g}: must be above 0 and at most {LONGEST_S:g}")
