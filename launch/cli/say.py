"""`launch say TEXT`: hand a text to a robot that runs, in simulation or on hardware."""

from __future__ import annotations

from typing import Annotated

import typer

from launch.errors import CallError


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("say")(say)


def say(text: Annotated[str, typer.Argument(help="What to tell the robot.")]) -> int:
    """Tell a running robot something; with several runs, the one that began last hears it."""
    from robot.voice.mailbox import MailboxError, running, runtime_folder, send

    try:
        found = running(runtime_folder())
        if not found:
            raise CallError("say: no robot is running that listens. Start one: launch sim home, or tabletop")
        send(text, found[-1])
    except MailboxError as error:
        raise CallError(f"say: {error}") from error
    return 0
