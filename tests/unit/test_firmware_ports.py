"""Ports and what is on them, and the command that flashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from firmware_bridge import flash
from firmware_bridge.emulator.library import FirmwareMissing
from firmware_bridge.ports import Port, found_ports
from launch.cli import call


def plugged(path: str, vid: int | None, pid: int | None, description: str = "") -> ListPortInfo:
    info = ListPortInfo(path)
    info.vid, info.pid, info.description = vid, pid, description
    return info


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [
        plugged("/dev/ttyACM1", 0x2341, 0x0042),
        plugged("/dev/ttyACM0", 0x2341, 0x0043),
        plugged("/dev/ttyS0", None, None),
        plugged("/dev/ttyUSB0", 0x0403, 0x6014),
        plugged("/dev/ttyUSB1", 0x1234, 0x5678, "a GPS"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)


@pytest.mark.usefixtures("desk")
def test_boards_are_known_by_their_numbers() -> None:
    assert found_ports() == [
        Port("/dev/ttyACM0", "Arduino Uno", "uno"),
        Port("/dev/ttyACM1", "Arduino Mega", "mega"),
        Port("/dev/ttyUSB0", "Robotis U2D2 or FTDI adapter", "dynamixel"),
        Port("/dev/ttyUSB1", "a GPS", ""),
    ]


@pytest.mark.usefixtures("desk")
def test_a_wrong_port_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["ports"]) == 0
    assert "/dev/ttyACM0         Arduino Uno\n" in capsys.readouterr().out
    assert call(["flash", "--port", "/dev/ttyACM7"]) == 2
    assert "found: /dev/ttyACM0 (Arduino Uno), /dev/ttyACM1 (Arduino Mega)" in capsys.readouterr().err


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FirmwareMissing, match="make firmware"):
        flash.command("uno", "/dev/null", tmp_path)
    (tmp_path / "uno.hex").touch()
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(flash.FlashError, match="apt-get install avrdude"):
        flash.command("uno", "/dev/null", tmp_path)
