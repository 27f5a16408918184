"""Time is an integer: runs advance in ticks, and every period is a whole number of them or construction fails."""

from __future__ import annotations

from dataclasses import dataclass

NS_PER_S = 1_000_000_000


class PeriodError(ValueError):
    """A rate or latency that is not a whole number of ticks."""


@dataclass(frozen=True)
class Ticks:
    """The grid of a run: `hz` ticks a second. Nanoseconds derive from the tick's number, so nothing drifts."""

    hz: int

    def ns(self, tick: int) -> int:
        """Return the time of `tick` in nanoseconds since the start of the run."""
        return tick * NS_PER_S // self.hz

    def period(self, rate_hz: float, what: str) -> int:
        """Return the ticks between two steps at `rate_hz`. Raises PeriodError when they do not divide."""
        ticks = round(self.hz / rate_hz) if rate_hz > 0 else 0
        if ticks < 1 or abs(ticks * rate_hz - self.hz) > 1e-9 * self.hz:
            raise PeriodError(f"{what}: {rate_hz:g} Hz does not divide the run's {self.hz} ticks a second")
        return ticks

    def count(self, seconds: float) -> int:
        """Return the number of whole ticks that cover `seconds` (rounded up)."""
        return -int(-seconds * self.hz // 1)
