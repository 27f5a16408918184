"""Whether there is a screen to open a window on. PyBullet ends the whole process where there is none."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

from launch.errors import CallError

FIRST_PORT = 6000  # of an X server reached by TCP; X(7)
PATIENCE_S = 3.0


def check_screen(option: str) -> None:
    """Raise CallError where no X server answers at $DISPLAY."""
    display = os.environ.get("DISPLAY", "")
    if not display:
        raise CallError(f"{option}: there is no screen here (DISPLAY is not set); --dashboard needs none")
    found = re.fullmatch(r"(?:unix)?(?P<host>[^:/]*):(?P<number>\d+)(?:\.\d+)?", display)
    if found is None:
        return  # a form that only the server's own library knows
    host, number = found["host"], int(found["number"])
    places: list[tuple[int, object]] = [(socket.AF_INET, (host, FIRST_PORT + number))]
    if not host:
        path = f"/tmp/.X11-unix/X{number}"
        places = [(socket.AF_UNIX, f"\0{path}"), *([(socket.AF_UNIX, path)] if Path(path).exists() else [])]
    if not any(_answers(family, address) for family, address in places):
        raise CallError(f"{option}: no screen answers at DISPLAY={display}; --dashboard needs none")


def _answers(family: int, address: object) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(PATIENCE_S)
        try:
            probe.connect(address)  # type: ignore[arg-type]  # as the family has it
        except (OSError, OverflowError):
            return False
    return True
