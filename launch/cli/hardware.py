"""`launch ports|flash|calibrate`: set up the servo board of a real body."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError, unknown

if TYPE_CHECKING:
    from firmware_bridge.calibration import CalibrationFile
    from firmware_bridge.guided import JogBench

TICK_S = 0.01
PortPath = Annotated[str, typer.Option(help="Serial port of the board; launch ports lists them.")]


def register(app: typer.Typer) -> None:
    """Add the three commands to `app`."""
    app.command("ports")(ports)
    app.command("flash")(flash)
    app.command("calibrate")(calibrate)


def ports() -> None:
    """Serial ports, and which board is on each."""
    from firmware_bridge.ports import found_ports

    found = found_ports()
    for port in found:
        typer.echo(f"{port.path:<20} {port.what}")
    if not found:
        typer.echo("no serial port has anything on it")


def flash(
    port: PortPath = "",
    board: Annotated[
        str, typer.Option(help="uno, mega, uno_rover or mega_rover; empty: as the port's USB numbers say.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be run.")] = False,
) -> int:
    """Put our firmware on a board (after make firmware)."""
    from firmware_bridge.emulator.library import FirmwareMissing
    from firmware_bridge.flash import BOARDS, FlashError, command
    from firmware_bridge.flash import flash as flash_board
    from firmware_bridge.ports import found_ports

    _check_port(port, "flash")
    kind = board or next((p.kind for p in found_ports() if p.path == port and p.kind in BOARDS), "")
    if not kind:
        images = "say --board uno or --board mega (a rover's: uno_rover, mega_rover)"
        raise CallError(f"--board: what is at {port} cannot be told; {images}")
    if kind not in BOARDS:
        raise unknown("value of --board:", kind, BOARDS)
    try:
        if dry_run:
            typer.echo(" ".join(command(kind, port)))
            return 0
        flash_board(kind, port)
    except FirmwareMissing as error:
        raise CallError(str(error)) from error
    except FlashError as error:
        typer.echo(f"launch: {error}", err=True)
        return 1
    typer.echo(f"{kind} at {port}: firmware written and verified")
    return 0


def calibrate(
    port: PortPath = "",
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("calibration.json"),
    body: Annotated[str, typer.Option(help="Whose limits hold.")] = "tabletop",
    checked: Annotated[Path | None, typer.Option("--check", help="Only check this file.")] = None,
    from_defaults: Annotated[bool, typer.Option("--defaults", help="Write what the firmware assumes.")] = False,
) -> None:
    """Centre, range, direction and payload of each servo, guided; the file is refused where it contradicts the body."""
    from firmware_bridge.calibration import CalibrationError, defaults, load, save
    from firmware_bridge.emulator.library import FirmwareMissing
    from firmware_bridge.guided import AnswerError
    from firmware_bridge.link.link import ProtocolMismatch

    if body != "tabletop":
        raise unknown("value of --body:", body, ("tabletop",))
    try:
        if checked is not None:
            load(checked)
            typer.echo(f"{checked}: a calibration of the {body}")
            return
        _check_out(out)
        save(out, defaults(body) if from_defaults else _guided(port, body))
    except (CalibrationError, AnswerError, FirmwareMissing, ProtocolMismatch) as error:
        raise CallError(str(error)) from error
    typer.echo(f"wrote {out}")


def _guided(port: str, body: str) -> CalibrationFile:
    from firmware_bridge.calibration import defaults
    from firmware_bridge.guided import JogBench, calibrate
    from firmware_bridge.node import open_device

    _check_port(port, "calibrate")
    try:
        device = open_device(port, defaults(body))
    except ValueError as error:
        raise CallError(f"--port {port}: {error}") from error
    try:
        bench = JogBench(device, _clock())
        why = bench.enable()
        if why is not None:
            raise CallError(f"--port {port}: the servos cannot be enabled: {why}")
        return calibrate(bench, Terminal(bench), body)
    finally:
        device.close()


def _clock() -> Callable[[], int]:
    """Return a clock that the ticks pace: where nobody is waited for, it sleeps until the next is due."""
    start = time.monotonic_ns()
    ticks = 0

    def now_ns() -> int:
        nonlocal ticks
        ticks += 1
        time.sleep(max(0.0, ticks * TICK_S - (time.monotonic_ns() - start) / 1e9))
        return time.monotonic_ns() - start

    return now_ns


class Terminal:
    """The person at the terminal; while they think, the servos are held."""

    def __init__(self, bench: JogBench) -> None:
        self._bench = bench

    def say(self, text: str) -> None:
        """Show a line."""
        typer.echo(text)

    def ask(self, prompt: str) -> str:
        """Return the line typed in answer. Raises CallError where there is nobody."""
        typer.echo(prompt, nl=False)
        while not select.select([sys.stdin], [], [], 0)[0]:
            self._bench.tick()
        self._bench.tick()
        line = sys.stdin.readline()
        if not line:
            raise CallError("calibrate: the input ended before every question was answered; nothing was written")
        return line


def _check_port(port: str, what: str) -> None:
    from launch.hw.call import check_port

    if not (port.startswith("emulated:") and what == "calibrate"):
        check_port(port, f"launch {what}")


def _check_out(out: Path) -> None:
    if out.suffix != ".json" or not out.parent.is_dir():
        raise CallError(f"--out {out}: must be a .json file in a folder that exists")
