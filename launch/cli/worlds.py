"""`launch worlds list|show|render|import`: the homes, and worlds of other programs made into homes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from launch.errors import CallError

WorldName = Annotated[str, typer.Argument(help="A home's name, or a YAML file of one.")]


def register(app: typer.Typer) -> None:
    """Add the group to `app`."""
    group = typer.Typer(help="The homes: list, show, render, import.", no_args_is_help=False)
    group.command("list")(list_homes)
    group.command("show")(show)
    group.command("render")(render)
    group.command("import")(import_world)
    app.add_typer(group, name="worlds")


def list_homes() -> None:
    """The homes that ship with Housemate, one line each."""
    from worlds.catalog import list_worlds, load_world

    for name in list_worlds():
        typer.echo(f"{name:<16} {load_world(name).description}")


def show(world: WorldName) -> None:
    """What is in a home: rooms, doors, furniture, clutter, people."""
    from worlds.catalog import load_world
    from worlds.place import placed_furniture

    home = load_world(world)
    furniture = placed_furniture(home)
    typer.echo(f"{home.name}: {home.description}")
    for room in home.rooms:
        things = [piece.kind for piece in furniture if piece.room == room.name]
        typer.echo(f"  {room.name:<16} {room.width:g} x {room.depth:g} m  {', '.join(things)}")
    typer.echo(f"  doors: {len(home.doors)}; people: {', '.join(p.name for p in home.people)}")


def render(
    world: WorldName,
    out: Annotated[Path, typer.Option(help="PNG file to write.")] = Path("world.png"),
    pixels_per_m: Annotated[float, typer.Option(help="Scale.")] = 80.0,
) -> None:
    """Draw a home from above into a PNG file."""
    import cv2

    from worlds.catalog import load_world
    from worlds.picture import draw_map

    if not 5 <= pixels_per_m <= 400:
        raise CallError(f"--pixels-per-m {pixels_per_m:g}: must be from 5 to 400")
    picture, _ = draw_map(load_world(world), pixels_per_m)
    if out.suffix.lower() != ".png" or out.is_dir() or not out.parent.is_dir():
        raise CallError(f"--out {out}: must be a .png file in a folder that exists")
    if not cv2.imwrite(str(out), picture[:, :, ::-1]):
        raise CallError(f"--out {out}: cannot be written")
    typer.echo(f"wrote {out}")


def import_world(
    file: Annotated[Path, typer.Argument(help="Gazebo .world or .sdf, or the .yaml of a ROS map_server map.")],
    out: Annotated[
        Path | None, typer.Option(help="YAML file to write; none: beside where you are, named alike.")
    ] = None,
    models: Annotated[list[Path] | None, typer.Option(help="Folder in which model:// is looked for.")] = None,
    start: Annotated[tuple[float, float, float] | None, typer.Option(help="Where a rover starts: x y yaw_deg.")] = None,
    goal: Annotated[tuple[float, float] | None, typer.Option(help="Where it shall go: x y.")] = None,
) -> None:
    """Make a home file of a Gazebo world or a ROS map; every other command takes it from there."""
    from worlds.importers.convert import import_world as read
    from worlds.importers.convert import with_task, written

    for folder in models or ():
        if not folder.is_dir():
            raise CallError(f"--models {folder}: no such folder")
    world = with_task(read(file, models or ()), start, goal)
    out = Path(f"{file.stem}_home.yaml") if out is None else out
    if out.suffix not in (".yaml", ".yml") or not out.parent.is_dir() or out.resolve() == file.resolve():
        raise CallError(f"--out {out}: must be a .yaml file of its own in a folder that exists")
    try:
        out.write_text(written(world, file.name), encoding="utf-8")
    except OSError as error:
        raise CallError(f"--out {out}: cannot be written ({error.strerror})") from error
    typer.echo(f"wrote {out}: {len(world.solids)} solids on {world.rooms[0].width:.1f} x {world.rooms[0].depth:.1f} m")
