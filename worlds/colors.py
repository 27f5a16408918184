"""Colours by household name, so that a home file reads like a home: `color: oak` instead of three numbers."""

from __future__ import annotations

import re

from worlds.shape import Color

PALETTE: dict[str, str] = {
    "white": "#f2f0ea",
    "cream": "#e9dfc7",
    "sand": "#d8c3a0",
    "stone": "#b9b4aa",
    "grey": "#8d9094",
    "slate": "#566069",
    "black": "#2b2b2d",
    "steel": "#b4bcc4",
    "oak": "#b98d57",
    "pine": "#d9b47a",
    "walnut": "#6d4a30",
    "terracotta": "#b5653f",
    "brick": "#9a4a3c",
    "red": "#b83232",
    "orange": "#dd8432",
    "yellow": "#e3c04a",
    "mustard": "#c79a2b",
    "green": "#4f8a4c",
    "sage": "#9db092",
    "mint": "#b5d8c6",
    "teal": "#2f7f82",
    "sky": "#a9cbe3",
    "blue": "#3f6fb0",
    "navy": "#2d3d63",
    "lilac": "#b9a7cf",
    "plum": "#6f4766",
    "pink": "#e3a6b4",
    "glass": "#cfe6ea",
}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def parse_color(text: str) -> Color:
    """Opaque colour from a palette name or #rrggbb.

    Raises:
        KeyError: the text is neither.
    """
    code = text if _HEX.fullmatch(text) else PALETTE[text]
    red, green, blue = (int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return (red, green, blue, 1.0)


def shade(color: Color, factor: float) -> Color:
    """The same colour made darker (factor < 1) or lighter (> 1), alpha kept."""
    red, green, blue, alpha = color
    return (min(1.0, red * factor), min(1.0, green * factor), min(1.0, blue * factor), alpha)
