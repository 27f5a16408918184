"""Serial ports, and what is probably plugged into them: boards and adapters are known by their USB numbers."""

from __future__ import annotations

from dataclasses import dataclass

from serial.tools import list_ports

KNOWN: dict[tuple[int, int], tuple[str, str]] = {
    (0x2341, 0x0043): ("Arduino Uno", "uno"),
    (0x2341, 0x0001): ("Arduino Uno", "uno"),
    (0x2341, 0x0243): ("Arduino Uno", "uno"),
    (0x2A03, 0x0043): ("Arduino Uno", "uno"),
    (0x2341, 0x0042): ("Arduino Mega", "mega"),
    (0x2341, 0x0010): ("Arduino Mega", "mega"),
    (0x2341, 0x0242): ("Arduino Mega", "mega"),
    (0x2A03, 0x0042): ("Arduino Mega", "mega"),
    (0x0403, 0x6014): ("Robotis U2D2 or FTDI adapter", "dynamixel"),
    (0x1A86, 0x55D3): ("Feetech or Waveshare bus adapter", "feetech"),
    (0x1A86, 0x7523): ("CH340: an Arduino clone or Feetech FE-URT-1", ""),
    (0x0403, 0x6001): ("FTDI: an older Arduino or an adapter", ""),
    (0x10C4, 0xEA60): ("CP210x adapter", ""),
}


@dataclass(frozen=True)
class Port:
    """One serial port."""

    path: str
    what: str
    kind: str
    """"uno", "mega", "dynamixel", "feetech", or empty where its numbers do not say."""


def found_ports() -> list[Port]:
    """Return the machine's serial ports with something on them, sorted by path."""
    ports = []
    for info in list_ports.comports():
        what, kind = KNOWN.get((info.vid, info.pid), ("", ""))
        if what or info.vid is not None:
            ports.append(Port(info.device, what or info.description or "unknown USB device", kind))
    return sorted(ports, key=lambda port: port.path)
