"""A way that has just closed is dear, and shut only when it stays closed: mostly somebody walks through.

Without that the way planned flips between a door that somebody stands in for a second and ten metres around it, and
the robot turns to and fro before it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from robot.navigation.costmap import Costmap
from robot.navigation.grid import Frame, rolled

EVERY_S = 0.5


class Closing:
    """Where the body's middle could be a moment ago."""

    def __init__(self, memory_s: float, cost: float) -> None:
        """Remember for `memory_s`; what closed since costs `cost` times the way through it."""
        self._memory_s, self._cost = memory_s, np.float32(cost)
        self._open: deque[tuple[float, Frame, NDArray[np.bool_]]] = deque()

    def soften(self, now_s: float, costmap: Costmap, free: NDArray[np.bool_]) -> None:
        """Open the cells of `costmap` that closed a moment ago, in place, at a price; they stay marked as lethal.

        Args:
            free: (H, W), where the floor was seen to be free: what comes into view has not closed.
        """
        while self._open and now_s - self._open[0][0] > self._memory_s:
            self._open.popleft()
        for _, frame, was_open in self._open:
            costmap.cost[costmap.lethal & rolled(was_open, _moved(frame, costmap.frame), False)] = self._cost
        if not self._open or now_s - self._open[-1][0] >= EVERY_S:
            self._open.append((now_s, costmap.frame, free & ~costmap.lethal))


def _moved(before: Frame, now: Frame) -> tuple[int, int]:
    """Return the rows and columns that the window moved by."""
    return (
        round((now.origin_y - before.origin_y) / now.resolution_m),
        round((now.origin_x - before.origin_x) / now.resolution_m),
    )
