"""`launch say TEXT`: hand a text to a robot that runs, in simulation or on hardware."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError

if TYPE_CHECKING:
    from robot.voice.mailbox import Mailbox

LOOK_S = 0.05  # between two looks for answers


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("say")(say)


def say(
    text: Annotated[str, typer.Argument(help="What to tell the robot.")],
    wait: Annotated[float, typer.Option(min=0.0, max=3600.0, help="Seconds to show what is answered, by whom.")] = 0.0,
) -> int:
    """Tell a running robot something; with several runs, the one that began last hears it."""
    from robot.voice.mailbox import Mailbox, MailboxError, running, runtime_folder

    try:
        found = running(runtime_folder())
        if not found:
            raise CallError("say: no robot is running that listens. Start one: launch sim home, or tabletop")
        mine = Mailbox(runtime_folder(), "say", suffix=".answers")
        try:
            mine.ask(text, found[-1])
            _show(mine, wait)
        finally:
            mine.close()
    except MailboxError as error:
        raise CallError(f"say: {error}") from error
    return 0


def _show(mailbox: Mailbox, seconds: float) -> None:
    """Print what is answered during some seconds, as "display: I'll nod."."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for answer in mailbox.texts():
            typer.echo(answer)
        time.sleep(LOOK_S)
