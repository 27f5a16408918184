"""Prints how much of each board the firmware fills: `python -m firmware_bridge.emulator.sizes BUILD_FOLDER`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

UNO, MEGA = ("ATmega328P", 32 * 1024, 2 * 1024), ("ATmega2560", 256 * 1024, 8 * 1024)
"""Processor, bytes of flash, bytes of RAM."""
BOARDS = {"uno": UNO, "mega": MEGA, "uno_rover": UNO, "mega_rover": MEGA}


def used(elf: Path) -> tuple[int, int]:
    """Return the bytes of flash and of RAM (without stack) that an image fills, as avr-size tells them."""
    out = subprocess.run(["avr-size", "-B", str(elf)], capture_output=True, text=True, check=True).stdout
    text, data, bss = (int(word) for word in out.splitlines()[1].split()[:3])
    return text + data, data + bss


def main() -> None:
    """Print one line per board."""
    for board, (processor, flash, ram) in BOARDS.items():
        flash_used, ram_used = used(Path(sys.argv[1]) / f"{board}.elf")
        print(
            f"{board:<10} {processor:<11} flash {flash_used:6} of {flash} bytes ({flash_used / flash:.1%}), "
            f"RAM {ram_used:5} of {ram} bytes ({ram_used / ram:.1%})"
        )


if __name__ == "__main__":
    main()
