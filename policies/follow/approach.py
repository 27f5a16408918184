"""Where to drive so as to come to an aim that may be out of reach, without swinging between two answers."""

from __future__ import annotations

import math

from policies.follow.ground import Ground
from policies.follow.pursuit import Aim
from robot.geometry import Pose2

BESIDE_M = 0.4  # nearer to the place chosen, the robot is there
SAME_AIM_M = 0.5


class Approach:
    """As near as the ground leads; from there on the aim itself, to which the navigator may know a way.

    That way may begin by leading off again: the answer stays until another aim is asked for.
    """

    def __init__(self) -> None:
        self._straight_to: tuple[float, float] | None = None

    def place(self, aim: Aim, robot: Pose2, ground: Ground) -> tuple[float, float]:
        """Return where to drive, odom m."""
        wanted = aim.x, aim.y
        place = ground.nearest_reachable(*wanted)
        if place is None or robot.distance_to(*place) < BESIDE_M:
            self._straight_to = wanted
        if self._straight_to is not None and math.dist(self._straight_to, wanted) < SAME_AIM_M:
            return wanted
        return place or wanted
