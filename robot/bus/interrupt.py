"""Ctrl-C between two messages, never inside one.

Python raises KeyboardInterrupt wherever it happens to be, and pyzmq also after a frame was taken in: half a message is
then gone, and what is read next is taken for its beginning. So the signal is held while the runner talks, and raised
where it talks to nobody. SIGTERM is held likewise where somebody made it mean the same.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

MEANT = (signal.SIGINT, signal.SIGTERM)


class HeldInterrupt:
    """A context in which what interrupts a run waits for `check`, or for the end of the context.

    Does nothing outside the main thread, and leaves alone a signal that is ignored or ends the process.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}
        self._noted = False

    def __enter__(self) -> None:
        self._noted = False
        if threading.current_thread() is not threading.main_thread():
            return
        self._before = {number: signal.getsignal(number) for number in MEANT if callable(signal.getsignal(number))}
        for number in self._before:
            signal.signal(number, self._note)

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before = {}
        self.check()

    def check(self) -> None:
        """Raise KeyboardInterrupt if it came meanwhile. Call it where no message is half read or half sent."""
        if self._noted:
            self._noted = False
            raise KeyboardInterrupt

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._noted = True
