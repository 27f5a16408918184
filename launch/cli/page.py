"""The options of every command that serves a page: where, and who may look."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError

if TYPE_CHECKING:
    from launch.dashboard.tap import DashboardOptions

PORT = 8765
Host = Annotated[str, typer.Option(help="Address to serve the page at; off this machine only with a token.")]
Port = Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")]
Token = Annotated[str | None, typer.Option(help="What a browser must know; drawn by chance where --host needs one.")]


def page_options(host: str, port: int, token: str | None) -> DashboardOptions:
    """Return where to serve the page. Raises CallError where that cannot be."""
    from launch.dashboard.gate import Gate
    from launch.dashboard.tap import DashboardOptions

    if not 0 <= port <= 65535:
        raise CallError(f"--port {port}: must be from 0 to 65535")
    gate = Gate.of(host, token)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family[0], family[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(family[4])
    except OSError as error:
        raise CallError(f"--host {host} --port {port}: {error.strerror or error}; --port 0 takes a free one") from error
    return DashboardOptions(gate, port)
