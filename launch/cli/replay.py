"""`launch replay LOG`: nodes again on what was recorded, and the differences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("replay")(replay)


def replay(
    log: Annotated[Path, typer.Argument(help="A log.mcap, or the folder of a run.")],
    node: Annotated[str | None, typer.Option(help="Run only this node again.")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="row.key=value: what would it have done?")
    ] = None,
) -> int:
    """Run nodes again on a log and print the first difference on each topic; exit 1 where there is one."""
    from launch.replay.run import replay as run

    result = run(log, node, overrides or ())
    typer.echo(f"ran again over {result.seconds:.1f} s: {', '.join(result.again)}")
    if result.damage is not None:
        typer.echo(f"the log ends early: {result.damage}")
    if result.on_wall_clock and not overrides:
        typer.echo("the log was made on the wall clock, between ticks: what is said again is counted, not compared")
        for topic in result.topics:
            typer.echo(f"{topic.topic}: {topic.messages} messages then, {topic.now} now")
        return 0
    for topic in result.topics:
        if topic.differing:
            among = max(topic.messages, topic.now)
            typer.echo(f"{topic.topic}: {topic.differing} of {among} messages differ, first at {topic.first}")
    if result.equal:
        count = sum(topic.messages for topic in result.topics)
        typer.echo(f"no difference in {count} messages on {len(result.topics)} topics")
    return 0 if result.equal else 1
