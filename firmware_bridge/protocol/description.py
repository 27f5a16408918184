"""Reads `protocol.yaml`: what messages there are, what their bytes mean, and the hash that is the protocol's version.

The hash covers the meaning (names, types, numbers, order) and not the comments, so a better explanation does not force
anybody to flash a board.
"""

from __future__ import annotations

import hashlib
import struct
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from ruamel.yaml import YAML

WIRE = {"u8": "B", "i8": "b", "u16": "H", "i16": "h", "u32": "I", "i32": "i"}
"""struct's letter of each wire type."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One integer, or `count` of them."""

    name: str
    type: Literal["u8", "i8", "u16", "i16", "u32", "i32"]
    doc: str
    count: int = 1


class MessageKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message: its id, who sends it and its fields in wire order."""

    id: int
    sender: Literal["host", "board"] = msgspec.field(name="from")
    doc: str
    fields: tuple[Field, ...]

    def layout(self) -> struct.Struct:
        """Return how the payload lies in bytes."""
        return layout(self.fields)


class Framing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a frame lies on the line."""

    baud: int
    delimiter: int
    max_body: int
    crc_polynomial: int
    crc_initial: int
    header: tuple[Field, ...]


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `protocol.yaml`."""

    framing: Framing
    joints: int
    unknown: dict[str, int]
    enums: dict[str, dict[str, int]]
    bits: dict[str, dict[str, int]]
    messages: dict[str, MessageKind]

    @property
    def version(self) -> int:
        """The first four bytes of the hash, as Hello and Welcome carry it."""
        return int.from_bytes(hashlib.sha256(self._meaning()).digest()[:4], "big")

    def code(self, enum: str, name: str) -> int:
        """Return the number of `name` in `enum`. Raises KeyError where there is none."""
        return self.enums[enum][name]

    def name(self, enum: str, code: int) -> str:
        """Return the name of `code` in `enum`, or its number in words where another version is heard."""
        return next((name for name, number in self.enums[enum].items() if number == code), f"unknown {code}")

    def bit_names(self, bits: str, mask: int) -> tuple[str, ...]:
        """Return the names of the bits set in `mask`, in the order of the description."""
        return tuple(name for name, bit in self.bits[bits].items() if mask >> bit & 1)

    def mask(self, bits: str, *names: str) -> int:
        """Return the mask of `names`; of all bits where none is given."""
        return sum(1 << self.bits[bits][name] for name in names or self.bits[bits])

    def _meaning(self) -> bytes:
        return msgspec.json.encode(_without_docs(msgspec.to_builtins(self)), order="deterministic")


def layout(fields: tuple[Field, ...]) -> struct.Struct:
    """Return how `fields` lie in bytes: little-endian, packed."""
    return struct.Struct("<" + "".join(f"{field.count}{WIRE[field.type]}" for field in fields))


def parse(text: str) -> Protocol:
    """Return the protocol that `text` describes.

    Raises:
        msgspec.ValidationError: a key or type that nobody reads.
        ValueError: a number used twice, or a message longer than a frame.
    """
    protocol = msgspec.convert(YAML(typ="safe", pure=True).load(text), Protocol)
    _check(protocol)
    return protocol


@cache
def load() -> Protocol:
    """Return the protocol of this repository."""
    return parse(files("firmware_bridge.protocol").joinpath("protocol.yaml").read_text("utf-8"))


def _check(protocol: Protocol) -> None:
    ids = [kind.id for kind in protocol.messages.values()]
    for what, numbers in (("message id", ids), *((f"enum {n}", list(e.values())) for n, e in protocol.enums.items())):
        if len(set(numbers)) != len(numbers):
            raise ValueError(f"protocol.yaml: a number is used twice: {what}")
    overhead = layout(protocol.framing.header).size + 2
    for name, kind in protocol.messages.items():
        if kind.layout().size + overhead > protocol.framing.max_body:
            raise ValueError(f"protocol.yaml: message {name} is longer than max_body")


def _without_docs(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_docs(item) for key, item in value.items() if key != "doc"}
    return [_without_docs(item) for item in value] if isinstance(value, list | tuple) else value
