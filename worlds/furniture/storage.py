"""Tall and wall-mounted storage: wardrobes, shelves, sideboards."""

from __future__ import annotations

from worlds.colors import shade
from worlds.furniture.parts import DARK, METAL, Parts, Size, legs, slab
from worlds.shape import Color

BOARD_M = 0.03
_SPINES: tuple[Color, ...] = (
    (0.55, 0.23, 0.2, 1.0),
    (0.2, 0.32, 0.5, 1.0),
    (0.75, 0.62, 0.3, 1.0),
    (0.26, 0.42, 0.3, 1.0),
)


def wardrobe(size: Size, color: Color) -> Parts:
    """A closed cupboard on a plinth, with two doors told apart by a dark gap and handles."""
    front = size.depth / 2.0
    return (
        slab("body", (size.depth - 0.02, size.width, size.height), -0.01, 0.0, 0.0, color),
        slab("gap", (0.004, 0.012, size.height - 0.1), front - 0.018, 0.0, 0.08, shade(color, 0.4)),
        slab("handle", (0.02, 0.1, 0.14), front - 0.01, 0.0, 1.0, METAL),
    )


def bookshelf(size: Size, color: Color) -> Parts:
    """Sides, back, boards and a row of books on every board."""
    count = max(2, round(size.height / 0.36))
    pitch = (size.height - BOARD_M) / count
    side = (size.depth, BOARD_M, size.height)
    y = size.width / 2.0 - BOARD_M / 2.0
    parts = [
        slab("side0", side, 0.0, y, 0.0, color),
        slab("side1", side, 0.0, -y, 0.0, color),
        slab("back", (0.02, size.width, size.height), -size.depth / 2.0 + 0.01, 0.0, 0.0, shade(color, 0.8)),
    ]
    inner = size.width - 2.0 * BOARD_M
    for i in range(count + 1):
        parts.append(slab(f"board{i}", (size.depth, inner, BOARD_M), 0.0, 0.0, i * pitch, color))
        if i < count:
            filled = inner * (0.55 + 0.11 * (i * 7 % 4))
            row = (size.depth * 0.7, filled, pitch * 0.68)
            parts.append(slab(f"books{i}", row, -0.02, (inner - filled) / 2.0, i * pitch + BOARD_M, _SPINES[i % 4]))
    return tuple(parts)


def sideboard(size: Size, color: Color) -> Parts:
    """A low cupboard on legs, 14 cm of air under it."""
    body = slab("body", (size.depth, size.width, size.height - 0.14), 0.0, 0.0, 0.14, color)
    return (body, *legs(size, 0.14, shade(color, 0.6), inset=0.02, thickness=0.04))


def tv_stand(size: Size, color: Color) -> Parts:
    """A low cabinet with a television on it."""
    screen = min(size.width * 0.85, 1.25)
    return (
        slab("cabinet", (size.depth, size.width, size.height), 0.0, 0.0, 0.0, color),
        slab("tv_foot", (0.2, 0.4, 0.06), 0.0, 0.0, size.height, DARK),
        slab("tv", (0.05, screen, screen * 0.57), 0.0, 0.0, size.height + 0.06, DARK),
    )


def shelf_wall(size: Size, color: Color) -> Parts:
    """A board mounted on the wall with its top at `height`, above any low lidar; two brackets, a few things."""
    board = slab("board", (size.depth, size.width, 0.03), 0.0, 0.0, size.height - 0.03, color)
    y = size.width / 2.0 - 0.12
    bracket = (size.depth * 0.8, 0.02, 0.12)
    x = -size.depth * 0.1
    return (
        board,
        slab("bracket0", bracket, x, y, size.height - 0.15, METAL),
        slab("bracket1", bracket, x, -y, size.height - 0.15, METAL),
        slab(
            "things",
            (size.depth * 0.6, size.width * 0.4, 0.2),
            0.0,
            size.width * 0.12,
            size.height,
            _SPINES[1],
        ),
    )


def coat_rack(size: Size, color: Color) -> Parts:
    """Coats on a wall board, hanging down to 0.7 m: nothing at the height of a low lidar."""
    board = slab("board", (0.03, size.width, 0.12), -size.depth / 2.0 + 0.015, 0.0, size.height - 0.12, color)
    width = size.width / 3.5
    coats = tuple(
        slab(
            f"coat{i}",
            (size.depth - 0.04, width, size.height - 0.85),
            0.0,
            (i - 1) * width * 1.15,
            0.75,
            _SPINES[i],
        )
        for i in range(3)
    )
    return (board, *coats)


def toy_shelf(size: Size, color: Color) -> Parts:
    """A low open shelf with coloured boxes."""
    third = (size.width - 0.04) / 3.0
    boxes = tuple(
        slab(
            f"box{i}",
            (size.depth - 0.06, third - 0.04, size.height * 0.55),
            0.01,
            (i - 1) * third,
            0.06,
            ((0.86, 0.4, 0.33, 1.0), (0.95, 0.78, 0.3, 1.0), (0.38, 0.62, 0.8, 1.0))[i],
        )
        for i in range(3)
    )
    return (
        slab("bottom", (size.depth, size.width, 0.05), 0.0, 0.0, 0.0, color),
        slab("top", (size.depth, size.width, 0.03), 0.0, 0.0, size.height - 0.03, color),
        slab("back", (0.02, size.width, size.height), -size.depth / 2.0 + 0.01, 0.0, 0.0, color),
        slab("side0", (size.depth, 0.03, size.height), 0.0, size.width / 2.0 - 0.015, 0.0, color),
        slab("side1", (size.depth, 0.03, size.height), 0.0, -size.width / 2.0 + 0.015, 0.0, color),
        *boxes,
    )
