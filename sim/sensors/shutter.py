"""When frames are taken and when they arrive: one shutter opens at a rate, and what it took is delivered later.

Frames are taken half a period after scans, so that no step carries all sensors.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from robot.clock import Ticks
from robot.node import Message, Topic
from sim.base import BaseState
from sim.faults import FaultKind, FaultPlan

Frame = list[tuple[Topic[Any], Message]]


class Shutter:
    """One device's frames, with its latency and its faults."""

    def __init__(
        self,
        name: str,
        timing: tuple[Ticks, float, float],
        faults: tuple[FaultPlan, FaultKind, FaultKind],
        expose: Callable[[int, BaseState], Frame],
    ) -> None:
        """Open `expose` as told by `timing` (the run's ticks, rate in Hz, latency in s).

        Args:
            name: for errors.
            faults: the run's faults, which of them makes it repeat its last frame, and which silences it.
            expose: returns what it delivers of this moment.
        """
        ticks, rate_hz, latency_s = timing
        self.name = name
        self.every = ticks.period(rate_hz, name)
        self._latency = ticks.count(latency_s)
        self._faults, self._freeze, self._dead = faults
        self._expose = expose
        self._in_flight: deque[tuple[int, Frame]] = deque()
        self._last: Frame = []

    def sense(self, tick: int, now_ns: int, state: BaseState) -> None:
        """Take a frame if it is time."""
        if tick % self.every == self.every // 2:
            self._in_flight.append((tick + self._latency, self._frame(now_ns, state)))

    def delivered(self, tick: int) -> Frame:
        """Return what arrives at this tick."""
        arrived: Frame = []
        while self._in_flight and self._in_flight[0][0] <= tick:
            arrived += self._in_flight.popleft()[1]
        return arrived

    def _frame(self, now_ns: int, state: BaseState) -> Frame:
        """Return the frame of now, or the last one again, freshly stamped, while the device hangs."""
        if self._faults.active(self._freeze, now_ns) and self._last:
            return [(topic, msgspec.structs.replace(m, stamp_ns=now_ns)) for topic, m in self._last]
        if self._faults.active(self._dead, now_ns):
            return []
        self._last = self._expose(now_ns, state)
        return self._last
