"""The private folder of one run: where its sockets live. Mode 0700: only its owner can reach a node. Gone at close."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from robot.bus.errors import BusError

MAX_PATH = 107  # bytes in a unix socket's address


class RunFolder:
    """Endpoints of the coordinator and of every writer."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hm-"))
        if len(str(self.path)) > MAX_PATH - 20:
            self.path.rmdir()
            raise BusError(f"{self.path}: too long for a socket's address; set TMPDIR to a shorter path")

        # Also at the interpreter's end, where somebody forgot to close the run.
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    @property
    def control(self) -> str:
        """Where the coordinator listens."""
        return f"ipc://{self.path}/control"

    @property
    def door(self) -> str:
        """Where readers outside the run connect."""
        return f"ipc://{self.path}/door"

    def writer(self, index: int) -> str:
        """Return where node `index` publishes (its number: names may be long)."""
        return f"ipc://{self.path}/node{index}"

    def counters(self, index: int) -> Path:
        """Return the file in which node `index` counts what it published (live)."""
        return self.path / f"count{index}"
