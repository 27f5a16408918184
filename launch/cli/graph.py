"""`launch graph PROFILE` and `launch check PROFILE`: what runs, who talks to whom, and whether it may."""

from __future__ import annotations

from typing import Annotated

import typer

from launch.errors import one_of
from launch.spec import PERCEPTIONS
from robot.runtime.table import Graph

ProfileName = Annotated[str, typer.Argument(help="follow_me, ...")]
PerceptionName = Annotated[str, typer.Option(help="pixels or emulated")]


def register(app: typer.Typer) -> None:
    """Add both commands to `app`."""
    app.command("graph")(graph)
    app.command("check")(check)


def graph(profile: ProfileName, perception: PerceptionName = "pixels") -> None:
    """A profile's nodes and typed edges, as text and as a mermaid diagram."""
    from launch.graph import describe, mermaid

    resolved = _resolve(profile, perception)
    for line in [*describe(resolved), "", *mermaid(resolved)]:
        typer.echo(line)


def check(profile: ProfileName) -> None:
    """Types, rates, single writers and the truth rule of a profile, and which devices it would miss; exit 2 names the
    first thing that is wrong."""
    from launch.hw.call import missing_devices

    for perception in PERCEPTIONS:
        resolved = _resolve(profile, perception)
        edges = sum(1 for slot in resolved.slots for topic in slot.inputs if resolved.writer_of(topic))
        typer.echo(f"{profile} ({perception}): {len(resolved.slots)} nodes, {edges} edges, ok")
    for line in missing_devices(profile):
        typer.echo(f"{profile}: {line}")


def _resolve(profile: str, perception: str) -> Graph:
    from launch.execute import prepare
    from launch.hw.profiles import profile_of
    from launch.profiles import RunSpec
    from launch.spec import Devices

    world = profile_of(profile).world
    level = one_of("--perception", perception, PERCEPTIONS)
    return prepare(RunSpec(profile, world, perception=level, devices=Devices(listens=True)))
