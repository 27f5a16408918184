"""One commit as the bytes of one MCAP message, for exact replay: the parts (envelope, body, large arrays) in a row.

Layout, little-endian: number of parts (u8), their lengths (u32 each), the parts. Every part opens with how it was
packed (packing.py).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np

from robot.codec import Buffer
from robot.node import Message
from robot.recording.packing import HEADER, Packer, layout_of
from robot.runtime.commit import Commit

ENCODING = "housemate"  # MCAP message encoding of native channels
_LENGTHS_OF_TWO = struct.Struct("<BII")


class MessageSchema(NamedTuple):
    """The schema of a message type as an MCAP file holds it."""

    name: str
    encoding: str
    data: bytes


def schema_of(message_type: type[Message]) -> MessageSchema:
    """Return a JSON schema of `message_type`; an array appears as what codec.py puts in its place."""
    schema = msgspec.json.schema(message_type, schema_hook=_array_schema)
    return MessageSchema(message_type.__name__, "jsonschema", msgspec.json.encode(schema, order="deterministic"))


def encode(commit: Commit, packer: Packer) -> bytes:
    """Return the bytes of `commit`."""
    body, *arrays = commit.frames
    if not arrays:  # most messages, in one go
        envelope, size = commit.envelope_bytes, HEADER.size
        lengths = _LENGTHS_OF_TWO.pack(2, size + len(envelope), size + len(body))
        return b"".join((lengths, packer.raw_header(len(envelope)), envelope, packer.raw_header(len(body)), body))
    layout = layout_of(commit.message)
    parts = [packer.pack(commit.envelope_bytes, None), packer.pack(body, None)]
    parts += [packer.pack(frame, layout) for frame in arrays]
    return struct.pack(f"<B{len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts)


def decode(data: Buffer, packer: Packer) -> tuple[bytes, list[bytes]]:
    """Return the envelope's bytes and the frames. Raises ValueError or struct.error on damaged data."""
    (count,) = struct.unpack_from("<B", data)
    lengths: Sequence[int] = struct.unpack_from(f"<{count}I", data, 1)
    view, start, parts = memoryview(data), 1 + 4 * count, []
    for length in lengths:
        parts.append(packer.unpack(view[start : start + length]))
        start += length
    return parts[0], parts[1:]


def _array_schema(described: type[Any]) -> dict[str, Any]:
    """Describe what msgspec has no schema for; by its protocol, NotImplementedError hands back what we do not know."""
    if described is not np.ndarray:
        raise NotImplementedError(f"no schema for {described}")
    return {"description": "array: [its bytes or the number of the frame they are in, dtype, shape]", "type": "array"}
