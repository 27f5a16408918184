"""Whether a display did what it was told: whom its camera truly points at, what its joints did, what it said.

Its own beliefs do not count, but for what it says about itself: "I see three people" is right only if three are there.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
import numpy as np

from launch.scoring.camera import aside
from launch.scoring.event import Event
from launch.scoring.swings import gestures
from launch.scoring.talk import Talk
from policies.behaviour.counting import counted
from robot.clock import NS_PER_S
from robot.geometry import wrap_angle
from robot.messages import Faces, TabletopTruth
from robot.runtime.commit import Commit

POINTED = math.radians(6.0)  # of the line through the picture's middle
LASTS_S = 0.5  # looked at for so long counts
TURN_TOLERANCE = math.radians(4.0)
STILL = math.radians(0.6)
TILTED = math.radians(1.0)
COPIED, NOT_COPIED = 0.5, 0.15  # share of the head's motion that the display's is


class DisplayWants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold at the end; what is not named is not asked."""

    looks_at: str = ""
    """The person whom the camera points at over the last second."""
    looked_at: tuple[str, ...] = ()
    """People it pointed at, in this order, others between them allowed."""
    azimuth_deg: float | None = None
    """Where the base points, left positive."""
    raised_deg: float | None = None
    """How far the camera looks up."""
    gestures: tuple[str, ...] | None = None
    """What the joints did, in order, and nothing else."""
    still: tuple[float, float] | None = None
    """Between these times (s) no joint moves."""
    copies: tuple[float, float, bool] | None = None
    """Between these times (s) the caller's nods are copied, or not."""
    unlocked: bool = False
    """It watches nobody."""
    said: str = ""
    """Regular expression that what it said must match somewhere."""
    not_said: str = ""
    counted: bool = False
    """It said how many people are there, and that is true."""
    ended: str = ""
    """Kind of the last thing it said: done, failed, question, ..."""


