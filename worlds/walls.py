"""Walls, doors and floors from room outlines. Every stretch of wall is built once, however many rooms touch it: the
rooms' edges are gathered per line, cut where rooms are open to each other or have a door, and what remains is boxes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from worlds.colors import shade
from worlds.schema import Door, Room, World
from worlds.shape import Color, Shape

FLOOR_M = 0.3
LEAF_M = 0.04
_SNAP = 1e-3


@dataclass(frozen=True)
class Edge:
    """One side of a room: the line it lies on (`axis` the wall runs along, `line` its fixed coordinate) and span."""

    room: int
    axis: str
    line: float
    low: float
    high: float


def floors(world: World) -> Iterator[Shape]:
    """One slab per room with its top at the room's floor."""
    for room in world.rooms:
        x, y = room.center
        yield Shape(
            f"{room.name}/floor",
            "box",
            (room.width, room.depth, FLOOR_M),
            (x, y, room.floor_z - FLOOR_M / 2.0),
            color=room.floor_color,
            texture=room.floor_texture,
            owner=room.name,
            semantic="floor",
        )


def walls(world: World) -> Iterator[Shape]:
    """Every stretch of wall and every lintel, in a fixed order."""
    by_line: dict[tuple[str, float], list[Edge]] = {}
    for edge in _edges(world):
        by_line.setdefault((edge.axis, edge.line), []).append(edge)
    for number, (axis, line) in enumerate(sorted(by_line)):
        for part, stretch in enumerate(_stretches(world, by_line[axis, line])):
            yield from _stretch_boxes(world, stretch, f"wall{number}.{part}")


def doors(world: World) -> Iterator[Shape]:
    """The leaf of every door that has one."""
    for index, door in enumerate(world.doors):
        if door.leaf:
            yield _leaf(world, door, f"door{index} {door.between[0]}-{door.between[1]}")


def shared_edge(first: Room, second: Room) -> Edge | None:
    """The line both rooms lie on from opposite sides and the span they share; None if they do not touch."""
    for axis, near, size, cross, span in (("x", "y", "depth", "x", "width"), ("y", "x", "width", "y", "depth")):
        low = max(getattr(first, cross), getattr(second, cross))
        high = min(getattr(first, cross) + getattr(first, span), getattr(second, cross) + getattr(second, span))
        for a, b in ((first, second), (second, first)):
            line = getattr(a, near) + getattr(a, size)
            if abs(line - getattr(b, near)) < _SNAP and high - low > _SNAP:
                return Edge(-1, axis, round(line, 3), low, high)
    return None


def _edges(world: World) -> Iterator[Edge]:
    for index, room in enumerate(world.rooms):
        east, north = room.x + room.width, room.y + room.depth
        yield Edge(index, "x", round(room.y, 3), room.x, east)
        yield Edge(index, "x", round(north, 3), room.x, east)
        yield Edge(index, "y", round(room.x, 3), room.y, north)
        yield Edge(index, "y", round(east, 3), room.y, north)


def _stretches(world: World, edges: list[Edge]) -> list[Edge]:
    """Cut one line's edges into stretches, each owned by the first room on it; open ones are left out."""
    cuts = sorted({round(value, 3) for edge in edges for value in (edge.low, edge.high)})
    stretches: list[Edge] = []
    for low, high in pairwise(cuts):
        middle = (low + high) / 2.0
        rooms = [edge.room for edge in edges if edge.low < middle < edge.high]
        if not rooms or _open(world, rooms):
            continue
        owner = Edge(min(rooms), edges[0].axis, edges[0].line, low, high)
        if stretches and stretches[-1].high == low and stretches[-1].room == owner.room:
            owner = replace(stretches.pop(), high=high)
        stretches.append(owner)
    return stretches


def _open(world: World, rooms: list[int]) -> bool:
    names = {world.rooms[index].name for index in rooms}
    return any(names & set(world.rooms[index].open_to) for index in rooms)


