"""Which way around: a person weighs the lanes beside their way and takes the one that costs least.

A lane costs what it leads off the way and what it takes from the air that people like to keep: 0.45 m to a robot or a
thing, the edge of Hall's intimate distance (The Hidden Dimension, 1966), less to each other. So they pass at ease where
the floor has room, closer where it has not, through a tight gap only after standing before it for a while, and not at
all where there is none. They begin two metres before, reckon with where the other will be when they meet, and overtake
whatever is slower than they are. What comes from behind or from the side is not seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from robot.geometry import Pose2
from sim.people.plan import Blocker, Polyline
from sim.people.right_of_way import Velocity, ignored
from sim.people.yielding import BRUSH_FRONT, Free

NOTICE_M = 2.2  # edge to edge, from where something in the way is passed aside
NOTICE_S = 5.0  # and this long before it is caught up with
DRIFT_S = 1.5  # for which the other is expected to go on sideways as now
EASE_M, EASE_PEOPLE_M = 0.45, 0.25  # air kept where there is room
NARROW_M, NARROW_PEOPLE_M = 0.25, 0.15  # the least at which one walks on
TIGHT_M = 0.10  # the least after PATIENCE_S of getting nowhere
PATIENCE_S = 1.5
SQUEEZING_SPEED = 0.5  # m/s
LANE_STEP_M, LANES = 0.05, 26  # lanes to either side
CLOSENESS_PRICE = 3.0  # of a metre of air missing, in metres off the way
CHANGE_PRICE = 0.3  # of a metre between the lane chosen before and another
LEFT_PRICE = 0.05  # people keep right when nothing else decides
STRIDE_M = 0.3
LOOK_S = 0.25  # between choices
SIDEWAYS = 0.5  # m/s, at which lanes are changed


class Meeting(NamedTuple):
    """Somebody or something that will be passed: where along the way from here (m), its offset from the way then (left
    positive, m), both radii together (m), and the air to keep (m) at ease and at least."""

    along: float
    lateral: float
    reach: float
    ease: float
    least: float


class Passing:
    """Lateral offset from the planned way while something is being passed.

    Attributes:
        offset: from the way now, left positive (m).
        squeezing: whether it is being passed through a tight gap, if need be.
        blocked_s: how long something in front has been in the way, less the time since it was (s).
    """

    def __init__(self) -> None:
        """Start on the way."""
        self.offset = self.blocked_s = 0.0
        self._lane = self._until_look = 0.0
        self._seen: set[int] = set()
        self.squeezing = False

    def update(
        self,
        dt: float,
        pose: Pose2,
        radius: float,
        path: Polyline,
        progress: float,
        speed: float,
        blocked: bool,
        blockers: Sequence[Blocker],
        motions: Sequence[Velocity],
        free: Free,
    ) -> None:
        """Choose a lane now and then, and move toward it.

        Args:
            progress: along the path (m).
            speed: at which the person would walk (m/s).
            blocked: whether something in front keeps them from that.
        """
        self.blocked_s = max(0.0, self.blocked_s + (dt if blocked else -dt))
        self._until_look -= dt
        if self._until_look <= 0.0:
            self._until_look = LOOK_S
            meetings = self._meetings(pose, radius, path, progress, speed, blockers, motions)
            self._lane = self._choose(meetings, path, progress, free)
        change = SIDEWAYS * dt
        self.offset += min(change, max(-change, self._lane - self.offset))

    def _meetings(
        self,
        pose: Pose2,
        radius: float,
        path: Polyline,
        progress: float,
        speed: float,
        blockers: Sequence[Blocker],
        motions: Sequence[Velocity],
    ) -> list[Meeting]:
        """What is ahead and will be met; what has come into view stays in mind until it is passed."""
        found = []
        self.squeezing |= self.blocked_s > PATIENCE_S
        for i, (blocker, its) in enumerate(zip(blockers, motions, strict=True)):
            in_view = i in self._seen or abs(pose.bearing_to(blocker.x, blocker.y)) < BRUSH_FRONT
            meeting = meet(path, progress, speed, radius, blocker, its, self.squeezing)
            if meeting is None or not in_view or ignored(pose, radius, blocker, its):
                self._seen.discard(i)
            else:
                self._seen.add(i)
                found.append(meeting)
        return found

    def _choose(self, meetings: Sequence[Meeting], path: Polyline, progress: float, free: Free) -> float:
        """Return the cheapest lane there is; the present one when there is none."""
        if not meetings:
            self.squeezing = False
            return 0.0
        end = progress + max(m.along + m.reach for m in meetings)
        priced = [(self._price(lane, meetings), lane) for lane in (LANE_STEP_M * i for i in range(-LANES, LANES + 1))]
        for price, lane in sorted(priced):
            if price < math.inf and (lane == 0.0 or self._open(lane, path, progress, end, free)):
                return lane
        return self._lane

    def _price(self, lane: float, meetings: Sequence[Meeting]) -> float:
        """Return what a lane costs (m off the way), inf where it does not lead past somebody."""
        price = abs(lane) + CHANGE_PRICE * abs(lane - self._lane) + (LEFT_PRICE if lane > 0.0 else 0.0)
        for along, lateral, reach, ease, least in meetings:
            over = along + STRIDE_M  # as far to the side as forward
            there = self.offset + min(over, max(-over, lane - self.offset))
            gap = abs(there - lateral) - reach
            across = along < reach and (there - lateral) * (self.offset - lateral) < 0.0
            if gap < least or across:
                return math.inf
            price += CLOSENESS_PRICE * max(0.0, ease - gap)
        return price

    def _open(self, lane: float, path: Polyline, start: float, end: float, free: Free) -> bool:
        """Whether the floor is free along a lane, from the present one over to it and then beyond what is passed."""
        steps = max(2, math.ceil((end - start) / 0.2))
        for i in range(1, steps + 1):
            on = (end - start) * i / steps
            (x, y), (dx, dy) = path.at(start + on)
            offset = self.offset + min(on, max(-on, lane - self.offset))
            if not free(x - dy * offset, y + dx * offset):
                return False
        return True


def meet(
    path: Polyline, progress: float, speed: float, radius: float, blocker: Blocker, its: Velocity, tight: bool
) -> Meeting | None:
    """Return where a person walking on at `speed` passes a blocker; None if they do not, or not soon.

    Args:
        progress: of the person along the path (m).
        tight: whether they would squeeze through.
    """
    at = path.project(blocker.x, blocker.y, progress, window=3.0)
    (x, y), (dx, dy) = path.at(at)
    along = at - progress + (blocker.x - x) * dx + (blocker.y - y) * dy
    lateral = (blocker.y - y) * dx - (blocker.x - x) * dy
    reach = radius + blocker.radius
    if along < -0.5 * reach or along - reach > NOTICE_M:
        return None
    closing = speed - (its[0] * dx + its[1] * dy)
    if along > reach and along - reach > NOTICE_S * closing:
        return None
    seconds = min(DRIFT_S, max(0.0, along) / max(closing, 0.1))
    lateral += seconds * (its[1] * dx - its[0] * dy)
    if blocker.keeps_aside:
        return Meeting(along, lateral, reach, EASE_PEOPLE_M, NARROW_PEOPLE_M)
    return Meeting(along, lateral, reach, EASE_M, TIGHT_M if tight else NARROW_M)
