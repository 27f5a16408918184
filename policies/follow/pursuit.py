"""Before the search proper: to where the person was last seen, and a look around.

Most people who get lost wait or walk on just behind that corner, and it is a place that can be reached, for they
walked there. A base that turns fast sees everything around it in three seconds, so it never drives past someone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from policies.follow.ground import Ground
from policies.follow.trail import Person
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle

GET_ON_M, GET_ON_S = 0.3, 3.0  # on the way to a place, the robot moves so far in such time or gives up
FACED_RAD = 0.3
REACHED_M = 0.55  # from where the person was last seen
SEEN_TO_M = 1.3  # no farther than this it is enough to see that place
DETOUR = 2.0  # longer ways than this many times the straight one are not worth it
PURSUE_S = 12.0
PURSUIT_STANDS_S = 1.5
LEAD_RAD = 1.2  # how far ahead of its heading a turning robot looks
STEADY_S = 1.0  # a look around that does not turn for so long cannot


@dataclass(frozen=True)
class Aim:
    """What the search wants: look at (x, y), and drive there unless it can be seen well from here."""

    x: float
    y: float
    drive: bool


class Pursuit:
    """The first answer to losing somebody: to where they were last seen, at full speed, looking where they went.

    They mostly wait or walk on just behind that corner, and it is a place that can be reached, for they walked there.
    """

    def __init__(self, last: Person, now_ns: int) -> None:
        self._last = last
        self._until_ns = now_ns + round(PURSUE_S * NS_PER_S)
        self._anchor: tuple[Pose2, int] | None = None
        self._done = False

    def aim(self, robot: Pose2, ground: Ground, now_ns: int, unseen_s: float) -> tuple[Aim, Person] | None:
        """Return where to drive (or only turn to) and whom to look for; None once seen to, or out of reach."""
        away = robot.distance_to(self._last.x, self._last.y)
        place = np.array([[self._last.x, self._last.y]])
        # Whoever walked on is looked for from where they were; one who stood, or a place hard to get to, from here.
        enough = self._last.speed == 0.0 or ground.travel_to(place)[0] > DETOUR * away
        shows = away < SEEN_TO_M and enough and ground.in_sight(place, robot.x, robot.y)[0]
        faced = abs(robot.bearing_to(self._last.x, self._last.y)) < FACED_RAD
        seen_to = away < REACHED_M or (shows and faced)
        self._done = self._done or seen_to or now_ns > self._until_ns or self._stands(robot, now_ns)
        if self._done:
            return None
        if shows:
            return Aim(self._last.x, self._last.y, drive=False), self._last
        went = ground.after(self._last, min(2.0, unseen_s + 0.5))
        return Aim(self._last.x, self._last.y, drive=True), went

    def _stands(self, robot: Pose2, now_ns: int) -> bool:
        if self._anchor is None or self._anchor[0].distance_to(robot.x, robot.y) > GET_ON_M:
            self._anchor = robot, now_ns
        return now_ns - self._anchor[1] > PURSUIT_STANDS_S * NS_PER_S


class LookAround:
    """One turn on the spot. `way` is 1 to the left, -1 to the right."""

    def __init__(self, robot: Pose2, now_ns: int, way: float, angle: float) -> None:
        self._way = way
        self._left = angle
        self._yaw = robot.yaw
        self._turned_ns = now_ns

    def step(self, robot: Pose2, now_ns: int) -> bool:
        """Take note of the heading; return whether there is more to turn."""
        turned = self._way * wrap_angle(robot.yaw - self._yaw)
        if turned > 0.02:
            self._turned_ns = now_ns
        self._left -= turned
        self._yaw = robot.yaw
        return self._left > 0.0 and now_ns - self._turned_ns < STEADY_S * NS_PER_S

    def aim(self, robot: Pose2) -> Aim:
        """Return the next point to turn to."""
        yaw = robot.yaw + self._way * LEAD_RAD
        return Aim(robot.x + 2.0 * math.cos(yaw), robot.y + 2.0 * math.sin(yaw), drive=False)


def look_step(robot: Pose2, aim: Aim, most_rad: float = 1.2) -> tuple[float, float]:
    """Return a point 2 m away to turn toward, at most `most_rad` from the present heading."""
    turn = min(max(robot.bearing_to(aim.x, aim.y), -most_rad), most_rad)
    yaw = wrap_angle(robot.yaw + turn)
    return robot.x + 2.0 * math.cos(yaw), robot.y + 2.0 * math.sin(yaw)
