"""When a node that died comes back (live): half a second later, then twice as long each time, until it stays well."""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST_S = 0.5
LONGEST_S = 30.0
WELL_S = 60.0  # running this long makes a node as good as new


@dataclass
class _Patient:
    delay_s: float = FIRST_S
    begun_s: float = 0.0
    back_s: float | None = None  # None = it is not waiting to come back


@dataclass
class Supervisor:
    """Back-off of each node; times are seconds on any one clock."""

    _patients: dict[str, _Patient] = field(default_factory=dict)

    def began(self, name: str, now_s: float) -> None:
        """Note that a node runs."""
        self._patients.setdefault(name, _Patient()).begun_s = now_s

    def fell(self, name: str, now_s: float) -> float:
        """Note that a node failed; return the seconds until it is started again."""
        patient = self._patients.setdefault(name, _Patient())
        if now_s - patient.begun_s >= WELL_S:
            patient.delay_s = FIRST_S
        delay_s = patient.delay_s
        patient.back_s = now_s + delay_s
        patient.delay_s = min(2 * delay_s, LONGEST_S)
        return delay_s

    def due(self, now_s: float) -> list[str]:
        """Return the nodes to start now; each is returned once per fall."""
        names = [n for n, p in self._patients.items() if p.back_s is not None and p.back_s <= now_s]
        for name in names:
            self._patients[name].back_s = None
        return names
