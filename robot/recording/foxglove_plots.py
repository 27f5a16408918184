"""Plain numbers for Foxglove's plot and state panels: small messages as JSON (inf and NaN become null)."""

from __future__ import annotations

import msgspec

from robot.node import Message

_encoder = msgspec.json.Encoder()


def plain(message: Message, t_ns: int) -> bytes:
    """Return `message` as JSON; it has no arrays and carries its own stamp."""
    return _encoder.encode(message)
