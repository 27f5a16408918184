"""Runs in processes of their own, each with a page."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIMIT_MS = 180_000  # whatever a test waits for: on a busy machine a run is several times slower than real time


class Running:
    """A run in a process of its own, and where its page is."""

    def __init__(self, process: subprocess.Popen[str], url: str, folder: Path) -> None:
        self.process, self.url, self.folder = process, url, folder

    @property
    def port(self) -> int:
        """The port of its page."""
        return int(self.url.rstrip("/").rpartition(":")[2])

    def end(self) -> None:
        """End it (not by Ctrl-C, which is ignored where tests run in the background) and wait for its files."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()


@contextmanager
def running(folder: Path, *arguments: str, port: int = 0) -> Iterator[Running]:
    """Run `launch sim ARGUMENTS` with a page; over at the latest when the context ends."""
    command = [sys.executable, "-m", "launch", "sim", *arguments, "--dashboard", "--port", str(port), "--no-video"]
    process = subprocess.Popen(
        [*command, "--out", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    )
    assert process.stdout is not None
    said = []
    url = ""
    for line in process.stdout:
        said.append(line)
        if line.startswith("dashboard: "):
            url = line.split()[-1]
            break
    assert url, "the run ended without a page:\n" + "".join(said)
    rest = threading.Thread(target=process.stdout.read)  # or the run would stop at a full pipe
    rest.start()
    run = Running(process, url, folder)
    try:
        yield run
    finally:
        run.end()
        rest.join()
        process.stdout.close()
