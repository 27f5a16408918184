"""`launch view LOG`: the page of a run that is over, with a slider."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from launch.api import LONGEST_S
from launch.cli.page import PORT, Host, Port, Token, page_options
from launch.errors import CallError

if TYPE_CHECKING:
    from launch.dashboard.player import LogShow
    from launch.dashboard.tap import DashboardOptions


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("view")(view)


def view(
    log: Annotated[Path, typer.Argument(help="A log.mcap, or the folder of a run.")],
    at: Annotated[float, typer.Option(help="Begin at this moment, s.")] = 0.0,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    token: Token = None,
) -> None:
    """Serve the live page from a log, with a time slider, until Ctrl-C."""
    from launch.dashboard.plan import home_plan
    from launch.dashboard.player import LogShow
    from launch.dashboard.scene import node_rows
    from launch.dashboard.show import About
    from launch.execute import prepare
    from launch.replay.run import open_run

    if not 0.0 <= at <= LONGEST_S:
        raise CallError(f"--at {at:g}: must be from 0 to {LONGEST_S:g} seconds")
    options = page_options(host, port, token)
    reader, spec = open_run(log)
    graph = prepare(spec)
    show = LogShow(reader, About(spec, node_rows(graph), home_plan(graph)))
    show.seek(at)
    try:
        asyncio.run(_serve(show, options))
    except KeyboardInterrupt:
        typer.echo("closed")


async def _serve(show: LogShow, options: DashboardOptions) -> None:
    from launch.dashboard.server import Server

    server = Server(show, options.gate, show.ask)
    await server.start(options.port)
    typer.echo(f"dashboard: {server.url}")
    try:
        await show.play()
    finally:
        await server.close()
