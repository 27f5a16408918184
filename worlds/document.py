"""Prints docs/worlds.md from the schema itself (`python -m worlds.document > docs/worlds.md`); a test compares."""

from __future__ import annotations

import math
import types
from dataclasses import MISSING, Field
from typing import Any, Union, get_args, get_origin

from worlds.clutter import CLUTTER
from worlds.colors import PALETTE
from worlds.furniture.kinds import FURNITURE
from worlds.option import Spec
from worlds.reader import schema_of
from worlds.schema import NOUNS
from worlds.steps import STEPS, Step

INTRO = """# Homes as files

<!-- Made by `python -m worlds.document`; edit the docstrings and options in worlds/schema.py and worlds/steps.py. -->

A home is one YAML file: rooms with what stands and lies in them, doors, people with scripts, robots. Six ship in
`worlds/homes/`; `launch sim follow_me --world FILE` takes any other. `launch worlds render FILE` draws it from above.

Reading is strict. An unknown key, a wrong type, a value out of range, a door between rooms that do not touch: each is
one line that names the file, the line in it, what is wrong and what would be right:

    worlds/flat.yaml:14: unknown key 'furnture' in room 'kitchen' (did you mean 'furniture'?)

Metres, and degrees where a key ends in `_deg`. The map frame has x east, y north, z up. **Everything written inside a
room is in that room's frame**: origin at its south-west corner, on the centre line of the walls, axes as in map.
Everything else is in map. Colours are a palette name or `"#rrggbb"`.

A small home that can be followed in:

```yaml
name: two_rooms
rooms:
  - name: living
    x: 0
    y: 0
    width: 5
    depth: 4
    furniture:
      - {kind: sofa, against: west, along: 2.0}
      - {kind: coffee_table, at: [1.9, 2.0]}
    clutter:
      - {kind: shoes, at: [4.5, 0.5]}
  - {name: bedroom, x: 5, y: 0, width: 4, depth: 4}
doors:
  - {between: [living, bedroom], at: 2.0}
people:
  - name: alex
    role: followed
    at: [3.5, 3.0]
    script:
      - stop: {seconds: 2}
      - walk: {to: bedroom, speed: 0.7}
robots:
  - {kind: rover, at: [3.5, 1.0], yaw_deg: 90}
```

## Field by field
"""


def document() -> str:
    """The whole text of docs/worlds.md."""
    parts = [INTRO]
    parts += [_table(f"### {noun}", cls) for cls, noun in NOUNS.items()]
    parts.append(
        "## Steps of a script\n\nEach step is one word with its options: `- walk: {to: kitchen, speed: 0.7}`.\n"
    )
    parts += [_table(f"### {word}", cls) for word, cls in STEPS.items()]
    parts += [_furniture(), _clutter(), _colors()]
    return "\n".join(parts)


def _table(title: str, cls: type) -> str:
    lines = [title, "", (cls.__doc__ or "").strip(), "", "| key | is | default | meaning |", "|---|---|---|---|"]
    lines += [_row(field, hint, spec) for field, hint, spec in schema_of(cls)]
    return "\n".join(lines) + "\n"


def _row(field: Field[Any], hint: Any, spec: Spec) -> str:
    default = "required" if field.default is MISSING else _default(field.default, spec)
    return f"| `{field.name}` | {_type(hint, spec)} | {default} | {spec.doc} |"


def _type(hint: Any, spec: Spec) -> str:
    """The type in words, with unit and range."""
    if spec.is_color:
        return "colour"
    if len(spec.choices) > 8:
        return "one of the kinds below"
    if spec.choices:
        return " or ".join(f"`{word}`" for word in spec.choices if word)
    finite = math.isfinite(spec.low) and math.isfinite(spec.high)
    span = f", {spec.low:g} to {spec.high:g}" if finite else ""
    unit = f", {spec.unit}" if spec.unit else ""
    return f"{_words(hint)}{unit}{span}"


def _words(hint: Any) -> str:
    """A type as a reader of YAML would call it."""
    if hint == Step:
        return "step"
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_words(kind) for kind in get_args(hint) if kind is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return f"list of {_words(inner[0])}"
        return f"[{', '.join(_words(kind) for kind in inner)}]"
    return NOUNS.get(hint) or {str: "text", bool: "true or false", int: "whole number", float: "number"}[hint]


def _default(value: Any, spec: Spec) -> str:
    if spec.is_color and value is not None:
        return "#" + "".join(f"{round(255 * channel):02x}" for channel in value[:3])
    if value is None or value in ("", ()):
        return "none"
    return f"{str(value).lower()}" if isinstance(value, bool) else f"{value}"


def _furniture() -> str:
    lines = ["## Kinds of furniture", "", "Width is side to side, depth front to back.", ""]
    lines += ["| kind | width x depth x height, m | colour | |", "|---|---|---|---|"]
    for name in sorted(FURNITURE):
        kind = FURNITURE[name]
        size = f"{kind.width:g} x {kind.depth:g} x {kind.height:g}"
        lines.append(f"| `{name}` | {size} | {kind.color} | {_summary(kind.build)} |")
    return "\n".join(lines) + "\n"


def _clutter() -> str:
    lines = ["## Kinds of clutter", "", "| kind | floor it may cover (radius, m) | colour | |", "|---|---|---|---|"]
    for name in sorted(CLUTTER):
        kind = CLUTTER[name]
        lines.append(f"| `{name}` | {kind.radius:g} | {kind.color} | {_summary(kind.build)} |")
    return "\n".join(lines) + "\n"


def _summary(builder: Any) -> str:
    return " ".join(str(builder.__doc__).split())


def _colors() -> str:
    names = ", ".join(f"`{name}` {code}" for name, code in PALETTE.items())
    return f"## Colours\n\n{names}\n"


if __name__ == "__main__":
    print(document(), end="")
