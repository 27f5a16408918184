"""Bytes on the line to frames and back: COBS between zero delimiters, CRC-16 at the end, and a count of drops.

COBS (Cheshire and Baker, 1999) takes the zeros out of a frame at the cost of one byte, so a zero always means "a frame
ends here": after any damage the next frame is read again.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from firmware_bridge.protocol.description import load

MAX_BODY = load().framing.max_body
CRC_INITIAL = load().framing.crc_initial
DELIMITER = b"\x00"
MAX_ENCODED = MAX_BODY + 1  # COBS adds one byte to anything shorter than 254
CRC_SIZE = 2


def crc16(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of `data` (polynomial 0x1021, which is the one binascii knows)."""
    return binascii.crc_hqx(data, CRC_INITIAL)


def cobs_encode(data: bytes) -> bytes:
    """Return `data` (shorter than 254 bytes) without zeros."""
    out = bytearray()
    for block in data.split(b"\x00"):
        out.append(len(block) + 1)
        out += block
    return bytes(out)


def cobs_decode(data: bytes) -> bytes | None:
    """Return what `cobs_encode` made `data` from; None where it cannot have made it."""
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        block = data[at + 1 : at + code]
        if code == 0 or len(block) != code - 1:
            return None
        out += block
        at += code
        if at < len(data):
            out.append(0)
    return bytes(out)


def frame(body: bytes) -> bytes:
    """Return `body` (header and payload) as it goes on the line, with CRC and delimiters."""
    return DELIMITER + cobs_encode(body + crc16(body).to_bytes(CRC_SIZE, "little")) + DELIMITER


@dataclass
class FrameCounts:
    """What a reader has seen."""

    good: int = 0
    bad: int = 0
    """Frames dropped because of CRC, COBS or length. Bytes between two delimiters count as one frame."""


class FrameReader:
    """Cuts a byte stream into bodies. Takes any bytes in any pieces."""

    def __init__(self) -> None:
        self.counts = FrameCounts()
        self._open = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the bodies, without CRC, of the good frames that `data` completes."""
        bodies: list[bytes] = []
        *whole, rest = data.split(DELIMITER)
        for piece in whole:
            self._extend(piece)
            if self._open:
                self._close(bodies)
        self._extend(rest)
        return bodies

    def reset(self) -> None:
        """Forget a frame begun: the line was opened anew."""
        self._open.clear()

    def _extend(self, piece: bytes) -> None:
        self._open += piece[
            : MAX_ENCODED + 1 - len(self._open)
        ]  # one too many marks an oversize frame, no more is kept

    def _close(self, bodies: list[bytes]) -> None:
        body = None if len(self._open) > MAX_ENCODED else cobs_decode(bytes(self._open))
        self._open.clear()
        if (
            body is None
            or len(body) <= CRC_SIZE
            or crc16(body[:-CRC_SIZE]) != int.from_bytes(body[-CRC_SIZE:], "little")
        ):
            self.counts.bad += 1
            return
        self.counts.good += 1
        bodies.append(body[:-CRC_SIZE])
