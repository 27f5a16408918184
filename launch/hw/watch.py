"""What a person sees of a run on hardware: one line for everything that happens to it, as it happens."""

from __future__ import annotations

import sys

from launch.scoring.scorer import Scorer
from launch.status import RunMonitor


class LineWatch:
    """Prints the scorer's events; on a terminal and in a file alike."""

    def __init__(self) -> None:
        self._told = 0

    def update(self, monitor: RunMonitor, scorer: Scorer, wall_s: float, duration_s: float) -> None:
        """Tell what is new."""
        for event in scorer.events[self._told :]:
            self.say(f"{event.t_s:7.2f} s  {event.kind}: {event.text}")
        self._told = len(scorer.events)

    def say(self, text: str) -> None:
        """Print a line at once."""
        print(text)
        sys.stdout.flush()
