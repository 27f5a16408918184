"""One worker process: how it is started, what it says on stderr, and how it ends.

Workers are fresh interpreters (a ZeroMQ context does not survive fork). Their job arrives pickled on stdin, which then
stays open: when the coordinator is gone, however it went, stdin ends and the worker ends too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from robot.bus.environment import ENVIRONMENT

TAIL_LINES = 30  # of stderr, shown when a worker dies
WORKER_ENVIRONMENT = ENVIRONMENT | {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(8 << 20),  # an image's memory is used again, not given back and faulted in anew:
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),  # half of a stream's speed
    "PYTHONUNBUFFERED": "1",
}

LineSink = Callable[[str, str], None]
"""Called with a worker's name and a line of its stderr."""


@dataclass(frozen=True)
class Assignment:
    """What a worker is told before it imports anything of a node."""

    name: str
    identity: bytes
    control: str
    job: bytes
    """A pickled callable that takes the worker's Link."""


class WorkerProcess:
    """A running worker."""

    def __init__(self, assignment: Assignment, on_line: LineSink) -> None:
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._popen = subprocess.Popen(
            [sys.executable, "-c", _bootstrap()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | WORKER_ENVIRONMENT,
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._pump = threading.Thread(
            target=self._listen, args=(assignment.name, self._popen.stdout, on_line), daemon=True
        )
        self._pump.start()
        try:
            pickle.dump(assignment, self._popen.stdin)
            self._popen.stdin.flush()
        except BrokenPipeError:
            pass  # it died at once; `end` says how

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def end(self) -> str | None:
        """Return how the process ended, in words, or None while it runs."""
        code = self._popen.poll()
        if code is None:
            return None
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit status {code}"

    def tail(self) -> str:
        """Return the last lines of its stderr. Call it when the process has ended."""
        self._pump.join(timeout=1)
        return "\n".join(self._tail)

    def kill(self) -> None:
        """End it now."""
        self._popen.kill()
        self.reap(5)

    def reap(self, timeout_s: float) -> bool:
        """Wait for its end and release what is held for it; return whether it ended in time."""
        try:
            self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        assert self._popen.stdin is not None
        self._pump.join(timeout=1)
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.close()
        return True

    def _listen(self, name: str, stream: IO[bytes], on_line: LineSink) -> None:
        with stream:
            for raw in stream:
                line = raw.decode(errors="replace").rstrip()
                self._tail.append(line)
                on_line(name, line)


def to_stderr(name: str, line: str) -> None:
    """The default LineSink."""
    print(f"[{name}] {line}", file=sys.stderr, flush=True)


def _bootstrap() -> str:
    """Return the worker's program: our own search path (never the folder it happens to start in), then its main."""
    path: list[Any] = [entry or os.getcwd() for entry in sys.path]
    return f"import sys; sys.path[:] = {path!r}; from robot.bus.worker import main; main()"


def ignore_interrupts() -> None:
    """Leave Ctrl-C, which the terminal sends to every process of a run, and SIGTERM to the coordinator."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
