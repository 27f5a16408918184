"""Who is at a port: says Hello before a run begins, so that what is wrong is told before anything is started."""

from __future__ import annotations

import time
from dataclasses import dataclass

from firmware_bridge.link.link import Link
from firmware_bridge.protocol.description import load
from firmware_bridge.transports.serial_port import SerialTransport
from firmware_bridge.transports.transport import TransportLost

POLL_S = 0.005
PATIENCE_S = 5.0  # a board that was just plugged in, or reset by opening its port, is in its bootloader for two


class NoAnswer(ConnectionError):
    """The port is there and nothing on it speaks the protocol."""


@dataclass(frozen=True)
class Greeting:
    """What a board says of itself."""

    board: str
    faults: tuple[str, ...]


def greet(path: str, patience_s: float = PATIENCE_S) -> Greeting:
    """Return what the board at `path` says.

    Raises:
        TransportLost: the port cannot be opened.
        NoAnswer: nobody answered in time.
        ProtocolMismatch: it has another firmware.
    """
    transport = SerialTransport(path, load().framing.baud)
    link = Link(lambda: transport)
    until = time.monotonic() + patience_s
    try:
        while time.monotonic() < until:
            for packet in link.poll(time.monotonic_ns()):
                if packet.name == "Telemetry":
                    return Greeting(link.board, load().bit_names("fault", packet.number("faults")))
            if link.state == "closed":
                raise TransportLost(f"{path}: {link.why}")
            time.sleep(POLL_S)
    finally:
        transport.close()
    raise NoAnswer(f"nothing at {path} answers as a board with our firmware")
