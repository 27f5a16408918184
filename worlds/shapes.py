"""A home as a flat tuple of shapes: floors, walls, door leaves, furniture, clutter, always in the same order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import cast

from robot.rng import spawn
from worlds.clutter import CLUTTER
from worlds.furniture.kinds import FURNITURE
from worlds.place import Placed, placed_clutter, placed_furniture
from worlds.scatter import scattered
from worlds.schema import World
from worlds.shape import Shape, ShapeKind, quaternion_from_rpy
from worlds.walls import doors, floors, walls

__all__ = ["Shape", "shapes_of"]


@lru_cache(maxsize=16)
def shapes_of(world: World) -> tuple[Shape, ...]:
    """All static geometry of a home in the map frame; the same world gives the same tuple on every machine."""
    built = built_shapes(world)
    strewn = tuple(shape for item in scattered(world, built) for shape in clutter_shapes(world, item))
    return built + strewn


@lru_cache(maxsize=16)
def built_shapes(world: World) -> tuple[Shape, ...]:
    """Everything whose place the file gives: all but what is scattered by chance."""
    return (*floors(world), *walls(world), *doors(world), *_furniture(world), *_clutter(world), *_solids(world))


def clutter_shapes(world: World, item: Placed) -> Iterator[Shape]:
    """The shapes of one thing left lying; its own chance depends only on the world's seed and its name."""
    parts = CLUTTER[item.kind].build(spawn(world.seed, f"clutter/{item.name}"), item.color)
    for part in parts:
        named = replace(part, name=f"{item.name}.{part.name}", owner=item.name, semantic="clutter")
        yield named.placed(item.x, item.y, item.z, item.yaw)


def _furniture(world: World) -> Iterator[Shape]:
    for item in placed_furniture(world):
        for part in FURNITURE[item.kind].build(item.size, item.color):
            named = replace(part, name=f"{item.name}.{part.name}", owner=item.name)
            yield named.placed(item.x, item.y, item.z, item.yaw)


def _clutter(world: World) -> Iterator[Shape]:
    for item in placed_clutter(world):
        yield from clutter_shapes(world, item)


def _solids(world: World) -> Iterator[Shape]:
    for number, solid in enumerate(world.solids):
        name = solid.name or f"{solid.kind}{number}"
        color = (*solid.color[:3], 0.35) if solid.glass else solid.color
        seen = not solid.glass
        yield Shape(
            name,
            cast(ShapeKind, solid.kind),
            solid.size,
            solid.at,
            quaternion_from_rpy(*(math.radians(angle) for angle in solid.rpy_deg)),
            color,
            seen_by_lidar=seen,
            seen_by_depth=seen,
            owner=name,
        )
