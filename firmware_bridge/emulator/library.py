"""Where `make firmware` puts what it builds, and simavr's library behind ctypes."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build" / "firmware"
INSTALL = "apt-get install gcc make gcc-avr avr-libc libsimavr-dev"


class FirmwareMissing(FileNotFoundError):
    """What `make firmware` builds is not there."""


class Edge(ctypes.Structure):
    """One change of a servo pin."""

    _fields_ = (("cycle", ctypes.c_uint64), ("channel", ctypes.c_uint32), ("level", ctypes.c_uint32))


def built(name: str, folder: Path = BUILD) -> Path:
    """Return the path of a file that `make firmware` builds. Raises FirmwareMissing with the command that mends it."""
    path = folder / name
    if not path.exists():
        raise FirmwareMissing(f"{name} is not built: run `make firmware` (on Debian it needs: {INSTALL})")
    return path


@cache
def load(folder: Path = BUILD) -> ctypes.CDLL:
    """Return the library of shim.c. Raises FirmwareMissing."""
    library = ctypes.CDLL(str(built("libboard.so", folder)))
    board, u32, u64, text = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_char_p
    forms: dict[str, tuple[object, tuple[object, ...]]] = {
        "board_new": (board, (text, text, text, u32, u32)),
        "board_free": (None, (board,)),
        "board_run": (ctypes.c_int, (board, u64)),
        "board_cycle": (u64, (board,)),
        "board_lost": (u32, (board,)),
        "board_stack": (u32, (board,)),
        "board_send": (u32, (board, text, u32)),
        "board_receive": (u32, (board, ctypes.c_void_p, u32)),
        "board_edges": (u32, (board, ctypes.POINTER(Edge), u32)),
        "board_analog": (None, (board, u32, u32)),
        "board_pin": (None, (board, text, u32)),
        "board_reset": (None, (board, u32)),
        "board_hang": (None, (board,)),
        "board_heal": (None, (board,)),
    }
    for name, (result, arguments) in forms.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
