"""`--node name=module:Class` and `--set row.key=value`: the dataclasses that hold the defaults check what is given."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Sequence
from typing import Any, get_type_hints

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from launch.errors import CallError, unknown
from robot.node import config_class, node_class
from robot.runtime.table import Row


def apply_overrides(rows: Sequence[Row], overrides: Iterable[str]) -> tuple[Row, ...]:
    """Return `rows` with each `row.key=value` applied. Raises CallError naming what is wrong with the first bad one."""
    changed = {row.name: row for row in rows}
    for override in overrides:
        path, separator, text = override.partition("=")
        name, dot, key = path.partition(".")
        if not separator or not dot:
            raise CallError(f"--set '{override}': must look like row.key=value, for instance follower.standoff_m=1.7")
        if name not in changed:
            raise unknown(f"row in --set '{override}':", name, changed)
        row = changed[name]
        if key == "rate_hz":  # of the row itself, not of its node's config
            changed[name] = dataclasses.replace(row, rate_hz=_number(text, override))
            continue
        config = row.config if row.config is not None else config_class(node_class(row.node))()
        changed[name] = dataclasses.replace(row, config=_with(config, key.split("."), text, override))
    return tuple(changed[row.name] for row in rows)


def with_nodes(rows: Sequence[Row], given: Iterable[str]) -> tuple[Row, ...]:
    """Return `rows` with nodes of one's own: each `name=module:Class` takes over the row of that name, or is one more.

    A config is kept where the new node takes the same kind.

    Raises:
        CallError: not of this form, or no such node, in one line.
    """
    given = tuple(given)
    if not given:
        return tuple(rows)  # as they are: a name that stands twice is for `resolve` to refuse
    table = {row.name: row for row in rows}
    for text in given:
        name, separator, path = text.partition("=")
        if not separator or not name or ":" not in path:
            raise CallError(f"--node '{text}': must look like name=module:Class, for instance follower=mine:Follower")
        try:
            cls = node_class(path)
            wanted = config_class(cls)
        except (ValueError, KeyError) as error:
            raise CallError(f"--node '{text}': {error}") from error
        old = table.get(name, Row(name, path))
        config = old.config if isinstance(old.config, wanted) else None
        kept = tuple(pair for pair in old.renames if pair[0] in (*cls.inputs, *cls.outputs))
        table[name] = dataclasses.replace(old, node=path, config=config, renames=kept)
    return tuple(table.values())


def _is_named_tuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _number(text: str, override: str) -> float:
    try:
        return msgspec.convert(YAML(typ="safe").load(text), float, strict=True)
    except (msgspec.ValidationError, YAMLError) as error:
        raise CallError(f"--set '{override}': {str(error).splitlines()[0]}") from error


def _with(config: Any, path: Sequence[str], text: str, override: str) -> Any:
    named = _is_named_tuple(config)
    fields = set(config._fields) if named else {field.name for field in dataclasses.fields(config)}
    replaced = config._replace if named else functools.partial(dataclasses.replace, config)
    if path[0] not in fields:
        raise unknown(f"key in --set '{override}':", path[0], fields)
    if len(path) > 1:
        inner = getattr(config, path[0])
        if not (dataclasses.is_dataclass(inner) or _is_named_tuple(inner)):
            raise CallError(f"--set '{override}': '{path[0]}' has no keys of its own")
        return replaced(**{path[0]: _with(inner, path[1:], text, override)})
    try:
        value = msgspec.convert(
            YAML(typ="safe").load(text), get_type_hints(type(config), include_extras=True)[path[0]], strict=True
        )
        return replaced(**{path[0]: value})
    except (msgspec.ValidationError, YAMLError, ValueError) as error:
        raise CallError(f"--set '{override}': {str(error).splitlines()[0]}") from error
