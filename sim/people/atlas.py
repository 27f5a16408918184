"""Layout of a person's texture: the painted face, and a strip of plain swatches along the right and bottom edges."""

from __future__ import annotations

TEXTURE_SIZE = 256
FACE_SIZE = 224  # the face's own unit square covers the upper left 224 x 224 pixels
CELL = TEXTURE_SIZE - FACE_SIZE

SWATCHES = (
    "skin", "hair", "hair_shade", "top", "accent", "bottom", "bottom_shade", "shoes",  # down the right edge
    "sole", "jaw", "belt", "top_shade", "skin_shade", "mouth",  # along the bottom edge
)  # fmt: skip
_RIGHT = TEXTURE_SIZE // CELL


def swatch_box(name: str) -> tuple[int, int, int, int]:
    """Return (left, top, right, bottom) pixels of a swatch; ValueError if there is none of that name."""
    i = SWATCHES.index(name)
    x, y = (FACE_SIZE, i * CELL) if i < _RIGHT else ((i - _RIGHT) * CELL, FACE_SIZE)
    return x, y, x + CELL, y + CELL


def swatch_uv(name: str) -> tuple[float, float]:
    """Return the texture coordinate (v up) of a swatch's centre."""
    left, top, right, bottom = swatch_box(name)
    return 0.5 * (left + right) / TEXTURE_SIZE, 1.0 - 0.5 * (top + bottom) / TEXTURE_SIZE


def face_pixel(u: float, v: float) -> tuple[float, float]:
    """Return the pixel of a face coordinate; u to the right, v down, both in [0, 1]."""
    return u * FACE_SIZE, v * FACE_SIZE


def face_uv(u: float, v: float) -> tuple[float, float]:
    """Return the texture coordinate (v up) of a face coordinate (v down)."""
    x, y = face_pixel(u, v)
    return x / TEXTURE_SIZE, 1.0 - y / TEXTURE_SIZE
