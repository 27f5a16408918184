"""Where things stand: furniture and clutter of all rooms with full names and map poses, walls to stand against
resolved. Everything that needs a sofa's pose asks here, so there is one answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from worlds.clutter import CLUTTER
from worlds.colors import parse_color
from worlds.furniture.kinds import FURNITURE
from worlds.furniture.parts import Size
from worlds.schema import Clutter, Furniture, Robot, Room, World
from worlds.shape import Color

_FACING = {"north": -math.pi / 2.0, "east": math.pi, "south": math.pi / 2.0, "west": 0.0}
TOPS = frozenset({
    "table", "round_table", "desk", "coffee_table", "glass_table", "bedside_table", "sideboard", "kitchen_counter",
    "kitchen_island", "toy_shelf", "washing_machine",
})  # fmt: skip
SEATS = frozenset({"chair", "office_chair", "stool", "bench", "sofa", "armchair", "bed"})


@dataclass(frozen=True)
class Placed:
    """A thing and its pose in the map frame; `z` is the height of what it stands on, `yaw` where its front looks."""

    name: str
    room: str
    kind: str
    x: float
    y: float
    z: float
    yaw: float
    size: Size
    color: Color


@lru_cache(maxsize=16)
def placed_furniture(world: World) -> tuple[Placed, ...]:
    """All furniture, named `room/name`, in the order of the file."""
    return tuple(
        _furniture(room, item, name, world.wall_thickness)
        for room in world.rooms
        for item, name in zip(room.furniture, _names(room), strict=True)
    )


@lru_cache(maxsize=16)
def placed_clutter(world: World) -> tuple[Placed, ...]:
    """All clutter that has a position in the file, named `room/kind#number`."""
    return tuple(
        clutter_at(room, f"{room.name}/{item.kind}#{index}", item)
        for room in world.rooms
        for index, item in enumerate(room.clutter, 1)
    )


def clutter_at(room: Room, name: str, item: Clutter) -> Placed:
    """One thing left lying at its place in `room`."""
    kind = CLUTTER[item.kind]
    size = Size(2.0 * kind.radius, 2.0 * kind.radius, 0.0)
    x, y = room.x + item.at[0], room.y + item.at[1]
    color = item.color or parse_color(kind.color)
    return Placed(name, room.name, item.kind, x, y, room.floor_z + item.z, math.radians(item.yaw_deg), size, color)


def find_furniture(world: World, name: str) -> tuple[Placed, ...]:
    """Furniture called `name` (`room/name`, or just the name): none, one, or several when it is ambiguous."""
    return tuple(item for item in placed_furniture(world) if name in (item.name, item.name.partition("/")[2]))


@dataclass(frozen=True)
class Stand:
    """Where a display stands, in map: the middle of its base on a top (m), and where it looks at rest (rad)."""

    x: float
    y: float
    z: float
    yaw: float


def stand_of(world: World, robot: Robot) -> Stand:
    """Where a robot of kind `tabletop` stands; the home's check has found that it fits."""
    item = find_furniture(world, robot.on)[0]
    x, y = robot.at or (item.x, item.y)
    return Stand(x, y, item.z + item.size.height, math.radians(robot.yaw_deg))


def place_of(world: World, robot: Robot) -> tuple[float, float]:
    """Where a robot of any kind starts, in map."""
    if robot.drives:
        return robot.start
    stand = stand_of(world, robot)
    return stand.x, stand.y


def overhang(item: Placed, stand: Stand, half: float) -> float:
    """How far a square base of half an edge `half` (m) reaches over the edge of a top; 0 or less where it fits."""
    turn, worst = stand.yaw - item.yaw, -math.inf
    for angle in (0.25, 0.75, 1.25, 1.75):
        corner = math.sqrt(2.0) * half, turn + angle * math.pi
        along = math.cos(item.yaw) * (stand.x - item.x) + math.sin(item.yaw) * (stand.y - item.y)
        across = -math.sin(item.yaw) * (stand.x - item.x) + math.cos(item.yaw) * (stand.y - item.y)
        along, across = along + corner[0] * math.cos(corner[1]), across + corner[0] * math.sin(corner[1])
        if item.kind == "round_table":
            worst = max(worst, math.hypot(along, across) - item.size.width / 2.0)
        else:
            worst = max(worst, abs(along) - item.size.depth / 2.0, abs(across) - item.size.width / 2.0)
    return worst


def _names(room: Room) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for item in room.furniture:
        base = item.name or item.kind
        seen[base] = seen.get(base, 0) + 1
        suffix = f"_{seen[base]}" if seen[base] > 1 else ""
        names.append(f"{room.name}/{base}{suffix}")
    return names


def _furniture(room: Room, item: Furniture, name: str, wall: float) -> Placed:
    kind = FURNITURE[item.kind]
    size = Size(item.width or kind.width, item.depth or kind.depth, item.height or kind.height)
    x, y, yaw = _pose(room, item, size, wall)
    color = item.color or parse_color(kind.color)
    return Placed(name, room.name, item.kind, room.x + x, room.y + y, room.floor_z, yaw, size, color)


def _pose(room: Room, item: Furniture, size: Size, wall: float) -> tuple[float, float, float]:
    """Centre in the room's frame, and yaw."""
    if item.at is not None:
        return item.at[0], item.at[1], math.radians(item.yaw_deg)
    off = wall / 2.0 + item.gap + size.depth / 2.0
    x, y = {
        "north": (item.along, room.depth - off),
        "south": (item.along, off),
        "west": (off, item.along),
        "east": (room.width - off, item.along),
    }[item.against]
    return x, y, _FACING[item.against]