def _stretch_boxes(world: World, stretch: Edge, name: str) -> Iterator[Shape]:
    """The boxes of one stretch: solid wall between its doors, a lintel above each."""
    room = world.rooms[stretch.room]
    base = min(r.floor_z for r in world.rooms)
    top = max(r.floor_z for r in world.rooms) + world.wall_height
    half = world.wall_thickness / 2.0
    at = stretch.low - half
    for door in _doors_on(world, stretch):
        start, end = door.at - door.width / 2.0, door.at + door.width / 2.0
        yield _wall_box(world, stretch, (at, start), (base, top), room.wall_color, f"{name}@{at:.2f}")
        if door.lintel and door.height < world.wall_height:
            floor = max(world.room(side).floor_z for side in door.between)
            over = (floor + door.height, top)
            yield _wall_box(world, stretch, (start, end), over, room.wall_color, f"{name}@{start:.2f} lintel")
        at = end
    yield _wall_box(world, stretch, (at, stretch.high + half), (base, top), room.wall_color, f"{name}@{at:.2f}")


def _doors_on(world: World, stretch: Edge) -> list[Door]:
    found = []
    for door in world.doors:
        edge = shared_edge(world.room(door.between[0]), world.room(door.between[1]))
        if edge is None or edge.axis != stretch.axis or abs(edge.line - stretch.line) > _SNAP:
            continue
        if stretch.low < door.at < stretch.high:
            found.append(door)
    return sorted(found, key=lambda door: door.at)


def _wall_box(
    world: World, stretch: Edge, span: tuple[float, float], z: tuple[float, float], color: Color, name: str
) -> Shape:
    length, middle = span[1] - span[0], (span[0] + span[1]) / 2.0
    along = stretch.axis == "x"
    thick = world.wall_thickness
    size = (length if along else thick, thick if along else length, z[1] - z[0])
    center = (middle if along else stretch.line, stretch.line if along else middle, (z[0] + z[1]) / 2.0)
    owner = world.rooms[stretch.room].name
    return Shape(name, "box", size, center, color=color, texture="plaster", owner=owner, semantic="wall")


def _leaf(world: World, door: Door, name: str) -> Shape:
    """The leaf, turned about its hinge on the face of the wall; fully open it stands beside the opening, not in it."""
    edge = shared_edge(world.room(door.between[0]), world.room(door.between[1]))
    assert edge is not None, "check() refuses doors between rooms that do not touch"
    into = world.room(door.swings_into or door.between[0])
    middle = into.center[1] if edge.axis == "x" else into.center[0]
    side = 1.0 if middle > edge.line else -1.0
    away = 1.0 if door.hinge == "low" else -1.0
    hinge = door.at - away * door.width / 2.0
    face = edge.line + side * world.wall_thickness / 2.0 * (1.0 if door.open > 0.0 else 0.0)
    angle = door.open * math.pi / 2.0
    along = (math.cos(angle) * door.width / 2.0 - math.sin(angle) * LEAF_M / 2.0) * away
    out = side * (math.sin(angle) * door.width / 2.0 + math.cos(angle) * LEAF_M / 2.0)
    u, v = hinge + along, face + out
    heading = math.atan2(side * math.sin(angle), away * math.cos(angle))
    x, y, yaw = (u, v, heading) if edge.axis == "x" else (v, u, math.pi / 2.0 - heading)
    floor = max(world.room(room).floor_z for room in door.between)
    leaf = Shape(name, "box", (door.width - 0.01, LEAF_M, door.height - 0.02), (0.0, 0.0, door.height / 2.0))
    color = (*door.color[:3], 0.35) if door.glass else shade(door.color, 0.95)
    seen = not door.glass
    leaf = replace(leaf, color=color, seen_by_lidar=seen, seen_by_depth=seen, owner=name, semantic="door")
    return leaf.placed(x, y, floor, yaw)
