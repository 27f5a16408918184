"""Sitting down and getting up as plain functions of the time since it began: how low, where, and whether there is room.

A person who sits slides from where they stood onto the seat and comes up where they stood, without steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from robot.geometry import Pose2
from sim.people.plan import Blocker, SitSegment

DOWN_S = 1.4  # to go down, and to come up


def is_rising(segment: SitSegment, elapsed_s: float) -> bool:
    """Return whether the person has sat for long enough and comes up."""
    return elapsed_s > DOWN_S + segment.seconds


def how_low(segment: SitSegment, elapsed_s: float) -> float:
    """Return the share of the way down, 0 standing to 1 sitting."""
    rising = is_rising(segment, elapsed_s)
    left_s = DOWN_S * 2.0 + segment.seconds - elapsed_s if rising else elapsed_s
    return min(1.0, max(0.0, left_s / DOWN_S))


def on_the_way_down(segment: SitSegment, start: Pose2, low: float) -> Pose2:
    """Return the ground pose, map frame, of one who stood at `start`, smooth in `low`."""
    s = low * low * (3.0 - 2.0 * low)
    return Pose2(start.x + s * (segment.x - start.x), start.y + s * (segment.y - start.y), segment.yaw)


def room_between(segment: SitSegment, start: Pose2, radius: float, blockers: Sequence[Blocker]) -> bool:
    """Return whether no thing or robot stands at `start`, or between there and the seat.

    Args:
        radius: of the person, m.
    """
    spots = ((start.x, start.y), ((start.x + segment.x) / 2.0, (start.y + segment.y) / 2.0))
    things = [b for b in blockers if not b.keeps_aside]
    return all(math.hypot(b.x - x, b.y - y) > b.radius + radius for b in things for x, y in spots)
