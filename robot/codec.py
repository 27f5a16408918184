"""Messages to bytes and back: msgpack for the fields, raw buffers in extra frames for large arrays, without copies.

An array field becomes `[where, dtype, shape]` in the msgpack body: `where` is the array's bytes, or for a large one the
number of the frame that holds them (a frame costs more than copying a scan, and less than copying an image). Decoded
arrays are read-only.
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
LARGE = 1 << 14  # bytes; from here on an array has a frame of its own (and images are packed small in logs)
_envelope_encoder = msgspec.msgpack.Encoder()
_envelope_decoder = msgspec.msgpack.Decoder(Envelope)


class MessageCodec:
    """Encodes and decodes one message type."""

    def __init__(self, message_type: type[Message]) -> None:
        self._out: list[Buffer] = []  # the large arrays of the message in hand
        self._in: Sequence[Buffer] = ()
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._array_out)
        self._decoder = msgspec.msgpack.Decoder(message_type, dec_hook=self._array_in)

    def encode(self, message: Message) -> list[Buffer]:
        """Return the frames of `message`: the msgpack body, then one buffer per large array."""
        self._out = []
        body = self._encoder.encode(message)
        return [body, *self._out]

    def decode(self, frames: Sequence[Buffer]) -> Any:
        """Return the message in `frames`. Raises msgspec.DecodeError or ValidationError when they hold none."""
        self._in = frames
        message = self._decoder.decode(frames[0])
        self._in = ()  # the message holds what it needs; nothing else keeps an image alive
        return message

    def _array_out(self, value: object) -> Any:
        if type(value) is not np.ndarray:
            return _plain(value)
        if value.nbytes < LARGE:
            return [value.data if value.flags.c_contiguous else value.tobytes(), value.dtype.str, value.shape]
        array = _frozen(value)
        flat = array.ndim == 1 and array.itemsize == 1
        self._out.append(array.data if flat else array.data.cast("B"))
        return [len(self._out), array.dtype.str, array.shape]

    def _array_in(self, _type: type, described: list[Any]) -> NDArray[Any]:
        where, dtype, shape = described
        if type(where) is bytes:
            return np.ndarray(shape, _dtype(dtype), where)
        array: NDArray[Any] = np.ndarray(shape, _dtype(dtype), self._in[where])
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
