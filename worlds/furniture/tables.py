"""Tables and desks: thin legs a low lidar can see, and a top that overhangs them where it cannot."""

from __future__ import annotations

from dataclasses import replace

from worlds.colors import shade
from worlds.furniture.parts import METAL, Parts, Size, legs, post, slab
from worlds.shape import Color

TOP_M = 0.03
OVERHANG_M = 0.08


def table(size: Size, color: Color) -> Parts:
    """Four 5 cm legs set in under an overhanging top."""
    top = slab("top", (size.depth, size.width, TOP_M), 0.0, 0.0, size.height - TOP_M, color)
    return (top, *legs(size, size.height - TOP_M, shade(color, 0.8), inset=OVERHANG_M))


def round_table(size: Size, color: Color) -> Parts:
    """One central column on a foot, and a round top of diameter `width`."""
    return (
        post("top", size.width / 2.0, TOP_M, 0.0, 0.0, size.height - TOP_M, color),
        post("column", 0.05, size.height - TOP_M, 0.0, 0.0, 0.0, shade(color, 0.7)),
        post("foot", 0.22, 0.03, 0.0, 0.0, 0.0, shade(color, 0.6)),
    )


def desk(size: Size, color: Color) -> Parts:
    """A table with a drawer block on its left, open on the right where the chair goes."""
    top = slab("top", (size.depth, size.width, TOP_M), 0.0, 0.0, size.height - TOP_M, color)
    block = slab(
        "drawers",
        (size.depth - 0.06, 0.4, size.height - 0.1),
        -0.02,
        size.width / 2.0 - 0.22,
        0.06,
        shade(color, 0.85),
    )
    return (top, block, *legs(size, size.height - TOP_M, METAL))


def coffee_table(size: Size, color: Color) -> Parts:
    """A low table; its top is above a low lidar and below most cameras' attention."""
    top = slab("top", (size.depth, size.width, 0.04), 0.0, 0.0, size.height - 0.04, color)
    return (top, *legs(size, size.height - 0.04, shade(color, 0.75), inset=0.06))


def glass_table(size: Size, color: Color) -> Parts:
    """A low table whose top neither lidar nor depth camera sees; metal legs."""
    pane = slab("top", (size.depth, size.width, 0.012), 0.0, 0.0, size.height - 0.012, (*color[:3], 0.35))
    clear = replace(pane, seen_by_lidar=False, seen_by_depth=False)
    return (clear, *legs(size, size.height - 0.012, METAL, inset=0.04, thickness=0.03))


def bedside_table(size: Size, color: Color) -> Parts:
    """A small cabinet on short legs."""
    body = slab("body", (size.depth, size.width, size.height - 0.12), 0.0, 0.0, 0.12, color)
    return (body, *legs(size, 0.12, shade(color, 0.7), inset=0.01, thickness=0.03))
