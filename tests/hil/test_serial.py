"""The real serial transport on a pseudo-terminal with the emulated board behind it, and the real avrdude on another."""

from __future__ import annotations

import os
import shutil
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import PERIOD_NS, nod

from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.emulator.pty import PseudoPort
from firmware_bridge.emulator.rig import ServoRig
from firmware_bridge.flash import FlashError, flash
from firmware_bridge.protocol.description import load
from firmware_bridge.transports.serial_port import SerialTransport
from firmware_bridge.transports.transport import TransportLost


class Served:
    """A board behind a pseudo-terminal and a host that opened it; no clock: each turn is 10 ms for both."""

    def __init__(self, folder: Path) -> None:
        self.board = EmulatedBoard("uno", folder=folder)
        self.rig = ServoRig(self.board)
        self.port: PseudoPort | None = PseudoPort(self.board)
        self.path = self.port.path
        self.device = BoardDevice(lambda: SerialTransport(self.path, load().framing.baud))
        self.words: list[str] = []

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 1e9 / PERIOD_NS)):
            self.device.poll(self.rig.now_ns)
            self.device.aim(self.rig.now_ns, nod(self.rig.now_ns / 1e9))
            self.health = self.device.health()
            self.words += self.health.words
            if self.port:
                self.port.pump()
            self.rig.advance(PERIOD_NS)
            if self.port:
                self.port.pump()

    def unplug(self) -> None:
        assert self.port
        self.port.close()
        self.port = None


@pytest.fixture
def served(firmware_build: Path) -> Iterator[Served]:
    served = Served(firmware_build)
    yield served
    served.device.close()
    if served.port:
        served.port.close()
    served.board.close()


def test_the_serial_transport_drives_the_board(served: Served) -> None:
    served.device.enable(True)
    served.run(2.0)
    assert served.health.state == "running", served.words
    counts = served.device.link.counts
    assert (counts.missed, counts.bad_received) == (0, 0)
    assert counts.unanswered <= 1
    assert counts.received > 300


def test_a_port_that_goes_away_is_told_and_found_again(served: Served) -> None:
    served.device.enable(True)
    served.run(1.5)
    served.unplug()
    served.run(0.5)
    assert served.health.state == "absent"
    assert any("no board" in word for word in served.words)
    served.port = PseudoPort(served.board)  # as after plugging in again, under another name
    served.path = served.port.path
    served.run(1.0)
    assert served.health.state in ("starting", "running"), served.words


def test_a_second_host_cannot_take_the_port(served: Served) -> None:
    served.run(0.1)
    with pytest.raises(TransportLost, match="lock"):
        SerialTransport(served.path, 250_000)


def test_a_port_that_is_not_there_says_so() -> None:
    with pytest.raises(TransportLost, match="/dev/none"):
        SerialTransport("/dev/none", 250_000)


# Bytes of arguments of each command, without its end mark.
ARGUMENTS = {0x30: 0, 0x41: 1, 0x42: 20, 0x45: 5, 0x50: 0, 0x51: 0, 0x55: 2, 0x56: 4, 0x75: 0}
IN_SYNC, OK = b"\x14", b"\x10"


class Bootloader(threading.Thread):
    """The Uno's bootloader on a pseudo-terminal: as much of STK500 (Atmel AVR061) as avrdude asks for."""

    def __init__(self, signature: bytes = b"\x1e\x95\x0f") -> None:
        super().__init__(daemon=True)
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self.slave)
        self.memory = bytearray(b"\xff" * 32768)
        self.signature = signature
        self.at = 0
        self.over = False

    def run(self) -> None:
        while not self.over:
            code = self.take(1)[0]
            if code == 0x64:  # program a page
                data = self.take(self.page_size())
                self.take(1)
                self.memory[self.at : self.at + len(data)] = data
                self.answer()
            elif code == 0x74:
                size = self.page_size()
                self.take(1)
                self.answer(bytes(self.memory[self.at : self.at + size]))
            elif code in ARGUMENTS:
                arguments = self.take(ARGUMENTS[code] + 1)[:-1]
                if code == 0x55:
                    self.at = 2 * int.from_bytes(arguments, "little")
                self.answer({0x41: b"\x03", 0x75: self.signature, 0x56: b"\x00"}.get(code, b""))

    def page_size(self) -> int:
        high, low, _kind = self.take(3)
        return high << 8 | low

    def answer(self, data: bytes = b"") -> None:
        os.write(self.master, IN_SYNC + data + OK)

    def take(self, count: int) -> bytes:
        data = b""
        while len(data) < count and not self.over:
            try:
                data += os.read(self.master, count - len(data))
            except BlockingIOError:
                time.sleep(0.001)
        return data.ljust(count, b"\x00")

    def close(self) -> None:
        self.over = True
        self.join()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def bootloader() -> Iterator[Bootloader]:
    if shutil.which("avrdude") is None:
        pytest.skip("apt-get install avrdude")
    bootloader = Bootloader()
    bootloader.start()
    yield bootloader
    bootloader.close()


def image(folder: Path) -> bytes:
    """What the .hex file holds, read by hand."""
    out = bytearray(b"\xff" * 32768)
    for line in (folder / "uno.hex").read_text().split():
        data = bytes.fromhex(line[1:])
        if data[3] == 0:
            at = data[1] << 8 | data[2]
            out[at : at + data[0]] = data[4:-1]
    return bytes(out)


def test_avrdude_writes_the_image_and_reads_it_back(bootloader: Bootloader, firmware_build: Path) -> None:
    flash("uno", bootloader.path, firmware_build)
    assert bootloader.memory == image(firmware_build)


def test_a_board_of_another_kind_is_not_flashed(bootloader: Bootloader, firmware_build: Path) -> None:
    bootloader.signature = b"\x1e\x98\x01"  # a Mega
    with pytest.raises(FlashError, match=r"avrdude could not flash the uno .*signature"):
        flash("uno", bootloader.path, firmware_build)
    assert set(bootloader.memory) == {0xFF}
