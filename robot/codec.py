"""Messages to bytes and back: msgpack for the fields, raw buffers in extra frames for arrays, without copies.

An array field becomes `[frame index, dtype, shape]` in the msgpack body; decoded arrays are read-only views of the
frame they came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
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
        self._out: list[Buffer] = []
        self._in: Sequence[Buffer] = ()
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._array_out)
        self._decoder = msgspec.msgpack.Decoder(message_type, dec_hook=self._array_in)

    def encode(self, message: Message) -> list[Buffer]:
        """Return the frames of `message`: the msgpack body, then one buffer per array field."""
        frames: list[Buffer] = [b""]
        self._out = frames
        frames[0] = self._encoder.encode(message)
        self._out = []
        return frames

    def decode(self, frames: Sequence[Buffer]) -> Any:
        """Return the message in `frames`. Raises msgspec.DecodeError or ValidationError when they hold none."""
        self._in = frames[1:]
        message = self._decoder.decode(frames[0])
        self._in = ()  # the message holds what it needs; nothing else keeps an image alive
        return message

    def _array_out(self, value: object) -> Any:
        if type(value) is not np.ndarray:
            return _plain(value)
        array = _frozen(value)
        flat = array.ndim == 1 and array.itemsize == 1
        self._out.append((array.data if flat else array.data.cast("B")) if array.size else b"")
        return [len(self._out) - 2, array.dtype.str, array.shape]

    def _array_in(self, _type: type, described: list[Any]) -> NDArray[Any]:
        index, dtype, shape = described
        array: NDArray[Any] = np.ndarray(shape, _dtype(dtype), self._in[index])
        if array.flags.writeable:
            array.flags.writeable = False
        return array


@cache
def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(name)


def _plain(value: object) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"cannot encode {type(value).__name__}")


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array`, contiguous, so that nobody can change it any more: it is sent without a copy, maybe later.

    An array that owns its memory is made read-only (a node that reuses it then fails loudly); a view of writable
    memory is copied.
    """
    flags = array.flags
    if not flags.c_contiguous or (flags.writeable and not flags.owndata):
        array = array.copy(order="C")
    elif not flags.writeable:
        return array
    array.setflags(write=False)
    return array


def encode_envelope(envelope: Envelope) -> bytes:
    """Return the envelope as msgpack."""
    return _envelope_encoder.encode(envelope)


def decode_envelope(data: Buffer) -> Envelope:
    """Return the envelope in `data`. Raises msgspec.DecodeError when there is none."""
    return _envelope_decoder.decode(data)
