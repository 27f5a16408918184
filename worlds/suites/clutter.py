"""Cluttered rooms by the dozen: two rooms and a door, filled with furniture and things until a level is reached.

Five levels from tidy to barely passable. A thing stays only if a rectangle as big as the rover, with the level's air
around it, still gets from start to goal (`fits.py`): a world is passable by construction, and checked once more whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.rng import spawn
from worlds.clutter import CLUTTER
from worlds.colors import parse_color
from worlds.errors import WorldError
from worlds.furniture.kinds import FURNITURE
from worlds.furniture.parts import Size
from worlds.schema import Clutter, Door, Furniture, Robot, Room, World
from worlds.shape import Shape
from worlds.shapes import shapes_of
from worlds.suites.fits import Area, Passage, way_exists

LENGTH_M, WIDTH_M = 0.42, 0.40  # the rover
FREE_M = 0.55  # about start and goal
BESIDE_M = 0.2
SIZE_M = (4.4, 4.6)  # of each room
STANDING = ("chair", "stool", "table", "coffee_table", "plant", "bookshelf", "lamp", "bedside_table", "office_chair")
LYING = ("shoes", "bag", "box", "basket", "bottle", "ball", "books", "teddy", "toy_car", "laundry")
SMALL_TABLE = (1.1, 0.7)


@dataclass(frozen=True)
class Level:
    """How much stands about, and how much air the narrowest place leaves on either side of the rover (m)."""

    things: int
    air: float
    door: float


LEVELS = {
    1: Level(6, 0.16, 1.2),
    2: Level(12, 0.13, 1.0),
    3: Level(20, 0.10, 0.9),
    4: Level(32, 0.07, 0.8),
    5: Level(48, 0.05, 0.7),
}


@dataclass(frozen=True)
class Outlines:
    """Corners (N, 2) of all shapes of a thing; south-west and north-east corner (S, 2) of each shape. Map frame, m."""

    corners: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @staticmethod
    def of(shapes: list[Shape]) -> Outlines:
        """Return those of some shapes."""
        found = [shape.footprint() for shape in shapes]
        corners = np.concatenate(found)
        first = np.cumsum([0, *(len(outline) for outline in found[:-1])])
        return Outlines(corners, np.minimum.reduceat(corners, first), np.maximum.reduceat(corners, first))

    def near(self, point: tuple[float, float]) -> bool:
        """Return whether a corner is within `FREE_M` of a point, or the point under a shape or beside it."""
        under = (self.low - BESIDE_M <= point) & (self.high + BESIDE_M >= point)
        return bool(((self.corners - point) ** 2).sum(axis=1).min() < FREE_M**2 or under.all(axis=1).any())

    def inside(self, room: Room, wall: float) -> bool:
        """Return whether everything is between a room's walls, which are so thick (m)."""
        gap = wall / 2.0
        low, high = (room.x + gap, room.y + gap), (room.x + room.width - gap, room.y + room.depth - gap)
        return bool((self.low >= low).all() and (self.high <= high).all())


def clutter_world(level: int, seed: int) -> World:
    """Return the world of this level and seed.

    Raises:
        WorldError: no such level.
    """
    if level not in LEVELS:
        raise WorldError(f"no clutter of level {level} (levels: 1 to {len(LEVELS)})")
    chosen, rng = LEVELS[level], spawn(seed, f"clutter-suite/{level}")
    world = _empty(level, seed, chosen, rng)
    assert world.goal is not None
    start, goal = world.robots[0].start, world.goal
    size = (LENGTH_M + 2.0 * chosen.air, WIDTH_M + 2.0 * chosen.air)
    passage = Passage.of(Area.of(world.bounds, shapes_of(world)), start, goal, *size)
    furniture: dict[str, list[Furniture]] = {"west": [], "east": []}
    clutter: dict[str, list[Clutter]] = {"west": [], "east": []}
    placed = 0
    for _ in range(chosen.things * 8):
        if placed == chosen.things:
            break
        room = world.rooms[int(rng.integers(2))]
        thing = _thing(rng, level)
        shapes = _shapes(thing, room)
        outlines = Outlines.of(shapes)
        if outlines.near(start) or outlines.near(goal) or not outlines.inside(room, world.wall_thickness):
            continue
        candidate = passage.with_shapes(shapes)
        if candidate is None:
            continue
        passage, placed = candidate, placed + 1
        if isinstance(thing, Furniture):
            furniture[room.name].append(thing)
        else:
            clutter[room.name].append(thing)
    rooms = tuple(
        replace(room, furniture=tuple(furniture[room.name]), clutter=tuple(clutter[room.name])) for room in world.rooms
    )
    world = replace(world, rooms=rooms)
    area = Area.of(world.bounds, shapes_of(world))
    if not way_exists(area, start, goal, LENGTH_M, WIDTH_M, chosen.air - 0.02):
        raise WorldError(f"clutter of level {level}, seed {seed}: the finished world is not passable")
    return world


def _empty(level: int, seed: int, chosen: Level, rng: Generator) -> World:
    width, depth = SIZE_M
    rooms = (
        Room(name="west", x=0.0, y=0.0, width=width, depth=depth),
        Room(name="east", x=width, y=0.0, width=width, depth=depth, floor_color=parse_color("oak")),
    )
    margin = chosen.door / 2.0 + 0.3
    door = Door(between=("west", "east"), at=float(rng.uniform(margin, depth - margin)), width=chosen.door, leaf=False)
    edge = 0.75
    start = (float(rng.uniform(edge, 1.4)), float(rng.uniform(edge, depth - edge)))
    goal = (float(rng.uniform(2 * width - 1.4, 2 * width - edge)), float(rng.uniform(edge, depth - edge)))
    robot = Robot(at=start, yaw_deg=float(rng.uniform(-180.0, 180.0)))
    return World(
        name=f"clutter:{level}:{seed}",
        description=f"Generated clutter of level {level}",
        seed=seed,
        rooms=rooms,
        doors=(door,),
        robots=(robot,),
        goal=goal,
    )


def _thing(rng: Generator, level: int) -> Furniture | Clutter:
    """Something at a random place: more lies about the higher the level."""
    at = (float(rng.uniform(0.2, SIZE_M[0] - 0.2)), float(rng.uniform(0.2, SIZE_M[1] - 0.2)))
    yaw = float(rng.uniform(-180.0, 180.0))
    if rng.random() < 0.75 - 0.08 * level:
        kind = STANDING[int(rng.integers(len(STANDING)))]
        width, depth = SMALL_TABLE if kind == "table" else (0.0, 0.0)
        return Furniture(kind=kind, at=at, yaw_deg=yaw, width=width, depth=depth)
    return Clutter(kind=LYING[int(rng.integers(len(LYING)))], at=at, yaw_deg=yaw)


def _shapes(thing: Furniture | Clutter, room: Room) -> list[Shape]:
    """The shapes of a thing in map; clutter, whose size is left to chance, as the disc it may cover."""
    assert thing.at is not None
    x, y, yaw = room.x + thing.at[0], room.y + thing.at[1], math.radians(thing.yaw_deg)
    if isinstance(thing, Clutter):
        disc = Shape(thing.kind, "cylinder", (CLUTTER[thing.kind].radius, 0.3), (0.0, 0.0, 0.15))
        return [disc.placed(x, y, room.floor_z, yaw)]
    kind = FURNITURE[thing.kind]
    size = Size(thing.width or kind.width, thing.depth or kind.depth, kind.height)
    return [part.placed(x, y, room.floor_z, yaw) for part in kind.build(size, parse_color(kind.color))]
