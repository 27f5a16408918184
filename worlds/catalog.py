"""The homes that ship, by name, any other home by path, and the worlds of the suites by `suite:which:seed`."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from worlds.errors import WorldError, nearest
from worlds.load import load_file
from worlds.schema import World

HOMES = Path(__file__).resolve().parent / "homes"
DEFAULT_WORLD = "apartment"
IMPORTED = (".world", ".sdf")
SUITES = ("clutter", "hazards", "barn")


def list_worlds() -> tuple[str, ...]:
    """Names of the shipped homes, sorted."""
    return tuple(sorted(path.stem for path in HOMES.glob("*.yaml")))


def load_world(name_or_path: str | Path) -> World:
    """A shipped home by name, or the home in a file: anything with a slash or ending in .yaml or .yml is a path.
    Gazebo worlds (.world, .sdf) and ROS maps (.yaml with an image) are imported as they are read.

    `clutter:LEVEL:SEED`, `hazards:NAME:SEED` and `barn:FILE:INDEX` are worlds of the suites.

    Raises:
        WorldError: no such home or file, or the file is not a home; the text is one line.
    """
    text = str(name_or_path)
    if text.split(":")[0] in SUITES and ":" in text:
        return _of_suite(text)
    if text.endswith(IMPORTED) or _is_ros_map(text):
        return _imported(text)
    if isinstance(name_or_path, Path) or "/" in text or text.endswith((".yaml", ".yml")):
        return load_file(Path(name_or_path))
    if text not in list_worlds():
        raise WorldError(f"unknown world '{text}' {nearest(text, list_worlds(), 'shipped homes')}")
    return _shipped(text)


def _is_ros_map(text: str) -> bool:
    from worlds.importers.map_server import is_map

    return text.endswith((".yaml", ".yml")) and is_map(Path(text))


@cache
def _shipped(name: str) -> World:
    return load_file(HOMES / f"{name}.yaml")


@lru_cache(maxsize=16)
def _of_suite(name: str) -> World:
    from worlds.suites.barn import barn_world
    from worlds.suites.clutter import clutter_world
    from worlds.suites.hazards import hazard_world

    suite, _, rest = name.partition(":")
    which, _, number = rest.rpartition(":")
    if not which or not number.isdecimal() or (suite == "clutter" and not which.isdecimal()):
        wanted = {"clutter": "clutter:LEVEL:SEED", "hazards": "hazards:NAME:SEED", "barn": "barn:FILE:INDEX"}[suite]
        raise WorldError(f"unknown world '{name}' (it must look like {wanted})")
    if suite == "clutter":
        return clutter_world(int(which), int(number))
    return hazard_world(which, int(number)) if suite == "hazards" else barn_world(which, int(number))


@lru_cache(maxsize=16)
def _imported(file: str) -> World:
    from worlds.importers.convert import import_world

    return import_world(Path(file))
