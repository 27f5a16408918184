"""How fast a simulated run goes on: in real time, at another speed, step by step, or not at all."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from launch.dashboard.controls import received
from robot.voice.mailbox import Mailbox

LOOK_S = 0.02  # wall time between two looks at the mailbox while waiting
SPEEDS = (0.05, 100.0)
STEP = 2  # stretches of the run, 0.1 s in all


class Pace:
    """Asked after every stretch of a run; wall time only, so no log depends on it."""

    def __init__(
        self,
        fast: bool,
        mailbox: Mailbox | None = None,
        heard: Callable[[dict[str, Any]], None] = print,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin now.

        Args:
            fast: as fast as the machine can; else in real time.
            mailbox: where pause, step and speed are asked for.
            heard: gets everything else that comes.
            changed: called after each change of the pace.
        """
        self.paused = False
        self.speed = math.inf if fast else 1.0
        self._steps = 0
        self._mailbox = mailbox
        self._heard, self._changed = heard, changed
        self._wall_s, self._sim_s = time.perf_counter(), 0.0

    def hold(self, sim_s: float) -> None:
        """Return when the run may go on from `sim_s`."""
        self._take(sim_s)
        while self.paused and not self._steps:
            time.sleep(LOOK_S)
            self._take(sim_s)
        if self._steps:
            self._steps -= 1
            return
        while (ahead_s := self._ahead_s(sim_s)) > 0.0:
            time.sleep(min(ahead_s, LOOK_S) if self._mailbox else ahead_s)
            self._take(sim_s)
            if self.paused:
                return

    def _ahead_s(self, sim_s: float) -> float:
        if math.isinf(self.speed):
            return 0.0
        return (sim_s - self._sim_s) / self.speed - (time.perf_counter() - self._wall_s)

    def _take(self, sim_s: float) -> None:
        before = (self.paused, self.speed)
        for asked in received(self._mailbox) if self._mailbox else ():
            match asked:
                case {"do": "pause"}:
                    self.paused = True
                case {"do": "resume"}:
                    self.paused, self._steps = False, 0
                    self._restart(sim_s)
                case {"do": "step"}:
                    self.paused, self._steps = True, self._steps + STEP
                case {"do": "speed", "x": float() | int() as x}:
                    self.speed = math.inf if x == 0 else min(max(float(x), SPEEDS[0]), SPEEDS[1])
                    self._restart(sim_s)
                case _:
                    self._heard(asked)
        if before != (self.paused, self.speed):
            self._changed()

    def _restart(self, sim_s: float) -> None:
        self._wall_s, self._sim_s = time.perf_counter(), sim_s
