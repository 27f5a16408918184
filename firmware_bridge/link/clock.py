"""The board's clock as seen from the host: offset and drift from the frames that were answered fastest.

Each answered frame gives one sample, as in NTP (Mills, RFC 5905, section 8): the board read it between sending and
answering, so its clock belongs to the middle, give or take half the round trip. Only the fastest tell much.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

US_WRAP = 1 << 32
NS_PER_US = 1000
WINDOW = 400  # samples, 4 s at 100 Hz
FAST_MARGIN_NS = 300_000  # over the fastest round trip of the window
SPAN_FOR_DRIFT_NS = 2_000_000_000
DRIFT_MAX = 5e-3  # ceramic resonators of Arduinos are good for 0.5 %


@dataclass(frozen=True)
class Sample:
    """One answered frame."""

    host_ns: int  # midway between sending and answering
    board_ns: int  # board's clock, unwrapped
    round_trip_ns: int


class BoardClock:
    """Turns the host's time into the board's and back."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=WINDOW)
        self._wraps = 0
        self._last_us: int | None = None
        self._host0 = self._board0 = 0
        self.drift = 0.0
        """How much faster the board's clock runs, relative."""

    @property
    def known(self) -> bool:
        """Whether there is any sample yet."""
        return bool(self._samples)

    @property
    def error_ns(self) -> float:
        """Half the fastest round trip: what the offset can be wrong by. inf before the first sample."""
        return min((s.round_trip_ns for s in self._samples), default=float("inf")) / 2

    def unwrap_ns(self, device_us: int) -> int:
        """Return a board time without wraps. Times must come in order, at least one every 35 minutes."""
        if self._last_us is not None:
            ahead = (device_us - self._last_us) % US_WRAP
            if ahead >= US_WRAP // 2:  # an older one, out of order
                return ((self._wraps + (device_us > self._last_us) * -1) * US_WRAP + device_us) * NS_PER_US
            self._wraps += device_us < self._last_us
        self._last_us = device_us
        return (self._wraps * US_WRAP + device_us) * NS_PER_US

    def add(self, sent_ns: int, answered_ns: int, device_us: int) -> None:
        """Take one answered frame."""
        board_ns = self.unwrap_ns(device_us)
        self._samples.append(Sample((sent_ns + answered_ns) // 2, board_ns, answered_ns - sent_ns))
        self._fit()

    def board_us(self, host_ns: int) -> int:
        """Return the board's clock at `host_ns`, wrapped as on the wire. Raises ValueError before the first sample."""
        if not self.known:
            raise ValueError("the board's clock is not known yet")
        board_ns = self._board0 + round((host_ns - self._host0) * (1.0 + self.drift))
        return board_ns // NS_PER_US % US_WRAP

    def host_ns(self, device_us: int) -> int:
        """Return the host's time at which the board's clock showed `device_us`. Raises ValueError as board_us."""
        if not self.known:
            raise ValueError("the board's clock is not known yet")
        return self._host0 + round((self.unwrap_ns(device_us) - self._board0) / (1.0 + self.drift))

    def _fit(self) -> None:
        """Least squares through the fast samples; the offset alone while they span too little for a drift."""
        fastest = min(sample.round_trip_ns for sample in self._samples)
        fast = [sample for sample in self._samples if sample.round_trip_ns <= fastest + FAST_MARGIN_NS]
        host0, board0 = fast[0].host_ns, fast[0].board_ns
        host = np.array([sample.host_ns - host0 for sample in fast], dtype=np.float64)
        ahead = np.array([sample.board_ns - board0 for sample in fast], dtype=np.float64) - host
        self.drift = 0.0
        if host[-1] - host[0] >= SPAN_FOR_DRIFT_NS:
            slope = float(np.cov(host, ahead)[0, 1] / np.var(host, ddof=1))
            self.drift = min(max(slope, -DRIFT_MAX), DRIFT_MAX)
        middle = float(host.mean())
        self._host0 = host0 + round(middle)
        self._board0 = board0 + round(middle + float(ahead.mean()))
