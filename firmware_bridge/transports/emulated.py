"""The line to an emulated board: bytes move when the board is given time, and never by themselves."""

from __future__ import annotations

from typing import Protocol

from firmware_bridge.transports.transport import TransportLost


class ByteBoard(Protocol):
    """What the line needs of a board."""

    def read(self) -> bytes:
        """Return what the board has sent since the last call."""

    def write(self, data: bytes) -> int:
        """Put bytes on the line to the board."""


class EmulatedTransport:
    """A cable to a board, which can be pulled out and put back."""

    def __init__(self, board: ByteBoard) -> None:
        self._board = board
        self.plugged = True

    def read(self) -> bytes:
        """As Transport."""
        data = self._board.read()  # a board with its cable pulled talks on, to nobody
        self._check()
        return data

    def write(self, data: bytes) -> None:
        """As Transport."""
        self._check()
        self._board.write(data)

    def close(self) -> None:
        """As Transport."""

    def _check(self) -> None:
        if not self.plugged:
            raise TransportLost("the cable is pulled")
