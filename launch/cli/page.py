"""The options of every command that serves a page: where, and who may look."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError

if TYPE_CHECKING:
    from launch.dashboard.tap import DashboardOptions

PORT = 8770  # 8765 is where the Foxglove app looks first
Host = Annotated[str, typer.Option(help="Address to serve the page at; off this machine only with a token.")]
Port = Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")]
Token = Annotated[str | None, typer.Option(help="What a browser must know; drawn by chance where --host needs one.")]


def page_options(host: str, port: int, token: str | None, option: str = "--port") -> DashboardOptions:
    """Return where to serve the page. Raises CallError where that cannot be."""
    from launch.dashboard.gate import Gate
    from launch.dashboard.tap import DashboardOptions

    gate = Gate.of(host, token)
    return DashboardOptions(gate, free_port(option, port, host))


def free_port(option: str, port: int, host: str = "127.0.0.1") -> int:
    """Return `port` if it can be listened at. Raises CallError where it cannot."""
    if not 0 <= port <= 65535:
        raise CallError(f"{option} {port}: must be from 0 to 65535")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CallError(f"--host {host}: {error.strerror}; 127.0.0.1 is this machine alone, 0.0.0.0 all") from error
    except OSError as error:
        why = f"{option} {port} at {host}: {error.strerror or error}"
        if error.errno == errno.EADDRNOTAVAIL:
            raise CallError(f"{why}; --host is an address of this machine") from error
        raise CallError(f"{why}; {option} 0 takes a free one") from error
    return port
