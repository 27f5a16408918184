"""Who is that? While the robot searches, somebody new may be whom it looks for: it turns to them until it can tell.

New is who came into view just now, for a turning camera passes people faster than it gets to know them; and whose legs
alone are known, for the lidar sees all around and the camera only ahead.
"""

from __future__ import annotations

from collections.abc import Mapping

from policies.follow.trail import Person
from robot.clock import NS_PER_S
from robot.geometry import Pose2

NEAR_M = 3.0
LONG_AGO_NS = -(10**12)
LOOK_S, AGAIN_S = 1.5, 4.0  # how long to look at somebody, and when to turn again to those of whom only legs are known


class Glances:
    """Whom the robot has looked at in one search, and since when. Whoever is there when it begins is not new."""

    def __init__(self, known: Mapping[int, Person]) -> None:
        self._began_ns: dict[int, int] = dict.fromkeys(known, LONG_AGO_NS)

    def whom(
        self, others: Mapping[int, Person], only_legs: set[int], robot: Pose2, now_ns: int, half_view_rad: float
    ) -> Person | None:
        """Return the nearest person worth a look now; None where all have had theirs.

        Args:
            others: everybody but the one searched for, by track id, in odom.
            only_legs: those of whom no camera has told yet.
            half_view_rad: half of what the camera sees.
        """
        worth = []
        for key, person in others.items():
            began = self._began_ns.get(key)
            turned_away = abs(robot.bearing_to(person.x, person.y)) > half_view_rad
            if began is None or (key in only_legs and turned_away and _s(now_ns - began) > AGAIN_S):
                began = self._began_ns[key] = now_ns
            away = person.distance_to(robot.x, robot.y)
            if _s(now_ns - began) <= LOOK_S and away < NEAR_M:
                worth.append((away, key))
        return others[min(worth)[1]] if worth else None


def _s(ns: int) -> float:
    return ns / NS_PER_S
