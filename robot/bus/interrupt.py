"""Ctrl-C between two messages, never inside one.

Python raises KeyboardInterrupt wherever it happens to be, and pyzmq also after a frame was taken in: half a message is
then gone, and what is read next is taken for its beginning. So the signal is held while the runner talks, and raised
where it talks to nobody.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any


class HeldInterrupt:
    """A context in which SIGINT waits for `check`, or for the end of the context.

    Does nothing outside the main thread, and where SIGINT is ignored: there nobody is interrupted.
    """

    def __init__(self) -> None:
        self._before: Any = None
        self._noted = False

    def __enter__(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and before not in (signal.SIG_IGN, None):
            self._before, self._noted = before, False
            signal.signal(signal.SIGINT, self._note)

    def __exit__(self, *_: object) -> None:
        if self._before is None:
            return
        signal.signal(signal.SIGINT, self._before)
        self._before = None
        self.check()

    def check(self) -> None:
        """Raise KeyboardInterrupt if it came meanwhile. Call it where no message is half read or half sent."""
        if self._noted:
            self._noted = False
            raise KeyboardInterrupt

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._noted = True
