"""What a transport is. Reading never waits; a line that is gone says so and is opened anew by whoever owns it."""

from __future__ import annotations

from typing import Protocol


class TransportLost(ConnectionError):
    """The line is gone: cable pulled, device away, file at its end."""


class Transport(Protocol):
    """Bytes in, bytes out."""

    def read(self) -> bytes:
        """Return what came since the last call, at once, also when that is nothing. Raises TransportLost."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises TransportLost."""

    def close(self) -> None:
        """Release the line. May be called twice."""
