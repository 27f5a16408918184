"""Plants, lamps, rugs, mirrors, pictures: what makes a room look lived in."""

from __future__ import annotations

from dataclasses import replace

from worlds.colors import shade
from worlds.furniture.parts import METAL, Parts, Size, box, post, slab
from worlds.shape import Color, Shape

_SOIL_POT: Color = (0.66, 0.4, 0.29, 1.0)


def plant(size: Size, color: Color) -> Parts:
    """A pot, a stem, and leaves that reach further out than the pot."""
    pot = min(0.3, size.height * 0.3)
    crown = size.width / 2.0
    return (
        post("pot", crown * 0.6, pot, 0.0, 0.0, 0.0, _SOIL_POT),
        post("stem", 0.02, size.height - pot - crown, 0.0, 0.0, pot, shade(color, 0.6)),
        Shape("leaves", "sphere", (crown,), (0.0, 0.0, size.height - crown), color=color),
    )


def lamp(size: Size, color: Color) -> Parts:
    """A floor lamp: a flat foot wider than its 2.4 cm pole, and a shade."""
    return (
        post("foot", 0.15, 0.03, 0.0, 0.0, 0.0, METAL),
        post("pole", 0.012, size.height - 0.3, 0.0, 0.0, 0.03, METAL),
        post("shade", size.width / 2.0, 0.28, 0.0, 0.0, size.height - 0.28, color),
    )


def rug(size: Size, color: Color) -> Parts:
    """2 mm of carpet: seen by the camera, driven over, never collided with."""
    flat = slab("carpet", (size.depth, size.width, size.height), 0.0, 0.0, 0.0, color)
    return (replace(flat, solid=False, semantic="rug", texture="carpet"),)


def mirror(size: Size, color: Color) -> Parts:
    """A framed mirror leaning flat on the wall; the pane returns no usable depth."""
    half = size.depth / 2.0
    frame = slab("frame", (half, size.width, size.height), -half / 2.0, 0.0, 0.0, color)
    pane = (half, size.width - 0.08, size.height - 0.08)
    glass = slab("pane", pane, half / 2.0, 0.0, 0.04, (0.8, 0.87, 0.9, 1.0))
    return (frame, replace(glass, seen_by_lidar=False, seen_by_depth=False))


def picture(size: Size, color: Color) -> Parts:
    """A picture on the wall with its upper edge at `height`."""
    tall = size.width * 0.7
    z = size.height - tall / 2.0
    frame, canvas = size.depth * 0.8, size.depth * 0.2
    return (
        box("frame", (frame, size.width, tall), (-canvas / 2.0, 0.0, z), (0.2, 0.17, 0.14, 1.0)),
        box("canvas", (canvas, size.width - 0.08, tall - 0.08), (frame / 2.0, 0.0, z), color),
    )


def partition(size: Size, color: Color) -> Parts:
    """A free-standing room divider, closed down to the floor."""
    return (slab("panel", (size.depth, size.width, size.height), 0.0, 0.0, 0.0, color),)


def pillar(size: Size, color: Color) -> Parts:
    """A round column."""
    return (post("column", size.width / 2.0, size.height, 0.0, 0.0, 0.0, color),)


def dock(size: Size, color: Color) -> Parts:
    """The rover's charging dock: a plate against the wall with a tower at the back."""
    tower = (0.1, size.width, size.height)
    return (
        slab("tower", tower, -size.depth / 2.0 + 0.05, 0.0, 0.0, color),
        slab("plate", (size.depth - 0.1, size.width, 0.02), 0.05, 0.0, 0.0, shade(color, 0.7)),
    )
