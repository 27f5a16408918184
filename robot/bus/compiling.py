"""A node that compiles a kernel is at work, not hung: its worker says so, and gets the time that starting takes.

Kernels compile where they are first needed, which may be minutes into a run, and on a machine without their cache that
takes longer than any step may.
"""

from __future__ import annotations

import sys
from typing import Any

from robot.bus.control import Compiling
from robot.bus.worker import Link


def tell_of_compiling(link: Link) -> None:
    """Report every compilation from now on, where the node that was built brought numba."""
    if "numba" not in sys.modules:
        return
    from numba.core import event

    class Told(event.Listener):  # type: ignore[misc]  # numba has no types
        def on_start(self, event: Any) -> None:
            link.report(Compiling())

        def on_end(self, event: Any) -> None:
            pass

    event.register("numba:compile", Told())
