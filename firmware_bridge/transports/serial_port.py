"""A serial port through pyserial. A pseudo-terminal is one too, so the emulated board can sit at its other end.

Opening most Arduinos pulls DTR, which resets them; HUPCL is therefore switched off, so that only the first opening
after plugging in can do that, and a restarted host finds its board as it was.
"""

from __future__ import annotations

import contextlib
import termios

import serial

from firmware_bridge.transports.transport import TransportLost

WRITE_TIMEOUT_S = 0.02
LFLAGS = 2  # place of the control flags in termios' list


class SerialTransport:
    """One open port."""

    def __init__(self, path: str, baud: int) -> None:
        """Open `path`. Raises TransportLost with the reason where that fails."""
        try:
            self._port = serial.Serial(path, baud, timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=True)
            _keep_dtr(self._port.fileno())
        except (serial.SerialException, OSError, ValueError) as error:
            raise TransportLost(f"{path}: {error}") from error

    def read(self) -> bytes:
        """As Transport."""
        try:
            return bytes(self._port.read(self._port.in_waiting or 1))
        except (serial.SerialException, OSError, TypeError) as error:  # pyserial's TypeError: closed meanwhile
            raise TransportLost(str(error)) from error

    def write(self, data: bytes) -> None:
        """As Transport. What a full line does not take in time is lost, as on any line."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            return
        except (serial.SerialException, OSError, TypeError) as error:
            raise TransportLost(str(error)) from error

    def close(self) -> None:
        """As Transport."""
        with contextlib.suppress(serial.SerialException, OSError):
            self._port.close()


def _keep_dtr(descriptor: int) -> None:
    flags = termios.tcgetattr(descriptor)
    flags[LFLAGS] &= ~termios.HUPCL
    termios.tcsetattr(descriptor, termios.TCSANOW, flags)
