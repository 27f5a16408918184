"""A recorded line: reads what a board once sent, a piece per read, and keeps what is written for comparison.

A recording has one line of JSON per piece, `[direction, hex]`, direction "in" from it or "out" to it.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

from firmware_bridge.transports.transport import Transport, TransportLost


class FileTransport:
    """Plays a recording. Raises TransportLost at its end."""

    def __init__(self, path: Path) -> None:
        """Read the recording. Raises ValueError where a line is none."""
        pieces = [_piece(path, number, line) for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)]
        self._incoming = deque(data for direction, data in pieces if direction == "in")
        self.expected = b"".join(data for direction, data in pieces if direction == "out")
        """What was written when the recording was made."""
        self.written = bytearray()

    def read(self) -> bytes:
        """As Transport."""
        if not self._incoming:
            raise TransportLost("the recording is at its end")
        return self._incoming.popleft()

    def write(self, data: bytes) -> None:
        """As Transport."""
        self.written += data

    def close(self) -> None:
        """As Transport."""


class RecordingTransport:
    """Passes everything through to another transport and writes it down."""

    def __init__(self, inner: Transport, path: Path) -> None:
        self._inner = inner
        self._file = path.open("w", encoding="utf-8")

    def read(self) -> bytes:
        """As Transport."""
        data = self._inner.read()
        self._note("in", data)
        return data

    def write(self, data: bytes) -> None:
        """As Transport."""
        self._inner.write(data)
        self._note("out", data)

    def close(self) -> None:
        """As Transport."""
        self._inner.close()
        self._file.close()

    def _note(self, direction: str, data: bytes) -> None:
        self._file.write(json.dumps([direction, data.hex()]) + "\n")


def _piece(path: Path, number: int, line: str) -> tuple[str, bytes]:
    try:
        direction, text = json.loads(line)
        data = bytes.fromhex(text)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}:{number}: not a piece of a recorded line ({error})") from error
    if direction not in ("in", "out"):
        raise ValueError(f"{path}:{number}: direction '{direction}' is neither 'in' nor 'out'")
    return direction, data
