"""`launch sim PROFILE`: one run in a simulated home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from launch.cli.page import PORT, Host, Port, Token, free_port, page_options


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("sim")(sim)


def sim(
    profile: Annotated[str, typer.Argument(help="What to run: follow_me.")],
    world: Annotated[str | None, typer.Option(help="A home's name, or a YAML file of one.")] = None,
    seed: Annotated[int, typer.Option(help="Decides people's ways and all noise.")] = 0,
    duration: Annotated[float | None, typer.Option(help="Simulated seconds.")] = None,
    runner: Annotated[str, typer.Option(help="stepped: one process per node; lockstep: all in one.")] = "stepped",
    perception: Annotated[str, typer.Option(help="pixels: rendered frames; emulated: measured errors.")] = "pixels",
    fast: Annotated[bool, typer.Option("--fast", help="As fast as the machine can, not in real time.")] = False,
    dashboard: Annotated[bool, typer.Option("--dashboard/--no-dashboard", help="Serve the live page.")] = False,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    token: Token = None,
    foxglove: Annotated[bool, typer.Option("--foxglove", help="Serve the Foxglove app at ws://127.0.0.1.")] = False,
    foxglove_port: Annotated[int, typer.Option(help="Its port; 0 takes a free one.")] = 8765,
    gui: Annotated[bool, typer.Option("--gui", help="Open PyBullet's window.")] = False,
    hil: Annotated[bool, typer.Option("--hil", help="tabletop: servos driven by the real firmware, emulated.")] = False,
    board: Annotated[str, typer.Option(help="With --hil: uno or mega.")] = "uno",
    calibration: Annotated[Path | None, typer.Option(help="tabletop: file of launch calibrate.")] = None,
    mimic: Annotated[str, typer.Option(help="tabletop: camera (the locked face), off, or a call's VIDEO.")] = "camera",
    listen: Annotated[bool, typer.Option("--listen/--no-listen", help="tabletop: do what it is told.")] = True,
    nodes: Annotated[list[str] | None, typer.Option("--node", help="name=module:Class: a node of your own.")] = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="row.key=value")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for summary.json, log.mcap and report.html.")] = None,
    video: Annotated[bool, typer.Option(help="Make overview.mp4.")] = True,
) -> int:
    """Run a profile in a simulated home; ends with a table and a folder with the report."""
    from launch.api import make_spec
    from launch.errors import one_of
    from launch.execute import RunOptions, execute
    from launch.hw.call import loop_devices
    from launch.listening import checked_listen
    from launch.screen import check_screen
    from launch.spec import SIMULATED
    from launch.status import StatusLine, print_summary
    from launch.tabletop import checked_mimic

    spec = make_spec(profile, world, seed, duration, perception, overrides or (), gui, nodes or ())
    devices = loop_devices(profile, hil, board, calibration)
    spec = replace(
        spec, devices=replace(devices, mimic=checked_mimic(profile, mimic), listens=checked_listen(profile, listen))
    )
    page = page_options(host, port, token) if dashboard else None
    if gui:
        check_screen("--gui")
    with StatusLine() as status:
        options = RunOptions(
            runner=one_of("--runner", runner, SIMULATED),
            fast=fast,
            out=out,
            video=video,
            dashboard=page,
            foxglove=free_port("--foxglove-port", foxglove_port) if foxglove else None,
            announce=status.announce,
        )
        summary, folder = execute(spec, options, status)
    print_summary(summary, folder)
    return 1 if summary["failed"] else 0
