"""Whether a lock is on the right person: who that is, how often it went to another, and for how long it was right.
Somebody who asks for another person makes that one the right one.

The same judge for our lock and for the baseline beside it.
"""

from __future__ import annotations

import math

from launch.scoring.event import Event
from robot import topics
from robot.messages import FaceView, HeadTruth, TabletopTruth

SAME = math.radians(7.0)  # a face is the person nearest to its direction, if no farther
SWITCH_S = 0.4  # a wrong person must be held this long: two who pass each other are one spot for a moment
FRAME_S = 1.0 / topics.FACES.rate_hz


class Hold:
    """One lock over a run. Who is meant is whom it was first on."""

    def __init__(self, events: list[Event] | None = None) -> None:
        """`events`: where switches are told of."""
        self.caller: str | None = None
        self.switches = 0
        self._events = events if events is not None else []
        self._right = self._frames = 0
        self._wrong_s = 0.0
        self._on_wrong = False

    @property
    def right_share(self) -> float:
        """Share of the frames with the meant person in view in which the lock was on them."""
        return self._right / self._frames if self._frames else math.nan

    def ask_anew(self) -> None:
        """Somebody chose whom to look at: whom the lock is on next is right."""
        self.caller, self._wrong_s, self._on_wrong = None, 0.0, False

    def see(self, t_s: float, face: FaceView | None, truth: TabletopTruth) -> HeadTruth | None:
        """Take the locked face of one frame (None: out of sight); return whose it is where it is the right one."""
        who = None if face is None else whose(face, truth)
        if self.caller is None and who is not None:
            self.caller = who.name
        right = who is not None and who.name == self.caller
        if any(p.in_view and p.name == self.caller for p in truth.people):
            self._frames += 1
            self._right += right
        if right:
            self._wrong_s, self._on_wrong = 0.0, False
        elif face is not None:
            self._wrong(t_s, "nobody" if who is None else who.name)
        return who if right else None

    def _wrong(self, t_s: float, name: str) -> None:
        self._wrong_s += FRAME_S
        if self._wrong_s >= SWITCH_S and not self._on_wrong:
            self._on_wrong = True
            self.switches += 1
            self._events.append(Event(t_s, "id switch", f"the lock is on {name}, not on {self.caller}"))


def whose(face: FaceView, truth: TabletopTruth) -> HeadTruth | None:
    """Return whose face it is: the visible person nearest to its direction."""
    near = [
        (abs(math.remainder(math.atan2(p.y, p.x) - face.azimuth, 2.0 * math.pi)), i) for i, p in enumerate(truth.people)
    ]
    apart = sorted((gap, not truth.people[i].in_view, i) for gap, i in near if gap < SAME)
    seen = [row for row in apart if not row[1]] or apart
    return truth.people[seen[0][2]] if seen else None
