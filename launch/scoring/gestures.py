"""Nods told against nods made: which were found, how late, and what was no nod at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LATE_S = 1.2  # an event up to this long after a nod's end is that nod's


@dataclass(frozen=True)
class Nod:
    """A nod as it was made: from, to, and how long its first full cycle took, s."""

    start_s: float
    end_s: float
    cycle_s: float


@dataclass(frozen=True)
class Found:
    """What came of a comparison: delay after the first full cycle (s) of every nod found, and events that were none."""

    nods: int
    late: dict[Nod, float] = field(default_factory=dict)
    false: tuple[float, ...] = ()

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was told."""
        total = self.nods + len(self.late) + len(self.false)
        return 2.0 * len(self.late) / total if total else 1.0


def match(nods: Sequence[Nod], told_s: Sequence[float]) -> Found:
    """Give each nod the first event between its start and `LATE_S` after its end; all other events are false ones.

    A delay is negative where a nod was recognised before its first cycle was over.
    """
    unused, late = sorted(told_s), {}
    for nod in sorted(nods, key=lambda n: n.start_s):
        hit = next((t for t in unused if nod.start_s <= t <= nod.end_s + LATE_S), None)
        if hit is not None:
            unused.remove(hit)
            late[nod] = hit - nod.start_s - nod.cycle_s
    return Found(len(nods), late, tuple(unused))
