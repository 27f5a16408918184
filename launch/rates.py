"""How often each topic speaks: counted over the last second of the run's time, so that no wall clock is in it."""

from __future__ import annotations

from collections import Counter

from robot.clock import NS_PER_S

WINDOW_NS = NS_PER_S


class Rates:
    """Counts of messages by topic."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rates: dict[str, float] = {}
        self._since_ns = 0
        self.last_ns: dict[str, int] = {}
        """When each topic last spoke."""
        self.now_ns = 0

    def note(self, topic: str, t_ns: int) -> None:
        """Take note of one message."""
        self._counts[topic] += 1
        self.last_ns[topic] = t_ns
        if t_ns > self.now_ns:
            self.now_ns = t_ns
            if t_ns - self._since_ns >= WINDOW_NS:
                self._count()

    def hz(self, topic: str) -> float:
        """Return how often a topic spoke lately, a second of the run's time."""
        return self._rates.get(topic, 0.0)

    def table(self) -> dict[str, tuple[float, int]]:
        """Return rate, Hz, and last moment, ns, of every topic that has spoken."""
        return {topic: (round(self.hz(topic), 2), last_ns) for topic, last_ns in self.last_ns.items()}

    def _count(self) -> None:
        seconds = (self.now_ns - self._since_ns) / NS_PER_S
        self._rates = {topic: count / seconds for topic, count in self._counts.items()}
        self._counts.clear()
        self._since_ns = self.now_ns
