"""Strewing clutter by chance, without burying a way: each thing is tried at random spots of its room until it touches
nothing, stays out of every door's passage and off every line the home keeps clear."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.rng import spawn
from worlds.clutter import CLUTTER
from worlds.place import Placed, clutter_at
from worlds.schema import Clutter, Room, World
from worlds.shape import Shape
from worlds.walls import shared_edge

DOOR_CLEAR_M = 0.9
LINE_CLEAR_M = 0.45
START_CLEAR_M = 0.7
ATTEMPTS = 200
Points = NDArray[np.float64]


def scattered(world: World, built: tuple[Shape, ...]) -> tuple[Placed, ...]:
    """Everything the rooms' `scatter` asks for and that finds a free spot, in the order of the file."""
    if not any(room.scatter for room in world.rooms):
        return ()
    boxes, result = _obstacles(built), list[Placed]()
    for room in world.rooms:
        clear = _keep_clear(world, room)
        for group in room.scatter:
            for index in range(1, group.count + 1):
                name = f"{room.name}/{group.kind}~{index}"
                spot = _spot(world, room, CLUTTER[group.kind].radius, name, boxes, clear, result)
                if spot is not None:
                    item = Clutter(kind=group.kind, at=(spot[0], spot[1]), yaw_deg=spot[2])
                    result.append(clutter_at(room, name, item))
    return tuple(result)


def _spot(
    world: World, room: Room, radius: float, name: str, boxes: Points, clear: Points, taken: list[Placed]
) -> tuple[float, float, float] | None:
    """x, y in the room's frame and yaw in degrees of a free place, or None when the room is full."""
    rng: Generator = spawn(world.seed, f"scatter/{name}")
    margin = radius + world.wall_thickness / 2.0
    if room.width <= 2.0 * margin or room.depth <= 2.0 * margin:
        return None
    for _ in range(ATTEMPTS):
        x = float(rng.uniform(margin, room.width - margin))
        y = float(rng.uniform(margin, room.depth - margin))
        yaw = float(rng.uniform(0.0, 360.0))
        point = np.array([room.x + x, room.y + y])
        if _distance_to_boxes(point, boxes) < radius or _distance_to_discs(point, clear) < radius:
            continue
        if all(math.hypot(point[0] - o.x, point[1] - o.y) > radius + o.size.width / 2.0 for o in taken):
            return x, y, yaw
    return None


def _obstacles(built: tuple[Shape, ...]) -> Points:
    """(N, 4) west, south, east, north of what stands on the floor and reaches into the lowest half metre."""
    rows = []
    for shape in built:
        low, high = shape.z_range()
        if shape.solid and shape.semantic != "floor" and low < 0.5 and high > -0.5:
            outline = shape.footprint()
            rows.append([*outline.min(axis=0), *outline.max(axis=0)])
    return np.array(rows).reshape(-1, 4)


def _keep_clear(world: World, room: Room) -> Points:
    """(N, 3) discs (x, y, radius) that nothing may touch: doors, starts, and the lines of `keep_clear`."""
    discs = [(*person.at, START_CLEAR_M) for person in world.people]
    discs += [(*robot.start, START_CLEAR_M) for robot in world.drivers]
    for door in world.doors:
        if room.name in door.between:
            edge = shared_edge(world.room(door.between[0]), world.room(door.between[1]))
            assert edge is not None, "check() refuses doors between rooms that do not touch"
            point = (door.at, edge.line) if edge.axis == "x" else (edge.line, door.at)
            discs.append((*point, max(DOOR_CLEAR_M, door.width / 2.0 + 0.3)))
    for path in world.keep_clear:
        for start, end in pairwise(path):
            count = max(2, math.ceil(math.dist(start, end) / 0.1))
            discs += [(float(x), float(y), LINE_CLEAR_M) for x, y in np.linspace(start, end, count)]
    return np.array(discs).reshape(-1, 3)


def _distance_to_boxes(point: Points, boxes: Points) -> float:
    outside = np.maximum(np.maximum(boxes[:, :2] - point, point - boxes[:, 2:]), 0.0)
    return float(np.hypot(outside[:, 0], outside[:, 1]).min(initial=math.inf))


def _distance_to_discs(point: Points, discs: Points) -> float:
    return float((np.hypot(discs[:, 0] - point[0], discs[:, 1] - point[1]) - discs[:, 2]).min(initial=math.inf))