class DisplayScorer:
    """Observer that keeps what conditions need."""

    def __init__(self, wants: DisplayWants, said_until_s: float) -> None:
        self.events: list[Event] = []
        self.distance_m = math.nan
        self._wants, self._talk = wants, Talk(self.events, said_until_s)
        self._truths: list[TabletopTruth] = []
        self._locked_id = -1

    def on_commit(self, commit: Commit) -> None:
        """Take note of truth, replies, the lock, and whether the display is busy."""
        self._talk.on_commit(commit)
        message = commit.message
        if isinstance(message, TabletopTruth):
            self._truths.append(message)
        elif isinstance(message, Faces):
            self._locked_id = message.locked_id

    @property
    def done(self) -> bool:
        """Whether there is nothing more to come."""
        return self._talk.done

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
        missing = self.missing()
        return {
            "collisions": int(any(truth.fallen for truth in self._truths)),
            "base_tilt_deg_max": math.degrees(max((truth.base_tilt for truth in self._truths), default=0.0)),
            "base_slip_mm_max": 1000.0 * max((truth.base_slip_m for truth in self._truths), default=0.0),
            "did": self._gestures(),
            "success": not missing,
            "missing": "; ".join(missing),
        }

    def missing(self) -> list[str]:
        """Return what of the conditions does not hold, in words."""
        if not self._truths:
            return ["the run never began"]
        tilt = max(truth.base_tilt for truth in self._truths)
        found = [f"tilted by {math.degrees(tilt):.1f} degrees"] if tilt > TILTED else []
        return [*found, *self._where(), *self._how(), *self._words()]

    def _where(self) -> list[str]:
        wants, last, found = self._wants, self._truths[-1], []
        if wants.looks_at:
            from_s = self._seconds(last) - 1.0
            off = [self._off(t, wants.looks_at) for t in self._truths if self._seconds(t) > from_s]
            if float(np.median(off)) > POINTED:
                found.append(f"points {math.degrees(float(np.median(off))):.0f} degrees past {wants.looks_at}")
        seen = iter(self._looked_at())
        if any(name not in seen for name in wants.looked_at):
            found.append(f"pointed at {', '.join(self._looked_at()) or 'nobody'}")
        azimuth, elevation = last.joints[0], -last.joints[1] - last.joints[2]
        if wants.azimuth_deg is not None and _far(azimuth, wants.azimuth_deg):
            found.append(f"the base is at {math.degrees(azimuth):.0f} degrees")
        if wants.raised_deg is not None and _far(elevation, wants.raised_deg):
            found.append(f"looks {math.degrees(elevation):.0f} degrees up")
        if wants.unlocked and self._locked_id >= 0:
            found.append("watches somebody")
        return found

    def _how(self) -> list[str]:
        wants, found = self._wants, []
        if wants.gestures is not None and self._gestures() != list(wants.gestures):
            found.append(f"did {', '.join(self._gestures()) or 'no gesture'}")
        if wants.still is not None:
            joints = np.array([t.joints for t in self._between(*wants.still)])
            moved = float(np.ptp(joints, axis=0).max()) if len(joints) else math.inf
            if moved > STILL:
                found.append(f"moved by {math.degrees(moved):.1f} degrees")
        if wants.copies is not None:
            share = self._copied(*wants.copies[:2])
            if not (share >= COPIED if wants.copies[2] else share <= NOT_COPIED):
                found.append(f"copied {share:.2f} of the caller's nods")
        return found

    def _words(self) -> list[str]:
        wants, found = self._wants, []
        said = " / ".join(reply.text for reply in self._talk.replies)
        if wants.said and not re.search(wants.said, said, re.IGNORECASE):
            found.append(f"never said '{wants.said}'")
        if wants.not_said and re.search(wants.not_said, said, re.IGNORECASE):
            found.append(f"said '{wants.not_said}'")
        number = counted(len(self._truths[-1].people))
        if wants.counted and not re.search(rf"\bsee {number}\b", said):
            found.append(f"did not say that it sees {number}")
        last = self._talk.replies[-1].kind if self._talk.replies else "nothing"
        if wants.ended and last != wants.ended:
            found.append(f"ended with {last}")
        return found

    def _off(self, truth: TabletopTruth, name: str) -> float:
        """Return how far the camera's line passes somebody's eyes to either side, rad."""
        person = next(p for p in truth.people if p.name == name)
        return abs(aside(truth.joints, person))

    def _looked_at(self) -> list[str]:
        """Return whom the camera pointed at for long enough, in order."""
        found: list[str] = []
        since, now, told = 0.0, "", False
        for truth in self._truths:
            t_s = self._seconds(truth)
            name = min((self._off(truth, p.name), p.name) for p in truth.people)
            who = name[1] if name[0] <= POINTED else ""
            if who != now:
                since, now, told = t_s, who, False
            if who and t_s - since >= LASTS_S and not told:
                found.append(who)
                told = True
        return found

    def _gestures(self) -> list[str]:
        return gestures([self._seconds(t) for t in self._truths], [t.joints for t in self._truths])

    def _copied(self, start: float, end: float) -> float:
        """Return the display's motion against the caller's, 0 where the caller keeps still."""
        inside = self._between(start, end)
        head = np.array([t.people[0].pitch for t in inside])
        display = np.array([t.joints[1] + t.joints[2] for t in inside])
        return float(display.std() / head.std()) if len(inside) and head.std() > 0.0 else 0.0

    def _between(self, start: float, end: float) -> list[TabletopTruth]:
        return [t for t in self._truths if start <= self._seconds(t) <= end]

    def _seconds(self, truth: TabletopTruth) -> float:
        return truth.stamp_ns / NS_PER_S


def _far(angle: float, wanted_deg: float) -> bool:
    return abs(wrap_angle(angle - math.radians(wanted_deg))) > TURN_TOLERANCE
