"""What a display did in the home of a rover: its gestures, by what its joints truly did, whom it looked at, its stand.

Part of the home's score. Where no display stands in the home, it has seen nothing and says nothing.
"""

from __future__ import annotations

import math
from typing import Any

from launch.scoring.event import Event
from launch.scoring.swings import gestures
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import ArmTask, Faces, Reply, TabletopTruth
from robot.runtime.commit import Commit

MADE = {"nod": "nods", "shake": "shakes its head", "tilt": "tilts its head", "bow": "bows", "dance": "dances"}


class HousedScore:
    """Observer of the display's part of a run."""

    def __init__(self, events: list[Event]) -> None:
        """Add what happens to `events`."""
        self._events = events
        self._times: list[float] = []
        self._joints: list[tuple[float, ...]] = []
        self._tilt = self._slip = 0.0
        self._fell = False
        self._frames = self._locked = 0
        self.replies: list[Reply] = []

    def on_commit(self, commit: Commit) -> None:
        """Take note of the truth about its joints, of its words, and of what it is asked to do with its head."""
        message, now_s = commit.message, commit.envelope.t_ns / NS_PER_S
        if isinstance(message, TabletopTruth):
            self._times.append(now_s)
            self._joints.append(message.joints)
            self._tilt, self._slip = max(self._tilt, message.base_tilt), max(self._slip, message.base_slip_m)
            self._fell = self._fell or message.fallen
        elif isinstance(message, Faces):
            self._frames += 1
            self._locked += message.lock == "locked"
        elif isinstance(message, ArmTask) and message.gesture:
            self._events.append(Event(now_s, "display", MADE[message.gesture]))
        elif commit.envelope.topic == topics.DISPLAY_REPLY.name and isinstance(message, Reply):
            self.replies.append(message)
            self._events.append(Event(now_s, "display says", message.text))

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far; none where there is no display."""
        if not self._times:
            return {}
        return {
            "display_did": ", ".join(gestures(self._times, self._joints)) or "no gesture",
            "display_locked_share": self._locked / self._frames if self._frames else math.nan,
            "base_tilt_deg_max": math.degrees(self._tilt),
            "base_slip_mm_max": 1000.0 * self._slip,
            "fallen": self._fell,
        }
