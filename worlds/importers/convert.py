"""One door for all imports: a file's ending and contents say which importer reads it; what comes out is a World.

A World of an import is a floor with plain solids on it, so every other part of the house takes it as it takes a home.
`written` makes the YAML file of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from worlds.errors import WorldError
from worlds.importers.map_server import map_world
from worlds.importers.sdf import sdf_world
from worlds.load import load_text
from worlds.schema import Robot, World

SDF_ENDINGS = (".world", ".sdf")
MAP_ENDINGS = (".yaml", ".yml")
LARGEST_M = 60.0  # of a room, in the schema


def import_world(file: Path, models: Sequence[Path] = ()) -> World:
    """Return the world in a file of another program.

    Args:
        file: a Gazebo `.world` or `.sdf`, or the `.yaml` of a ROS map_server map.
        models: folders in which `model://` is looked for, beside the file's own.

    Raises:
        WorldError: what is wrong with the file, in one line.
    """
    if not file.is_file():
        raise WorldError(f"{file}: no such file (a Gazebo .world or .sdf, or the .yaml of a ROS map)")
    if file.suffix in SDF_ENDINGS:
        return _checked(file, sdf_world(file, tuple(models)))
    if file.suffix in MAP_ENDINGS:
        return _checked(file, map_world(file))
    endings = ", ".join((*SDF_ENDINGS, *MAP_ENDINGS))
    raise WorldError(f"{file}: nothing here reads files that end in '{file.suffix}' (known: {endings})")


def with_task(world: World, start: tuple[float, float, float] | None, goal: tuple[float, float] | None) -> World:
    """Return the world with a rover at `start` (x, y, yaw in degrees) and a goal, where they are given."""
    if start is not None:
        world = replace(world, robots=(Robot(at=start[:2], yaw_deg=start[2]),))
    return world if goal is None else replace(world, goal=goal)


def written(world: World, source: str) -> str:
    """Return the YAML of an imported world, read back and compared before it is given away."""
    tree: dict[str, Any] = {
        "name": world.name,
        "description": world.description,
        "wall_height": world.wall_height,
        "rooms": [_plain(world.rooms[0], "name", "x", "y", "width", "depth")],
        "solids": [_plain(solid, "name", "kind", "size", "at", "rpy_deg") for solid in world.solids],
    }
    if world.robots:
        tree["robots"] = [_plain(robot, "name", "kind", "at", "yaw_deg") for robot in world.robots]
    if world.goal is not None:
        tree["goal"] = list(world.goal)
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 120
    text = StringIO()
    text.write(f"# Made from {source} by `launch worlds import`.\n")
    yaml.dump(tree, text)
    load_text(text.getvalue(), source)
    return text.getvalue()


def _plain(thing: Any, *keys: str) -> dict[str, Any]:
    values = {key: getattr(thing, key) for key in keys}
    return {key: _rounded(value) for key, value in values.items() if value not in ("", (0.0, 0.0, 0.0))}


def _rounded(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_rounded(inner) for inner in value]
    return round(value, 5) if isinstance(value, float) else value


def _checked(file: Path, world: World) -> World:
    """Return the world if the schema takes every number of it. Raises WorldError naming the file."""
    for solid in world.solids:
        numbers = (*solid.size, *solid.at, *solid.rpy_deg)
        if not all(math.isfinite(number) for number in numbers) or min(solid.size) <= 0.0:
            raise WorldError(f"{file}: '{solid.name}' has a size or pose that cannot be: {numbers}")
    room = world.rooms[0]
    if max(room.width, room.depth) > LARGEST_M:
        raise WorldError(
            f"{file}: {room.width:.0f} x {room.depth:.0f} m; worlds of more than {LARGEST_M:g} m are not read"
        )
    return world
