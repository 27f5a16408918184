"""Strict YAML into the schema's dataclasses: every value is checked against its field's type and `Spec`, and every
complaint is one line with the file's name and the line number. It remembers lines for checks that come later."""

from __future__ import annotations

import math
import types
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from worlds.colors import PALETTE, parse_color
from worlds.errors import WorldError, nearest
from worlds.option import Spec
from worlds.schema import NOUNS
from worlds.steps import STEPS, Step

Trail = tuple[str | int, ...]
_NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


@cache
def schema_of(cls: type) -> tuple[tuple[Field[Any], Any, Spec], ...]:
    """Field, resolved type and spec of every option of a schema class, in order."""
    hints = get_type_hints(cls)
    return tuple((field, hints[field.name], field.metadata["spec"]) for field in fields(cls))


class Reader:
    """Reads one file's tree. `lines` maps a trail such as ("rooms", 0, "width") to the line it stands on."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Trail, int] = {}

    def fail(self, line: int, message: str) -> NoReturn:
        """Raise the one-line error for this file."""
        raise WorldError(f"{self.source}:{line}: {message}")

    def line_of(self, trail: Trail) -> int:
        """The line of a trail, or of the nearest thing around it that the file spells out."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.lines.get(trail, 1)

    def _mark(self, trail: Trail, node: CommentedMap | CommentedSeq, key: str | int) -> None:
        """Remember the line of a key or item; what a YAML merge brought in has none of its own."""
        if key in (node.lc.data or {}):
            self.lines[trail] = node.lc.data[key][0] + 1

    def record(self, cls: type, node: Any, trail: Trail) -> Any:
        """An instance of schema class `cls` from a mapping."""
        label = _label(cls, node)
        if not isinstance(node, CommentedMap):
            self.fail(self.line_of(trail), f"{label} must be a mapping of keys to values, not {_said(node)}")
        known = {field.name for field, _, _ in schema_of(cls)}
        for key in node:
            self._mark((*trail, key), node, key)
            if key not in known:
                hint = nearest(str(key), known, "keys here")
                self.fail(self.line_of((*trail, key)), f"unknown key '{key}' in {label} {hint}")
        values = {}
        for field, hint, spec in schema_of(cls):
            if field.name in node:
                values[field.name] = self.value(hint, spec, node[field.name], (*trail, field.name), label)
            elif field.default is MISSING:
                unit = f", in {spec.unit}" if spec.unit else ""
                self.fail(self.line_of(trail), f"{label} lacks '{field.name}' ({spec.doc}{unit})")
        return cls(**values)

    def value(self, hint: Any, spec: Spec, node: Any, trail: Trail, label: str) -> Any:
        """One field's value of the type `hint`."""
        if spec.is_color:
            return self._color(node, trail, label)
        if hint == Step:
            return self._step(node, trail, label)
        if isinstance(hint, type) and hint in NOUNS:
            return self.record(hint, node, trail)
        if get_origin(hint) is tuple:
            return self._sequence(hint, spec, node, trail, label)
        if get_origin(hint) in (Union, types.UnionType):
            return self._either(hint, spec, node, trail, label)
        return self._plain(hint, spec, node, trail, label)

    def _sequence(self, hint: Any, spec: Spec, node: Any, trail: Trail, label: str) -> tuple[Any, ...]:
        inner = get_args(hint)
        endless = len(inner) == 2 and inner[1] is Ellipsis
        wanted = "a list" if endless else f"a list of {len(inner)}"
        if not isinstance(node, CommentedSeq) or not (endless or len(node) == len(inner)):
            self.fail(self.line_of(trail), f"{_key(trail)} in {label} must be {wanted}, not {_said(node)}")
        result = []
        for index, item in enumerate(node):
            self._mark((*trail, index), node, index)
            item_hint = inner[0] if endless else inner[index]
            result.append(self.value(item_hint, spec, item, (*trail, index), label))
        return tuple(result)

    def _either(self, hint: Any, spec: Spec, node: Any, trail: Trail, label: str) -> Any:
        """A union is either optional, or text or a point."""
        options = [kind for kind in get_args(hint) if kind is not type(None)]
        if node is None and len(options) < len(get_args(hint)):
            return None
        if str in options and isinstance(node, str):
            return str(node)
        return self.value(options[-1], spec, node, trail, label)

    def _plain(self, hint: Any, spec: Spec, node: Any, trail: Trail, label: str) -> Any:
        line, key = self.line_of(trail), _key(trail)
        if hint is float and isinstance(node, int) and not isinstance(node, bool):
            node = float(node)
        wrong_bool = isinstance(node, bool) and hint is not bool
        if wrong_bool or not isinstance(node, hint) or (hint is float and not math.isfinite(node)):
            unit = f" in {spec.unit}" if spec.unit else ""
            self.fail(line, f"{key} in {label} must be {_NAMES[hint]}{unit}, not {_said(node)}")
        if hint in (int, float) and not spec.low <= node <= spec.high:
            span = f"{spec.low:g} to {spec.high:g}{' ' + spec.unit if spec.unit else ''}"
            self.fail(line, f"{key} in {label} is {node:g}, but must be {span}")
        if hint is str and spec.choices and node not in spec.choices:
            hint_text = nearest(node, (word for word in spec.choices if word), "known")
            self.fail(line, f"{key} in {label} is unknown: '{node}' {hint_text}")
        return hint(node)

    def _color(self, node: Any, trail: Trail, label: str) -> Any:
        try:
            return parse_color(node)
        except (KeyError, TypeError):
            hint = nearest(str(node), PALETTE, "known")
            message = f'{_key(trail)} in {label} is not a colour: {_said(node)} {hint[:-1]}, or write "#rrggbb")'
            self.fail(self.line_of(trail), message)

    def _step(self, node: Any, trail: Trail, label: str) -> Any:
        """`{walk: {to: kitchen}}`: a mapping of exactly one known step to its options."""
        line = self.line_of(trail)
        if not isinstance(node, dict) or len(node) != 1:
            example = "'- walk: {to: kitchen}'"
            self.fail(
                line, f"a step in {label} must be one word with its options, such as {example}, not {_said(node)}"
            )
        word, options = next(iter(node.items()))
        if word not in STEPS:
            self.fail(line, f"unknown step '{word}' in {label} {nearest(str(word), STEPS, 'steps')}")
        if options is None:
            options = CommentedMap()
        return self.record(STEPS[word], options, (*trail, word))


def _key(trail: Trail) -> str:
    """The key a trail ends in, with the index inside a list."""
    last = trail[-1]
    return f"'{last}'" if isinstance(last, str) else f"'{trail[-2]}' item {last + 1}"


def _label(cls: type, node: Any) -> str:
    noun = NOUNS.get(cls) or "step '" + next(word for word, step in STEPS.items() if step is cls) + "'"
    if isinstance(node, dict):
        for key in ("name", "kind"):
            if isinstance(node.get(key), str):
                return f"{noun} '{node[key]}'"
    return noun


def _said(node: Any) -> str:
    """What the file says instead, in words."""
    if node is None:
        return "nothing"
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, str):
        return f"the text '{node}'".replace("\n", " ")
    if isinstance(node, list):
        return f"a list of {len(node)}"
    return "a mapping" if isinstance(node, dict) else f"{node}"
