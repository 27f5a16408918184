"""`launch bench hil`: mimicry through the firmware in the loop, beside the same scenes without it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from launch.errors import CallError, one_of
from launch.spec import Perception, RunSpec


def hil(
    board: Annotated[str, typer.Option(help="uno or mega.")] = "uno",
    perception: Annotated[str, typer.Option(help="emulated, pixels or both.")] = "both",
    scene: Annotated[str, typer.Option(help="A scene of the tabletop.")] = "one_caller",
    seeds: Annotated[int, typer.Option(help="Scenes of each level.")] = 3,
    first_seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    duration: Annotated[float, typer.Option(help="Simulated seconds of each.")] = 30.0,
    out: Annotated[Path | None, typer.Option(help="Folder for summary.json.")] = None,
) -> int:
    """Mimicry, speed and equality of runs through the real firmware; exit 1 where a bar is not held."""
    import json

    from launch.bench.seeds import seed_range
    from launch.execute import prepare
    from launch.folder import run_folder
    from launch.hw import bench
    from launch.hw.call import loop_devices

    levels: dict[str, tuple[Perception, ...]] = {
        "both": ("emulated", "pixels"),
        "emulated": ("emulated",),
        "pixels": ("pixels",),
    }
    chosen = levels[one_of("--perception", perception, levels)]
    chosen_seeds = seed_range(seeds, first_seed)
    if not 5.0 <= duration <= 3600.0:
        raise CallError(f"--duration {duration:g}: must be from 5 to 3600 seconds")
    prepare(RunSpec("tabletop", scene, first_seed, duration))
    loop_devices("tabletop", True, board, None)
    folder = run_folder(out, f"bench-hil-{board}")
    rows = bench.run(board, chosen, chosen_seeds, scene, duration)
    summary: dict[str, Any] = {"bench": "hil", "board": board, "bars": bench.bars(rows), "rows": rows}
    for bar in summary["bars"]:
        told = "held" if bar["held"] else "NOT HELD"
        typer.echo(f"{bar['perception']:<9} {bar['metric']:<26} {bar['rule']:<12} {bar['reached']:8.3f}  {told}")
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    return 0 if all(bar["held"] for bar in summary["bars"]) else 1
