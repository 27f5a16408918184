"""Kitchen and bathroom fixtures."""

from __future__ import annotations

from dataclasses import replace

from worlds.colors import shade
from worlds.furniture.parts import DARK, METAL, PORCELAIN, Parts, Size, post, slab
from worlds.shape import Color


def kitchen_counter(size: Size, color: Color) -> Parts:
    """Cabinets on a recessed plinth under a worktop that overhangs by 3 cm."""
    plinth, top = 0.1, 0.04
    body = (size.depth - 0.03, size.width, size.height - plinth - top)
    return (
        slab("plinth", (size.depth - 0.1, size.width, plinth), -0.05, 0.0, 0.0, DARK),
        slab("body", body, -0.015, 0.0, plinth, color),
        slab("worktop", (size.depth, size.width, top), 0.0, 0.0, size.height - top, shade(color, 0.55)),
    )


def kitchen_island(size: Size, color: Color) -> Parts:
    """A counter for the middle of a room: the top overhangs its front by 25 cm for stools."""
    body = (size.depth - 0.25, size.width - 0.1, size.height - 0.04)
    return (
        slab("body", body, -0.125, 0.0, 0.0, color),
        slab("worktop", (size.depth, size.width, 0.04), 0.0, 0.0, size.height - 0.04, shade(color, 0.6)),
    )


def stove(size: Size, color: Color) -> Parts:
    """A cooker with an oven door, its handle and four dark plates."""
    front = size.depth / 2.0
    return (
        slab("body", (size.depth - 0.03, size.width, size.height), -0.015, 0.0, 0.0, color),
        slab("oven", (0.02, size.width - 0.1, 0.42), front - 0.025, 0.0, 0.2, DARK),
        slab("plates", (size.depth - 0.16, size.width - 0.08, 0.008), -0.02, 0.0, size.height, DARK),
        slab("handle", (0.03, size.width - 0.16, 0.02), front - 0.015, 0.0, 0.66, METAL),
    )


def fridge(size: Size, color: Color) -> Parts:
    """A tall box with a gap between freezer and fridge doors, and handles."""
    front = size.depth / 2.0
    return (
        slab("body", (size.depth - 0.03, size.width, size.height), -0.015, 0.0, 0.0, color),
        slab("gap", (0.004, size.width, 0.012), front - 0.028, 0.0, size.height * 0.62, DARK),
        slab("handle", (0.03, 0.02, 0.4), front - 0.015, size.width / 2.0 - 0.06, size.height * 0.66, METAL),
    )


def washing_machine(size: Size, color: Color) -> Parts:
    """A white box with a dark round door drawn as a square."""
    return (
        slab("body", (size.depth - 0.01, size.width, size.height), -0.005, 0.0, 0.0, color),
        slab("door", (0.01, 0.34, 0.34), size.depth / 2.0 - 0.005, 0.0, 0.28, DARK),
    )


def toilet(size: Size, color: Color) -> Parts:
    """Bowl on a narrow foot, and a cistern at the back."""
    tank = 0.18
    bowl = (size.depth - tank, size.width, 0.18)
    foot = (size.depth - tank - 0.15, size.width * 0.6, 0.24)
    return (
        slab("bowl", bowl, tank / 2.0, 0.0, 0.24, color),
        slab("foot", foot, tank / 2.0 - 0.05, 0.0, 0.0, color),
        slab("cistern", (tank, size.width, size.height), -size.depth / 2.0 + tank / 2.0, 0.0, 0.0, color),
    )


def bathtub(size: Size, color: Color) -> Parts:
    """A closed tub with a hollow drawn on top in grey."""
    hollow = (size.depth - 0.14, size.width - 0.16, 0.004)
    return (
        slab("tub", (size.depth, size.width, size.height), 0.0, 0.0, 0.0, color),
        slab("hollow", hollow, 0.0, 0.0, size.height, shade(color, 0.72)),
    )


def shower(size: Size, color: Color) -> Parts:
    """A low tray with a glass front that neither lidar nor depth camera sees."""
    pane = slab("pane", (0.01, size.width, size.height), size.depth / 2.0 - 0.005, 0.0, 0.0, (*color[:3], 0.3))
    return (
        slab("tray", (size.depth, size.width, 0.05), 0.0, 0.0, 0.0, PORCELAIN),
        replace(pane, seen_by_lidar=False, seen_by_depth=False),
        post("pipe", 0.015, size.height, -size.depth / 2.0 + 0.04, 0.0, 0.0, METAL),
    )


def washbasin(size: Size, color: Color) -> Parts:
    """A basin on the wall: a thin pedestal below, an overhang all around at 0.65 m."""
    return (
        slab("basin", (size.depth, size.width, 0.2), 0.0, 0.0, size.height - 0.2, color),
        post("pedestal", 0.09, size.height - 0.2, -size.depth / 2.0 + 0.12, 0.0, 0.0, color),
        slab("tap", (0.12, 0.03, 0.12), -size.depth / 2.0 + 0.08, 0.0, size.height, METAL),
    )
