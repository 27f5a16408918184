"""The homes that ship, by name, and any other home by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from worlds.errors import WorldError, nearest
from worlds.load import load_file
from worlds.schema import World

HOMES = Path(__file__).resolve().parent / "homes"
DEFAULT_WORLD = "apartment"


def list_worlds() -> tuple[str, ...]:
    """Names of the shipped homes, sorted."""
    return tuple(sorted(path.stem for path in HOMES.glob("*.yaml")))


def load_world(name_or_path: str | Path) -> World:
    """A shipped home by name, or the home in a file: anything with a slash or ending in .yaml or .yml is a path.

    Raises:
        WorldError: no such home or file, or the file is not a home; the text is one line.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or text.endswith((".yaml", ".yml")):
        return load_file(Path(name_or_path))
    if text not in list_worlds():
        raise WorldError(f"unknown world '{text}' {nearest(text, list_worlds(), 'shipped homes')}")
    return _shipped(text)


@cache
def _shipped(name: str) -> World:
    return load_file(HOMES / f"{name}.yaml")
