"""Puts our firmware on a board with avrdude."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.library import BUILD, built


@dataclass(frozen=True)
class Bootloader:
    """How avrdude talks to a board."""

    part: str
    programmer: str
    baud: int


UNO, MEGA = Bootloader("atmega328p", "arduino", 115_200), Bootloader("atmega2560", "wiring", 115_200)
BOARDS = {"uno": UNO, "mega": MEGA, "uno_rover": UNO, "mega_rover": MEGA}
"""By image: a board is flashed for the display or for the rover."""


class FlashError(RuntimeError):
    """The board was not flashed; the text says why and what helps."""


def command(board: str, port: str, folder: Path = BUILD) -> list[str]:
    """Return avrdude's command line. Raises FirmwareMissing before `make firmware`, FlashError without avrdude."""
    image = built(f"{board}.hex", folder)
    if shutil.which("avrdude") is None:
        raise FlashError("avrdude is not installed: apt-get install avrdude")
    boot = BOARDS[board]
    options = ["-q", "-q", "-p", boot.part, "-c", boot.programmer, "-P", port, "-b", str(boot.baud), "-D"]
    return ["avrdude", *options, "-U", f"flash:w:{image}:i"]


def flash(board: str, port: str, folder: Path = BUILD) -> None:
    """Write the image and let avrdude read it back. Raises as `command`, and FlashError where avrdude fails."""
    done = subprocess.run(command(board, port, folder), capture_output=True, text=True)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split()) or f"exit {done.returncode}"
        raise FlashError(f"avrdude could not flash the {board} at {port}: {said}")
