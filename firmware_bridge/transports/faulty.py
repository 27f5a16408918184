"""A bad line around a good one: drops, corrupts, repeats, reorders and delays bytes, each with its own probability."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from numpy.random import Generator

from firmware_bridge.transports.transport import Transport


@dataclass(frozen=True)
class LineFaults:
    """What the line does to each byte, in both directions. Probabilities per byte."""

    drop: float = 0.0
    corrupt: float = 0.0  # one bit flips
    repeat: float = 0.0
    reorder: float = 0.0  # the byte changes places with the next
    delay_reads: int = 0  # every byte is kept back for as many reads


class FaultyTransport:
    """Passes bytes on to `inner`, not all of them and not as they were."""

    def __init__(self, inner: Transport, faults: LineFaults, rng: Generator) -> None:
        self._inner = inner
        self._rng = rng
        self.faults = faults
        """May be replaced at any time: a line gets worse and better."""
        self.harmed = 0
        """Bytes dropped, changed, repeated or moved so far."""
        self._in: deque[bytes] = deque()
        self._out: deque[bytes] = deque()

    def read(self) -> bytes:
        """As Transport. Also the moment at which delayed bytes move on."""
        self._in.append(self._harm(self._inner.read()))
        out = self._due(self._out)
        if out:
            self._inner.write(out)
        return self._due(self._in)

    def write(self, data: bytes) -> None:
        """As Transport."""
        harmed = self._harm(data)
        if self.faults.delay_reads:
            self._out.append(harmed)
        else:
            self._inner.write(self._due(self._out) + harmed)

    def close(self) -> None:
        """As Transport."""
        self._inner.close()

    def _due(self, queue: deque[bytes]) -> bytes:
        return b"".join(queue.popleft() for _ in range(len(queue) - self.faults.delay_reads))

    def _harm(self, data: bytes) -> bytes:
        faults = self.faults
        total = faults.drop + faults.corrupt + faults.repeat + faults.reorder
        if not data or not total:
            return data
        fates = self._rng.random(len(data))
        bits = self._rng.integers(0, 8, len(data))
        out = bytearray()
        kept: int | None = None  # a byte that lets the next one pass
        for byte, fate, bit in zip(data, fates, bits, strict=True):
            done = self._fate(byte, float(fate), int(bit))
            self.harmed += fate < total
            if kept is None and total > fate >= total - faults.reorder:
                kept = byte
                continue
            out += done
            if kept is not None:
                out.append(kept)
                kept = None
        if kept is not None:
            out.append(kept)
        return bytes(out)

    def _fate(self, byte: int, fate: float, bit: int) -> bytes:
        faults = self.faults
        if fate < faults.drop:
            return b""
        if fate < faults.drop + faults.corrupt:
            return bytes((byte ^ 1 << bit,))
        if fate < faults.drop + faults.corrupt + faults.repeat:
            return bytes((byte, byte))
        return bytes((byte,))
