"""Messages to bytes and back: msgpack for the fields, raw buffers in extra frames for arrays, without copies.

An array field becomes `[frame index, dtype, shape]` in the msgpack body; decoded arrays are read-only views of the
frame they came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.node import Envelope, Message

Buffer = bytes | memoryview
_envelope_encoder = msgspec.msgpack.Encoder()
_envelope_decoder = msgspec.msgpack.Decoder(Envelope)


class MessageCodec:
    """Encodes and decodes one message type."""

    def __init__(self, message_type: type[Message]) -> None:
        self._frames: list[Buffer] = []
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._array_out)
        self._decoder = msgspec.msgpack.Decoder(message_type, dec_hook=self._array_in)

    def encode(self, message: Message) -> list[Buffer]:
        """Return the frames of `message`: the msgpack body, then one buffer per array field."""
        self._frames = []
        body = self._encoder.encode(message)
        return [body, *self._frames]

    def decode(self, frames: Sequence[Buffer]) -> Any:
        """Return the message in `frames`. Raises msgspec.DecodeError or ValidationError when they hold none."""
        self._frames = list(frames[1:])
        return self._decoder.decode(frames[0])

    def _array_out(self, value: object) -> Any:
        if isinstance(value, np.generic):
            return value.item()
        if not isinstance(value, np.ndarray):
            raise TypeError(f"cannot encode {type(value).__name__}")
        contiguous = _frozen(np.ascontiguousarray(value))
        self._frames.append(contiguous.data.cast("B") if contiguous.size else b"")
        return [len(self._frames) - 1, contiguous.dtype.str, contiguous.shape]

    def _array_in(self, _type: type, described: list[Any]) -> NDArray[Any]:
        index, dtype, shape = described
        array = np.frombuffer(self._frames[index], dtype=dtype).reshape(shape)
        array.flags.writeable = False
        return array


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array` so that nobody can change it any more: it is sent without a copy, maybe after the step is over.

    An array that owns its memory is made read-only (a node that reuses it then fails loudly); a view of writable
    memory is copied.
    """
    if array.flags.writeable:
        if not array.flags.owndata:
            array = array.copy()
        array.flags.writeable = False
    return array


def encode_envelope(envelope: Envelope) -> bytes:
    """Return the envelope as msgpack."""
    return _envelope_encoder.encode(envelope)


def decode_envelope(data: Buffer) -> Envelope:
    """Return the envelope in `data`. Raises msgspec.DecodeError when there is none."""
    return _envelope_decoder.decode(data)
