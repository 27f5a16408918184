"""Things to sit and lie on. Seats are at 0.45 m; what is under them decides what a low lidar sees."""

from __future__ import annotations

from worlds.colors import shade
from worlds.furniture.parts import METAL, PORCELAIN, Parts, Size, legs, post, slab
from worlds.shape import Color

SEAT_M = 0.45


def chair(size: Size, color: Color) -> Parts:
    """Four thin legs, a seat at 0.45 m and a back."""
    seat = slab("seat", (size.depth, size.width, 0.04), 0.0, 0.0, SEAT_M - 0.04, color)
    back_height = size.height - SEAT_M
    back = slab("back", (0.03, size.width, back_height), -size.depth / 2.0 + 0.015, 0.0, SEAT_M, color)
    return (seat, back, *legs(size, SEAT_M - 0.04, shade(color, 0.7), thickness=0.035))


def office_chair(size: Size, color: Color) -> Parts:
    """A column on a low star foot 6 cm high, wider than the column a lidar sees."""
    seat = slab("seat", (size.depth - 0.12, size.width - 0.1, 0.07), 0.02, 0.0, SEAT_M - 0.07, color)
    back = slab("back", (0.06, size.width - 0.14, size.height - 0.55), -size.depth / 2.0 + 0.08, 0.0, 0.55, color)
    return (
        seat,
        back,
        post("column", 0.035, SEAT_M - 0.13, 0.0, 0.0, 0.06, METAL),
        post("foot", min(size.width, size.depth) / 2.0, 0.06, 0.0, 0.0, 0.0, shade(color, 0.6)),
    )


def stool(size: Size, color: Color) -> Parts:
    """A round seat on four legs."""
    top = post("seat", size.width / 2.0, 0.04, 0.0, 0.0, size.height - 0.04, color)
    return (top, *legs(size, size.height - 0.04, shade(color, 0.75), inset=0.05, thickness=0.03))


def bench(size: Size, color: Color) -> Parts:
    """A plank on two side panels."""
    top = slab("seat", (size.depth, size.width, 0.05), 0.0, 0.0, size.height - 0.05, color)
    side = (size.depth - 0.04, 0.05, size.height - 0.05)
    y = size.width / 2.0 - 0.1
    return (
        top,
        slab("side0", side, 0.0, y, 0.0, shade(color, 0.8)),
        slab("side1", side, 0.0, -y, 0.0, shade(color, 0.8)),
    )


def sofa(size: Size, color: Color) -> Parts:
    """Seat block on a 10 cm gap, back and two arms."""
    arm, back, gap = 0.18, 0.22, 0.1
    low = shade(color, 0.9)
    seat_width = size.width - 2.0 * arm
    return (
        slab("seat", (size.depth - back, seat_width, SEAT_M - gap), back / 2.0, 0.0, gap, color),
        slab("back", (back, size.width, size.height - gap), -size.depth / 2.0 + back / 2.0, 0.0, gap, low),
        slab("arm0", (size.depth - back, arm, 0.5), back / 2.0, size.width / 2.0 - arm / 2.0, gap, low),
        slab("arm1", (size.depth - back, arm, 0.5), back / 2.0, -size.width / 2.0 + arm / 2.0, gap, low),
        slab("base", (size.depth - 0.1, size.width - 0.1, gap), 0.0, 0.0, 0.0, shade(color, 0.4)),
    )


def bed(size: Size, color: Color) -> Parts:
    """Frame on legs with a gap of 0.2 m under it, mattress, headboard at the back, pillow and blanket."""
    wood = (0.55, 0.4, 0.26, 1.0)
    mattress = (size.depth - 0.08, size.width - 0.04, 0.2)
    blanket = (size.depth * 0.62, size.width - 0.02, 0.04)
    return (
        slab("frame", (size.depth, size.width, 0.1), 0.0, 0.0, 0.2, wood),
        slab("mattress", mattress, 0.02, 0.0, 0.3, PORCELAIN),
        slab("blanket", blanket, size.depth * 0.18, 0.0, 0.49, color),
        slab("pillow", (0.35, size.width * 0.7, 0.1), -size.depth / 2.0 + 0.3, 0.0, 0.49, (0.9, 0.9, 0.92, 1.0)),
        slab("headboard", (0.05, size.width, size.height), -size.depth / 2.0 + 0.025, 0.0, 0.0, wood),
        *legs(size, 0.2, wood),
    )


def crib(size: Size, color: Color) -> Parts:
    """A child's bed: solid ends, bars on the sides, mattress at 0.35 m."""
    count = 6
    step = size.depth / (count + 1)
    bars = tuple(
        post(f"bar{i}", 0.012, size.height - 0.1, -size.depth / 2.0 + step * (i % count + 1), y, 0.1, color)
        for i in range(2 * count)
        for y in ((size.width / 2.0 - 0.02) * (1 if i < count else -1),)
    )
    end = (0.04, size.width, size.height)
    return (
        slab("end0", end, size.depth / 2.0 - 0.02, 0.0, 0.0, color),
        slab("end1", end, -size.depth / 2.0 + 0.02, 0.0, 0.0, color),
        slab("mattress", (size.depth - 0.08, size.width - 0.06, 0.1), 0.0, 0.0, 0.25, PORCELAIN),
        *bars,
    )
