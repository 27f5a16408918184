"""Worlds of the BARN challenge (Perille et al., 2020): fields of cylinders that a Jackal must get through.

They are read from the JSON of a folder of such worlds (`barn:FILE:INDEX`), or from a Gazebo `.world` file of that kind,
whose start, goal and rules are the challenge's. What one gets here is a proxy: another simulator, another robot model.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from worlds.colors import parse_color
from worlds.errors import WorldError
from worlds.schema import Robot, Room, Solid, World

START = (-2.25, 3.0, math.pi / 2.0)
GOAL = (-2.25, 13.0)
MARGIN_M = 1.5  # of floor around everything


def indices(file: str) -> list[int]:
    """Return the numbers of the worlds in a JSON file, in its order. Raises WorldError in one line."""
    return list(_worlds(file))


def barn_world(file: str, index: int) -> World:
    """Return one world of a JSON file. Raises WorldError in one line: no such file, or no such world in it."""
    return with_task(field_of(_entry(file, index)["cylinders"], f"barn:{file}:{index}", *_size(file)))


def path_length(file: str, index: int) -> float:
    """Return the length (m) of the challenge's own reference path."""
    return float(_entry(file, index)["path_length_m"])


def field_of(middles: list[list[float]], name: str, radius: float, height: float) -> World:
    """Return a walled floor with upright cylinders at `middles` (m, map), without robot or goal."""
    solids = tuple(
        Solid(kind="cylinder", size=(radius, height), at=(float(x), float(y), height / 2.0)) for x, y in middles
    )
    return World(
        name=name, rooms=(floor_around([*map(tuple, middles), START[:2], GOAL]),), wall_height=0.5, solids=solids
    )


def floor_around(points: list[tuple[float, ...]]) -> Room:
    """Return one room that holds all points (x, y in map, m) and a margin."""
    west, south = (min(point[axis] for point in points) - MARGIN_M for axis in (0, 1))
    east, north = (max(point[axis] for point in points) + MARGIN_M for axis in (0, 1))
    color = parse_color("stone")
    return Room(name="ground", x=west, y=south, width=east - west, depth=north - south, floor_color=color)


def with_task(world: World) -> World:
    """Return the world with the challenge's start, goal and robot."""
    robot = Robot(name="jackal", kind="jackal", at=START[:2], yaw_deg=math.degrees(START[2]))
    return replace(world, robots=(robot,), goal=GOAL)


def _entry(file: str, index: int) -> dict[str, Any]:
    worlds = _worlds(file)
    if index not in worlds:
        raise WorldError(
            f"{file}: no world with index {index} (there are {len(worlds)}, {min(worlds)} to {max(worlds)})"
        )
    return worlds[index]


def _size(file: str) -> tuple[float, float]:
    data = _read(file)
    return float(data.get("cylinder_radius_m", 0.075)), float(data.get("cylinder_height_m", 1.0))


def _worlds(file: str) -> dict[int, dict[str, Any]]:
    entries = _read(file)["worlds"]
    try:
        return {int(entry["index"]): entry for entry in entries}
    except (KeyError, TypeError, ValueError):
        raise WorldError(f"{file}: not a file of BARN worlds: an entry of 'worlds' has no number 'index'") from None


@lru_cache(maxsize=8)
def _read(file: str) -> dict[str, Any]:
    try:
        found = json.loads(Path(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WorldError(f"{file}: no such file (a JSON of BARN worlds, or a .world file)") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise WorldError(f"{file}: cannot be read as JSON: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("worlds"), list) or not found["worlds"]:
        raise WorldError(f"{file}: not a file of BARN worlds: it holds no list 'worlds'")
    return found
