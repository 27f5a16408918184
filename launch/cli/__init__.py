"""The `launch` command. One file per command; this one gathers them and turns wrong calls into one line."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import typer
from typer.exceptions import TyperException

from launch.cli import bench, graph, hardware, hw, listen, replay, say, sim, track, view, voice, worlds
from launch.errors import CallError
from robot.clock import PeriodError
from robot.runtime.failure import RunFailed
from robot.runtime.table import TableError
from robot.voice.mailbox import MailboxError
from robot.voice.microphone import MicrophoneError
from robot.voice.recording import RecordingError
from worlds.errors import WorldError
from worlds.routes import RouteError

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, help="Build, simulate and drive small home robots."
)
sim.register(app)
graph.register(app)
worlds.register(app)
bench.register(app)
replay.register(app)
view.register(app)
track.register(app)
hw.register(app)
hardware.register(app)
voice.register(app)
say.register(app)
listen.register(app)

WRONG_CALL = (CallError, MailboxError, MicrophoneError, RecordingError, TableError, PeriodError, WorldError, RouteError)


@app.callback(invoke_without_command=True)
def overview(context: typer.Context) -> None:
    """What can be launched, one line each."""
    if context.invoked_subcommand is None:
        for line in _overview():
            typer.echo(line)


def main() -> None:
    """Run the command. Exit 0 done, 1 the run failed, 2 the call was wrong (one line on stderr).

    SIGTERM ends a run as Ctrl-C does: its log and report are written, its servos relax.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        _check_robot_is_ours()
        _look_here_last()
        result = typer.main.get_command(app).main(arguments, prog_name="launch", standalone_mode=False)
    except TyperException as error:
        return _wrong(error.format_message())
    except WRONG_CALL as error:
        return _wrong(str(error))
    except RunFailed as error:
        print(f"launch: {error}\n{error.failure.details}".rstrip(), file=sys.stderr)
        return 1
    except (typer.Abort, KeyboardInterrupt):
        return 1
    return result if isinstance(result, int) else 0


def _wrong(text: str) -> int:
    print(f"launch: {' '.join(text.split())}", file=sys.stderr)
    return 2


def _overview() -> list[str]:
    from launch.profiles import PROFILES

    lines = [f"launch sim {p.name:<12} {p.summary}" for p in PROFILES.values() if p.listed]
    command = typer.main.get_command(app)
    names = [name for name in command.commands if name != "sim"]  # type: ignore[attr-defined]  # a group, by construction
    for name in names:
        first = (command.commands[name].help or "").split("\n")[0]  # type: ignore[attr-defined]
        lines.append(f"launch {name:<16} {first}")
    return lines


def _look_here_last() -> None:
    """Modules of `--node` lie where the user stands; behind everything else, so that they shadow nothing."""
    try:
        here = str(Path.cwd())
    except FileNotFoundError:
        raise CallError("the folder you are in is not there any more: cd to one that is") from None
    if here not in sys.path:
        sys.path.append(here)


def _check_robot_is_ours() -> None:
    import robot

    ours = Path(__file__).resolve().parents[2] / "robot"
    found = Path(robot.__file__ or "").resolve().parent
    if found != ours:
        raise CallError(f"the package 'robot' was taken from {found}, which shadows ours: use the project's own .venv")
