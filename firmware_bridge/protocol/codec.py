"""Messages of the protocol to bytes and back; values are the wire's integers, under the names of `protocol.yaml`."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from firmware_bridge.protocol.description import Field, Protocol, layout, load
from firmware_bridge.protocol.framing import frame

Value = int | tuple[int, ...]


class CodecError(ValueError):
    """A message that the description does not allow."""


@dataclass(frozen=True)
class Packet:
    """One message as it came: its name, the sender's number and its fields."""

    name: str
    seq: int
    fields: Mapping[str, Value]

    def number(self, field: str) -> int:
        """Return a field that is one integer. Raises KeyError or TypeError where it is not."""
        value = self.fields[field]
        if not isinstance(value, int):
            raise TypeError(f"{self.name}.{field} is an array")
        return value

    def numbers(self, field: str) -> tuple[int, ...]:
        """Return a field that is an array. Raises KeyError or TypeError where it is not."""
        value = self.fields[field]
        if isinstance(value, int):
            raise TypeError(f"{self.name}.{field} is one number")
        return value


class Codec:
    """Encodes and decodes every message of `protocol`, whoever sends it."""

    def __init__(self, protocol: Protocol | None = None) -> None:
        self.protocol = protocol or load()
        self._header = layout(self.protocol.framing.header)
        self._kinds = {name: (kind.id, kind.fields, kind.layout()) for name, kind in self.protocol.messages.items()}
        self._names = {kind.id: name for name, kind in self.protocol.messages.items()}

    def encode(self, name: str, seq: int, **fields: Value) -> bytes:
        """Return the frame of a message. Raises CodecError where a field is missing, unknown or does not fit."""
        number, described, form = self._kinds[name]
        if set(fields) != {field.name for field in described}:
            raise CodecError(f"{name} has the fields {', '.join(field.name for field in described) or '(none)'}")
        values = [value for field in described for value in _flat(name, field, fields[field.name])]
        try:
            payload = form.pack(*values)
        except struct.error as error:
            raise CodecError(f"{name}: {error}") from error
        return frame(self._header.pack(number, seq & 0xFFFF) + payload)

    def decode(self, body: bytes) -> Packet | None:
        """Return the message in a body whose CRC was right; None where no message has this id and length."""
        if len(body) < self._header.size:
            return None
        number, seq = self._header.unpack_from(body)
        name = self._names.get(number)
        if name is None:
            return None
        _, described, form = self._kinds[name]
        if len(body) != self._header.size + form.size:
            return None
        return Packet(name, seq, _named(described, form.unpack_from(body, self._header.size)))


def _flat(message: str, field: Field, value: Value) -> tuple[int, ...]:
    values = value if isinstance(value, tuple) else (value,)
    if len(values) != field.count or not all(isinstance(item, int) for item in values):
        raise CodecError(f"{message}.{field.name} holds {field.count} integers")
    return values


def _named(described: tuple[Field, ...], values: tuple[int, ...]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    at = 0
    for field in described:
        fields[field.name] = values[at] if field.count == 1 else values[at : at + field.count]
        at += field.count
    return fields
