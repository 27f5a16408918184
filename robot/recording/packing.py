"""Makes large frames small without losing a bit: images as differences between neighbours, 16-bit data as byte planes.

Differences turn smooth shading into small numbers that zstd packs at a third of PNG's cost. The way a frame was
packed stands beside it, so unpacking needs no knowledge of the message it belongs to.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import zstandard
from numpy.typing import NDArray

from robot.codec import Buffer
from robot.messages import DepthImage, Image
from robot.node import Message

LEVEL = 1  # zstd: level 3 takes twice as long on rendered frames and gains nothing
FLAT_SHARE = 0.25  # a frame that packs to less than this as it is needs no differences
HEADER = struct.Struct("<BBHI")  # packing, bytes a pixel, bytes a row, bytes unpacked


class Packing(IntEnum):
    """How the bytes of a part are stored."""

    RAW = 0
    ZSTD = 1
    DIFFERENCES = 2  # each byte less its neighbours above and to the left, then zstd
    PLANES = 3  # low bytes, then high bytes, then zstd


@dataclass(frozen=True)
class Layout:
    """What the packer knows of an image frame."""

    packing: Packing
    pixel_bytes: int
    row_bytes: int


def layout_of(message: Message) -> Layout | None:
    """Return how the one array frame of `message` is laid out; None where it is not an image."""
    if not isinstance(message, Image | DepthImage) or message.data.ndim < 2 or message.data.size == 0:
        return None
    pixel = message.data.itemsize * int(np.prod(message.data.shape[2:]))
    packing = Packing.DIFFERENCES if isinstance(message, Image) else Packing.PLANES
    return Layout(packing, pixel, pixel * message.data.shape[1])


class Packer:
    """Packs and unpacks parts of a message."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)
        self._decompressor = zstandard.ZstdDecompressor()

    def pack(self, data: Buffer, layout: Layout | None) -> bytes:
        """Return header and stored bytes of `data`."""
        size = len(data)
        if layout is None:
            return self.raw_header(size) + data
        if layout.packing is Packing.PLANES:
            stored = self._compressor.compress(_split(data))
            return HEADER.pack(Packing.PLANES, 2, layout.row_bytes, size) + stored
        packing, stored = Packing.ZSTD, self._compressor.compress(data)
        if len(stored) > FLAT_SHARE * size:
            other = self._compressor.compress(_differences(data, layout))
            if len(other) < len(stored):
                packing, stored = Packing.DIFFERENCES, other
        return HEADER.pack(packing, layout.pixel_bytes, layout.row_bytes, size) + stored

    @staticmethod
    def raw_header(size: int) -> bytes:
        """Return the header of `size` bytes that are stored as they are."""
        return HEADER.pack(Packing.RAW, 0, 0, size)

    def unpack(self, part: Buffer) -> bytes:
        """Return the bytes that were packed. Raises ValueError, struct.error or ZstdError on a damaged part."""
        packing, pixel_bytes, row_bytes, size = HEADER.unpack_from(part)
        stored = memoryview(part)[HEADER.size :]
        if packing == Packing.RAW:
            return bytes(stored)
        data = self._decompressor.decompress(stored, max_output_size=size)
        if packing == Packing.DIFFERENCES:
            return _sums(data, Layout(Packing.DIFFERENCES, pixel_bytes, row_bytes))
        return _join(data) if packing == Packing.PLANES else data


def _differences(data: Buffer, layout: Layout) -> bytes:
    pixels = np.frombuffer(data, np.uint8).reshape(-1, layout.row_bytes // layout.pixel_bytes, layout.pixel_bytes)
    down = pixels.copy()
    down[1:] -= pixels[:-1]
    both = down.copy()
    both[:, 1:] -= down[:, :-1]
    return both.tobytes()


def _sums(data: Buffer, layout: Layout) -> bytes:
    both = np.frombuffer(data, np.uint8).reshape(-1, layout.row_bytes // layout.pixel_bytes, layout.pixel_bytes)
    down: NDArray[np.uint8] = np.add.accumulate(both, axis=1, dtype=np.uint8)
    return bytes(np.add.accumulate(down, axis=0, dtype=np.uint8).tobytes())


def _split(data: Buffer) -> bytes:
    values = np.frombuffer(data, np.uint8)
    return values[0::2].tobytes() + values[1::2].tobytes()


def _join(data: Buffer) -> bytes:
    values = np.frombuffer(data, np.uint8)
    joined = np.empty_like(values)
    joined[0::2], joined[1::2] = values[: len(values) // 2], values[len(values) // 2 :]
    return joined.tobytes()
