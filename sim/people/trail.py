"""The way a person came along, as crumbs on the floor, to walk back on when the way ahead stays shut."""

from __future__ import annotations

import math

from robot.geometry import Pose2
from sim.people.plan import Blocker, Point

STEP_M, LENGTH = 0.2, 40


class Trail:
    """Crumbs every 0.2 m, the last 8 m of them."""

    def __init__(self, start: Pose2) -> None:
        """Begin where the person stands."""
        self._crumbs: list[Point] = [(start.x, start.y)]

    def walk(self, pose: Pose2, back: bool) -> None:
        """Remember where somebody is; walking `back` takes crumbs up again."""
        crumbs = self._crumbs
        if pose.distance_to(*crumbs[-1]) <= STEP_M:
            return
        if back and len(crumbs) > 1 and pose.distance_to(*crumbs[-2]) < STEP_M:
            crumbs.pop()
        else:
            self._crumbs = [*crumbs[-LENGTH:], (pose.x, pose.y)]

    def way_back(self, pose: Pose2, blocker: Blocker, reach: float) -> tuple[Point, ...]:
        """Return the way one came, up to `reach` metres of it, until it would lead nearer to the blocker again."""
        start = furthest = pose.distance_to(blocker.x, blocker.y)
        way = []
        for crumb in reversed(self._crumbs[-1 - round(reach / STEP_M) :]):
            away = math.dist(crumb, (blocker.x, blocker.y))
            if away < furthest - STEP_M:
                break
            furthest = max(furthest, away)
            way += [crumb] if away > start else []
        return tuple(way)
