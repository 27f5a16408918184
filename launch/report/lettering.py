"""Smooth text on numpy pictures: drawn once with matplotlib's own font, then blended in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Rgb = tuple[int, int, int]
RIM = 2  # px of light around dark text


def write(picture: Picture, text: str, x: int, y: int, size: int, color: Rgb, bold: bool = False) -> int:
    """Write `text` in place with its upper left corner at (x, y), cut at the edges; return where it ends (px)."""
    mask = _mask(text, size, bold)
    _blend(picture, mask, x, y, color)
    return x + mask.shape[1]


def write_on_picture(picture: Picture, text: str, x: int, y: int, size: int) -> None:
    """Write dark `text` with a light rim, centred on column x, so that it reads on anything."""
    rim = _rim(text, size)
    left = x - rim.shape[1] // 2
    _blend(picture, rim, left, y, (255, 255, 255))
    _blend(picture, _mask(text, size, True), left + RIM, y + RIM, (30, 32, 36))


def _blend(picture: Picture, mask: NDArray[np.uint16], x: int, y: int, color: Rgb) -> None:
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + mask.shape[1], picture.shape[1]), min(y + mask.shape[0], picture.shape[0])
    if right <= left or bottom <= top:
        return
    cover = mask[top - y : bottom - y, left - x : right - x, None]
    under = picture[top:bottom, left:right].astype(np.uint16)
    ink = np.array(color, np.uint16)
    picture[top:bottom, left:right] = ((under * (255 - cover) + ink * cover) // 255).astype(np.uint8)


def width_of(text: str, size: int, bold: bool = False) -> int:
    """Return the width of `text` in pixels."""
    return int(_mask(text, size, bold).shape[1])


@lru_cache(maxsize=512)
def _mask(text: str, size: int, bold: bool) -> NDArray[np.uint16]:
    font = _font(size, bold)
    box = font.getbbox(text)
    height = sum(font.getmetrics())
    canvas = Image.new("L", (max(1, round(box[2])), height), 0)
    ImageDraw.Draw(canvas).text((0, 0), text, fill=255, font=font)
    return np.asarray(canvas, dtype=np.uint16)


@lru_cache(maxsize=64)
def _rim(text: str, size: int) -> NDArray[np.uint16]:
    padded = np.pad(_mask(text, size, True), RIM)
    grown = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RIM + 1, 2 * RIM + 1)))
    return np.asarray(grown, dtype=np.uint16)


@lru_cache(maxsize=16)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)
