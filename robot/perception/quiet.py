"""Keeps the native libraries' greetings off the terminal: what goes to file descriptor 2 is held back for a moment.

MediaPipe and TensorFlow Lite write there when a network is built and run for the first time, whatever their settings
for logging say. When that goes wrong, what they wrote is the best explanation there is, and it is let out.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back what is written to file descriptor 2 inside; write it after all when the body raises."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        terminal = os.dup(STDERR)
    except OSError:  # there is no descriptor 2, so nothing can be seen on it
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        except BaseException:
            os.dup2(terminal, STDERR)
            held.seek(0)
            os.write(STDERR, held.read())
            raise
        finally:
            os.dup2(terminal, STDERR)
            os.close(terminal)
