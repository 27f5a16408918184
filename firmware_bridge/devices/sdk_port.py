"""The port that the makers' packet handlers talk to, over one of our transports and with a clock that can be given.

Their own port handlers open a serial device and wait by the wall clock; these handlers only call the methods below, so
the same packets reach a byte-level emulator too. A servo that does not answer costs ANSWER_S and no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from firmware_bridge.transports.transport import Transport, TransportLost

ANSWER_S = 0.004  # the servo's own delay and a USB adapter's latency
BITS_PER_BYTE = 10
DEFAULT_BAUD = 1_000_000


class SdkPort:
    """Duck type of scservo_sdk.PortHandler and dynamixel_sdk.PortHandler; their names, so not ours."""

    def __init__(
        self, opener: Callable[[], Transport], baud: int, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.is_using = False
        self.lost = ""
        """Why the line is gone; empty while it is there."""
        self._opener = opener
        self._baud = baud
        self._clock_s = clock_s
        self._transport: Transport | None = None
        self._buffer = bytearray()
        self._until_s = 0.0

    def connect(self) -> bool:
        """Open the line if it is not; return whether it is."""
        if self._transport is None:
            try:
                self._transport = self._opener()
            except TransportLost as error:
                self.lost = str(error)
                return False
            self.lost = ""
        return True

    def close(self) -> None:
        """Release the line."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def clearPort(self) -> None:  # noqa: N802
        """Forget what came and nobody asked for."""
        self.readPort(0)
        self._buffer.clear()

    def readPort(self, length: int) -> bytes:  # noqa: N802
        """Return up to `length` bytes that came."""
        if self._transport is not None:
            try:
                self._buffer += self._transport.read()
            except TransportLost as error:
                self._lose(str(error))
        data = bytes(self._buffer[: max(0, length)])
        del self._buffer[: len(data)]
        return data

    def writePort(self, packet: list[int]) -> int:  # noqa: N802
        """Send a packet; return its length, 0 where the line is gone."""
        if self._transport is None:
            return 0
        try:
            self._transport.write(bytes(packet))
        except TransportLost as error:
            self._lose(str(error))
            return 0
        return len(packet)

    def setPacketTimeout(self, packet_length: int) -> None:  # noqa: N802
        """Start waiting for an answer of so many bytes."""
        self._until_s = self._clock_s() + packet_length * BITS_PER_BYTE / self._baud + ANSWER_S

    def setPacketTimeoutMillis(self, msec: float) -> None:  # noqa: N802
        """Start waiting for so long."""
        self._until_s = self._clock_s() + msec / 1000

    def isPacketTimeout(self) -> bool:  # noqa: N802
        """Whether the wait is over, also because the line is gone."""
        return self._transport is None or self._clock_s() > self._until_s

    def getBaudRate(self) -> int:  # noqa: N802
        """Return bits a second."""
        return self._baud

    def _lose(self, why: str) -> None:
        self.lost = why
        self.close()


class SdkBus:
    """What the buses of all makers have in common: the port."""

    def __init__(
        self,
        opener: Callable[[], Transport],
        baud: int = DEFAULT_BAUD,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._port = SdkPort(opener, baud, clock_s)

    @property
    def lost(self) -> str:
        """As ServoBus."""
        return self._port.lost

    def connect(self) -> bool:
        """As ServoBus."""
        return self._port.connect()

    def close(self) -> None:
        """As ServoBus."""
        self._port.close()
