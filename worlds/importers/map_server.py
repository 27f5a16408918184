"""ROS map_server maps (`.yaml` beside a `.pgm` or `.png`): occupied cells become walls, merged into few boxes.

Meaning of the keys and thresholds is map_server's own (https://wiki.ros.org/map_server): the image's lowest row lies
at `origin`, dark is occupied, and what is neither occupied nor free is unknown; unknown ground holds nothing, and what
lies beyond all that is known is left out.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from worlds.errors import WorldError
from worlds.schema import Room, Solid, World

WALL_M = 1.0  # height of what the map calls occupied
MARGIN_M = 0.3
CELLS_AT_MOST = 4_000_000
REQUIRED = ("image", "resolution", "origin", "occupied_thresh", "free_thresh")


def is_map(file: Path) -> bool:
    """Return whether a file looks like a map's settings and not like a home."""
    try:
        text = file.read_text(encoding="utf-8") if file.suffix in (".yaml", ".yml") else ""
    except (OSError, UnicodeDecodeError):
        return False
    return all(re.search(rf"^{key}\s*:", text, re.MULTILINE) for key in ("image", "resolution"))


def map_world(file: Path) -> World:
    """Return the world of a map, as far as anything is known. Raises WorldError in one line."""
    settings = _settings(file)
    occupancy = _occupancy(file, settings)
    size = settings["resolution"]
    occupied, first_row, first_column = _known(occupancy, settings)
    rows, columns = occupied.shape
    x0, y0 = settings["origin"][0] + first_column * size, settings["origin"][1] + first_row * size
    solids = tuple(
        Solid(
            kind="box",
            name=f"wall{i}",
            size=(width * size, depth * size, WALL_M),
            at=(x0 + (column + width / 2.0) * size, y0 + (row + depth / 2.0) * size, WALL_M / 2.0),
        )
        for i, (row, column, depth, width) in enumerate(rectangles(occupied))
    )
    room = Room(
        name="ground",
        x=x0 - MARGIN_M,
        y=y0 - MARGIN_M,
        width=columns * size + 2 * MARGIN_M,
        depth=rows * size + 2 * MARGIN_M,
    )
    return World(name=file.stem, description=f"ROS map {file.name}", wall_height=0.5, rooms=(room,), solids=solids)


def rectangles(occupied: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Return (row, column, rows, columns) of rectangles that cover exactly the True cells (H, W), without overlap."""
    left = occupied.copy()
    found = []
    for row, column in np.argwhere(occupied):
        if not left[row, column]:
            continue
        line = left[row, column:]
        width = int(np.argmin(line)) if not line.all() else len(line)
        depth = 1
        while row + depth < len(left) and left[row + depth, column : column + width].all():
            depth += 1
        left[row : row + depth, column : column + width] = False
        found.append((int(row), int(column), depth, width))
    return found


def _settings(file: Path) -> dict[str, Any]:
    try:
        found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise WorldError(f"{file}: cannot be read as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise WorldError(f"{file}: is no map_server map: it holds no keys")
    for key in REQUIRED:
        if key not in found:
            raise WorldError(f"{file}: is no map_server map: '{key}' is missing")
    for key in ("resolution", "occupied_thresh", "free_thresh"):
        if not _is_number(found[key]) or found[key] <= 0:
            raise WorldError(f"{file}: '{key}' must be a number above 0, not {found[key]!r}")
    origin = found["origin"]
    if not isinstance(origin, list) or len(origin) != 3 or not all(_is_number(value) for value in origin):
        raise WorldError(f"{file}: 'origin' must be [x, y, yaw] of the lower left cell, not {origin!r}")
    if origin[2] != 0:
        raise WorldError(
            f"{file}: 'origin' is turned by {origin[2]:g} rad; turn the image instead: maps lie straight here"
        )
    if max(abs(origin[0]), abs(origin[1])) > 100.0:
        raise WorldError(f"{file}: 'origin' {origin[:2]} lies more than 100 m away from map's zero")
    return found


def _known(occupancy: NDArray[np.float64], settings: dict[str, Any]) -> tuple[NDArray[np.bool_], int, int]:
    """Return the occupied cells of the part that holds all known ones, and its first row and column."""
    occupied = occupancy > settings["occupied_thresh"]
    rows, columns = np.nonzero(occupied | (occupancy < settings["free_thresh"]))
    if len(rows) == 0:
        return occupied, 0, 0
    row, column = int(rows.min()), int(columns.min())
    return occupied[row : rows.max() + 1, column : columns.max() + 1], row, column


def _occupancy(file: Path, settings: dict[str, Any]) -> NDArray[np.float64]:
    """Return (H, W) how sure each cell is to be occupied, 0 to 1, row 0 at the origin."""
    image_file = file.parent / str(settings["image"])
    if not image_file.is_file():
        raise WorldError(f"{file}: its image '{settings['image']}' is not there ({image_file})")
    image = cv2.imread(str(image_file), cv2.IMREAD_GRAYSCALE)
    if image is None or image.size == 0:
        raise WorldError(f"{file}: its image '{settings['image']}' is no picture that can be read (.pgm, .png)")
    if image.size > CELLS_AT_MOST:
        raise WorldError(f"{file}: its image has {image.size} cells; more than {CELLS_AT_MOST} are not read")
    shade = image.astype(np.float64) / 255.0
    return np.asarray(np.flipud(shade if settings.get("negate") else 1.0 - shade), dtype=np.float64)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
