"""The pieces furniture is made of. A builder works in its own frame: +x is the front, width runs along y, z = 0 is
the floor and the origin is the centre of the footprint; it names parts, and whoever places it adds the owner."""

from __future__ import annotations

import math
from dataclasses import dataclass

from worlds.shape import Color, Shape, Vector

SIDEWAYS = (math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))  # local z along -y: a roller lying across
FORWARD = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))  # local z along +x: a roller lying lengthwise
METAL: Color = (0.62, 0.64, 0.67, 1.0)
DARK: Color = (0.14, 0.14, 0.15, 1.0)
PORCELAIN: Color = (0.95, 0.95, 0.94, 1.0)
LEG_M = 0.05


@dataclass(frozen=True)
class Size:
    """Outer dimensions, metres: width along local y, depth along local x (front to back), height along z."""

    width: float
    depth: float
    height: float


Parts = tuple[Shape, ...]


def box(name: str, size: Vector, center: Vector, color: Color, texture: str | None = None) -> Shape:
    """A box of full extents `size` around `center`."""
    return Shape(name, "box", size, center, color=color, texture=texture)


def slab(name: str, size: Vector, x: float, y: float, bottom: float, color: Color) -> Shape:
    """A box standing with its underside at height `bottom`."""
    return box(name, size, (x, y, bottom + size[2] / 2.0), color)


def post(name: str, radius: float, length: float, x: float, y: float, bottom: float, color: Color) -> Shape:
    """An upright cylinder with its underside at height `bottom`."""
    return Shape(name, "cylinder", (radius, length), (x, y, bottom + length / 2.0), color=color)


def legs(size: Size, height: float, color: Color, inset: float = 0.0, thickness: float = LEG_M) -> Parts:
    """Four square legs under the corners of the footprint, `inset` metres in from its edges."""
    dx = size.depth / 2.0 - thickness / 2.0 - inset
    dy = size.width / 2.0 - thickness / 2.0 - inset
    corners = ((dx, dy), (dx, -dy), (-dx, dy), (-dx, -dy))
    return tuple(slab(f"leg{i}", (thickness, thickness, height), x, y, 0.0, color) for i, (x, y) in enumerate(corners))
