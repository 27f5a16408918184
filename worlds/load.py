"""A home file becomes a World, or one WorldError line that says which line of the file to mend and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from worlds.check import check
from worlds.errors import WorldError
from worlds.reader import Reader
from worlds.schema import World

_ROOT = Path(__file__).resolve().parent.parent


def load_file(path: Path) -> World:
    """The home described by a YAML file.

    Raises:
        WorldError: the file is missing, not YAML, or not a home; the text is one line.
    """
    source = display_name(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WorldError(f"{source}: no such file (a home is a YAML file; see docs/worlds.md)") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()
        raise WorldError(f"{source}: cannot be read: {reason}") from None
    return load_text(text, source)


def load_text(text: str, source: str) -> World:
    """The home described by YAML `text`; `source` names it in errors."""
    tree = _parse(text, source)
    if not isinstance(tree, CommentedMap):
        kind = "empty" if tree is None else "not a mapping"
        raise WorldError(f"{source}:1: a home starts with keys such as 'name:' and 'rooms:', this file is {kind}")
    reader = Reader(source)
    world: World = reader.record(World, tree, ())
    check(world, reader)
    return world


def display_name(path: Path) -> str:
    """The path as a person would type it: from the project's folder if it lies inside."""
    resolved = path.resolve()
    return str(resolved.relative_to(_ROOT)) if resolved.is_relative_to(_ROOT) else str(path)


def _parse(text: str, source: str) -> Any:
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        problem = " ".join(str(error.problem or error.context).split("\n")[0].split())
        raise WorldError(f"{source}:{line}: not valid YAML: {problem}") from None
    except (YAMLError, ValueError) as error:
        raise WorldError(f"{source}:1: not valid YAML: {' '.join(str(error).split())}") from None
