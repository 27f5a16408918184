"""An emulated board behind a pseudo-terminal: `python -m firmware_bridge.emulator.pty [KIND [IMAGE]]`, in real time.

It prints the path of a serial port that the real serial transport opens, as it would a board's. KIND is uno, mega,
uno_rover or mega_rover; IMAGE is the name of a .hex file of the build, where it shall not be our firmware.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import tty

from firmware_bridge.emulator.board import KINDS, ROVER, EmulatedBoard
from firmware_bridge.emulator.loop_rig import LoopRig
from firmware_bridge.emulator.rig import ServoRig
from firmware_bridge.transports.emulated import ByteBoard

STEP_NS = 5_000_000
BATCH = 4096


class PseudoPort:
    """The two ends of a pseudo-terminal: `path` is the port, and `pump` carries bytes between it and the board."""

    def __init__(self, board: ByteBoard) -> None:
        self._board = board
        self._master, self._slave = os.openpty()  # our own slave end keeps the port alive while nobody has it open
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self.lost = 0
        """Bytes of the board that the port did not take: nobody reads it."""

    def pump(self) -> None:
        """Carry what is there, both ways."""
        with contextlib.suppress(BlockingIOError):
            self._board.write(os.read(self._master, BATCH))
        data = self._board.read()
        if not data:
            return
        try:
            self.lost += len(data) - os.write(self._master, data)
        except BlockingIOError:
            self.lost += len(data)

    def close(self) -> None:
        """Take the port away."""
        os.close(self._master)
        os.close(self._slave)


def main() -> None:
    """Run until interrupted."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "uno"
    if kind not in KINDS:
        sys.exit(f"no board '{kind}'; there is: {', '.join(KINDS)}")
    board = EmulatedBoard(kind, sys.argv[2] if len(sys.argv) > 2 else None)
    rig = LoopRig(board, ()) if kind.endswith(ROVER) else ServoRig(board)
    port = PseudoPort(board)
    print(port.path, flush=True)
    start = time.monotonic_ns()
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            port.pump()
            rig.run_until(rig.now_ns + STEP_NS)
            port.pump()
            time.sleep(max(0.0, (start + rig.now_ns - time.monotonic_ns()) / 1e9))
    port.close()
    board.close()


if __name__ == "__main__":
    main()
