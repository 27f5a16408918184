"""`launch hw tabletop|rover`: the nodes that ran in simulation, on real servos."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from launch.cli.page import PORT, Host, Token, page_options
from launch.errors import CallError, unknown

LONGEST_S = 24 * 3600.0


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("hw")(hw)


def hw(
    body: Annotated[str, typer.Argument(help="tabletop or rover.")],
    port: Annotated[str, typer.Option(help="Serial port of the board (launch ports), or emulated:uno.")] = "",
    camera: Annotated[str, typer.Option(help="tabletop: number of a camera, or a video.")] = "0",
    calibration: Annotated[Path | None, typer.Option(help="File of launch calibrate.")] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds; else until Ctrl-C or the video's end.")] = None,
    clear_faults: Annotated[bool, typer.Option("--clear-faults", help="What the board latched is over.")] = False,
    listen: Annotated[bool, typer.Option("--listen/--no-listen", help="tabletop: do what it is told.")] = True,
    dashboard: Annotated[bool, typer.Option("--dashboard/--no-dashboard", help="Serve the live page.")] = False,
    host: Host = "127.0.0.1",
    page_port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = PORT,
    token: Token = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="row.key=value")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for summary.json, log.mcap and report.html.")] = None,
) -> int:
    """Run on hardware; Ctrl-C relaxes the servos and ends it. Ends with a table and a folder with the report."""
    from launch.execute import RunOptions, execute, prepare
    from launch.hw.call import check_board, check_camera, checked_calibration
    from launch.hw.profiles import HARDWARE
    from launch.hw.watch import LineWatch
    from launch.listening import checked_listen
    from launch.spec import Devices, RunSpec
    from launch.status import print_summary

    profile = HARDWARE.get(f"hw_{body}")
    if profile is None:
        raise unknown("body", body, [name.removeprefix("hw_") for name in HARDWARE])
    if duration is not None and not 0 < duration <= LONGEST_S:
        raise CallError(f"--duration {duration:g}: must be above 0 and at most {LONGEST_S:.0f} seconds")
    if body == "rover" and calibration is not None:
        raise CallError("--calibration: is of a display's servos; a rover's motors: --set wheels.left_us=400")
    file = checked_calibration(calibration)
    listens = checked_listen(body, listen)
    seconds = check_camera(camera) if body == "tabletop" else None
    check_board(port, body, clear_faults)
    spec = RunSpec(
        profile=profile.name,
        world=profile.world,
        duration_s=duration or seconds or LONGEST_S,
        overrides=tuple(overrides or ()),
        devices=Devices(
            port=port,
            camera=camera if body == "tabletop" else "",
            calibration=file,
            clear_faults=clear_faults,
            listens=listens,
        ),
    )
    page = page_options(host, page_port, token, "--page-port") if dashboard else None
    prepare(spec)
    summary, folder = execute(spec, RunOptions(runner="live", out=out, video=False, dashboard=page), LineWatch())
    print_summary(summary, folder)
    return 1 if summary["failed"] else 0
