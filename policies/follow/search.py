"""Where a lost person may be: a cloud of guesses that walk on, and that a look at a clear place wipes out.

The one idea: each guess is the person walking on from where they were last seen, turning at walls and passing through
doors; looking somewhere without finding the person moves the guesses elsewhere. Going where the most guesses are for
the least way then is, without a plan of stages, first the corner they went around, then a look around, then the rooms
beyond (a particle filter used for search, after Bourgault et al., "Optimal search for a lost target", 2003).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from policies.follow.config import FollowerConfig
from policies.follow.ground import Ground
from policies.follow.pursuit import GET_ON_M, GET_ON_S, Aim, LookAround
from policies.follow.stirs import Stirs
from policies.follow.trail import Person
from robot.clock import NS_PER_S
from robot.geometry import Pose2

Points = NDArray[np.float64]

GUESS_RADIUS_M = 0.8  # guesses this near to each other are one place
LOOKED_AT = 40  # places compared in a step
LOOK_AGAIN_M = 1.5  # from the last look around, before another pays
MOST = 0.9  # of the guesses in sight that a look around is to have covered
WORTH_A_LOOK = 0.35  # share of the guesses in sight from which a look around pays
ARRIVED_M, SHOWN_M = 0.5, 1.2  # from the place, and from one that shows
GIVE_UP_M = 1.0
KEEP_RATIO = 3.0  # another place must be this much better
TURN_STD = 0.5  # rad per square root of a second, how straight people walk
STOP_RATE = 0.12  # per second, how often they stop
GO_RATE = 0.25  # per second, how often they walk on
ANYWHERE_SHARE = 0.15  # of the guesses that a look wiped out: anywhere that could be walked to meanwhile
FASTEST_WALK = 0.9  # m/s
SPREAD_SPEED = 0.25  # m/s


class Search:
    """The guesses of one search. Deterministic for a given generator state."""

    def __init__(self, last: Person, std_m: float, config: FollowerConfig, rng: Generator) -> None:
        self._config = config
        self._rng = rng
        self._last, self._walked_s = last, 0.0
        self._turn: LookAround | None = None
        self._stirs = Stirs()
        self._looked_from: Pose2 | None = None
        count = config.particles
        self._points: Points = np.array([last.x, last.y]) + rng.normal(0.0, max(0.1, std_m), (count, 2))
        self._speed = np.abs(rng.normal(max(last.speed, 0.3), SPREAD_SPEED, count))
        self._heading = _first_headings(last, count, rng)
        self._walks = np.full(count, True)
        self._aim: Aim | None = None
        self._anchor: tuple[Pose2, int] | None = None  # where the robot last got on, and when

    @property
    def guesses(self) -> Points:
        """(N, 2) odom, m."""
        return self._points

    def walk(self, dt_s: float, ground: Ground) -> None:
        """Move the guesses on: nearly straight, turning where something stands, stopping and starting at times."""
        count = len(self._points)
        self._walked_s += dt_s
        chance = self._rng.random((2, count))
        self._walks = np.where(self._walks, chance[0] >= STOP_RATE * dt_s, chance[1] < GO_RATE * dt_s)
        self._heading += self._rng.normal(0.0, TURN_STD * math.sqrt(dt_s), count)
        step = (self._speed * self._walks * dt_s)[:, None]
        ahead = self._points + step * np.column_stack((np.cos(self._heading), np.sin(self._heading)))
        # What is unknown may be a wall: guesses stay at its edge, which is where to look from.
        blocked = ground.is_occupied(ahead) | ground.is_unknown(ahead)
        self._points = np.where(blocked[:, None], self._points, ahead)
        turned = self._rng.uniform(-math.pi, math.pi, count)
        self._heading = np.where(blocked, turned, self._heading)

    def look(self, robot: Pose2, ground: Ground, others: list[Person]) -> None:
        """Take in that the camera, from here, does not show the person: guesses in view become less likely."""
        config = self._config
        in_cone, clear = self._in_view(robot, ground, others)
        seen = np.where(clear, config.see_probability, config.miss_probability) * in_cone
        gone = self._rng.random(len(seen)) < seen
        left = np.nonzero(~gone)[0]
        if left.size == 0:
            left = np.arange(len(seen))
        replaced = np.nonzero(gone)[0]
        source = left[self._rng.integers(0, left.size, replaced.size)]
        self._points[replaced] = self._points[source] + self._rng.normal(0.0, 0.15, (replaced.size, 2))
        self._speed[replaced] = self._speed[source]
        self._heading[replaced] = self._heading[source] + self._rng.normal(0.0, 0.4, replaced.size)
        self._scatter(replaced[: round(ANYWHERE_SHARE * replaced.size)], robot, ground)

    def _scatter(self, which: NDArray[np.int64], robot: Pose2, ground: Ground) -> None:
        """Put guesses where the person could have walked to by now, wherever the robot did not think of."""
        pool = ground.reachable_points()
        away = np.hypot(pool[:, 0] - self._last.x, pool[:, 1] - self._last.y)
        pool = pool[away < 1.0 + FASTEST_WALK * self._walked_s]
        if len(pool):
            self._points[which] = pool[self._rng.integers(0, len(pool), which.size)]

    def _in_view(
        self, robot: Pose2, ground: Ground, others: list[Person]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which guesses lie within the camera's reach and angle, and which of all nothing hides."""
        offset = self._points - np.array([robot.x, robot.y])
        away = np.hypot(offset[:, 0], offset[:, 1])
        bearing = np.arctan2(offset[:, 1], offset[:, 0]) - robot.yaw
        bearing = np.arctan2(np.sin(bearing), np.cos(bearing))
        in_cone = (np.abs(bearing) < self._config.half_view_rad) & (away < self._config.sight_range_m)
        clear = ground.in_sight(self._points, robot.x, robot.y)
        for other in others:
            clear &= ~_behind(offset, other.x - robot.x, other.y - robot.y)
        return in_cone, clear

    def aim(self, robot: Pose2, ground: Ground, now_ns: int) -> Aim:
        """Return where to look next: at what moves; else around, then where most guesses are for the least way.

        A place toward which the robot does not get on is given up, so that a search cannot hang at a shut door.
        """
        moving = self._stirs.nearest(robot, ground, now_ns, self._config.half_view_rad)
        if moving is not None:
            return Aim(*moving, drive=False)
        if self._turn is None and self._pays_to_look(robot, ground):
            self._turn = LookAround(robot, now_ns, *self._sweep(robot, ground))
        if self._turn is not None:
            self._looked_from = robot
            if self._turn.step(robot, now_ns):
                return self._turn.aim(robot)
            self._turn, self._anchor = None, None
        if self._aim is not None and self._stands(robot, now_ns):
            self._give_up(ground)
        self._aim = self._place(robot, ground)
        return self._aim

    def _pays_to_look(self, robot: Pose2, ground: Ground) -> bool:
        """Return whether to look around here: on arrival, and where many of the places in question show."""
        moved = math.inf if self._looked_from is None else self._looked_from.distance_to(robot.x, robot.y)
        if self._aim is not None:
            away = robot.distance_to(self._aim.x, self._aim.y)
            shown = ground.in_sight(np.array([[robot.x, robot.y]]), self._aim.x, self._aim.y)[0]
            if away < ARRIVED_M or (away < SHOWN_M and shown and moved > ARRIVED_M):
                if moved <= ARRIVED_M:
                    self._give_up(ground)  # all of it was looked at from here
                self._aim = None
                return moved > ARRIVED_M
        if moved < LOOK_AGAIN_M:
            return False
        return bool(self._shown(robot, ground).mean() > WORTH_A_LOOK)

    def _shown(self, robot: Pose2, ground: Ground) -> NDArray[np.bool_]:
        """Return which guesses the camera would show if it were turned to them."""
        away = np.hypot(self._points[:, 0] - robot.x, self._points[:, 1] - robot.y)
        return ground.in_sight(self._points, robot.x, robot.y) & (away < self._config.sight_range_m)

    def _sweep(self, robot: Pose2, ground: Ground) -> tuple[float, float]:
        """Return which way (1 left, -1 right) and how far (rad) to turn to have looked at all that shows from here."""
        offset = self._points[self._shown(robot, ground)] - np.array([robot.x, robot.y])
        if len(offset) == 0:
            return 1.0, 2.0 * (math.pi - self._config.half_view_rad)
        half = self._config.half_view_rad
        left = np.mod(np.arctan2(offset[:, 1], offset[:, 0]) - robot.yaw, 2.0 * math.pi)
        in_view = np.minimum(left, 2.0 * math.pi - left) < half
        turns = (np.where(in_view, half, left), np.where(in_view, half, 2.0 * math.pi - left))
        angles = [float(np.quantile(turn, MOST)) - half for turn in turns]
        return (1.0, angles[0]) if angles[0] <= angles[1] else (-1.0, angles[1])

    def _place(self, robot: Pose2, ground: Ground) -> Aim:
        """Return the place to drive to, the last one unless another is much better."""
        places = self._points[:: max(1, len(self._points) // LOOKED_AT)]
        reached = np.isfinite(ground.travel_to(places))
        places = places[reached] if reached.any() else places
        if self._aim is not None:
            places = np.concatenate(([[self._aim.x, self._aim.y]], places))
        value = self._values(places, robot, ground)
        best = int(np.argmax(value))
        if self._aim is not None and value[best] < KEEP_RATIO * value[0]:
            best = 0
        return Aim(float(places[best, 0]), float(places[best, 1]), drive=True)

    def _stands(self, robot: Pose2, now_ns: int) -> bool:
        """Return whether the robot has for long not driven on."""
        if self._anchor is None or self._anchor[0].distance_to(robot.x, robot.y) > GET_ON_M:
            self._anchor = robot, now_ns
        return now_ns - self._anchor[1] > GET_ON_S * NS_PER_S

    def _give_up(self, ground: Ground) -> None:
        """Drop the aim and the guesses about it; those that are left take their place, or any reachable place does."""
        assert self._aim is not None
        away = np.hypot(self._points[:, 0] - self._aim.x, self._points[:, 1] - self._aim.y)
        dropped, left = np.nonzero(away < GIVE_UP_M)[0], np.nonzero(away >= GIVE_UP_M)[0]
        pool = self._points[left] if left.size else ground.reachable_points()
        if len(pool):
            self._points[dropped] = pool[self._rng.integers(0, len(pool), dropped.size)]
        self._aim, self._anchor = None, None

    def _values(self, places: Points, robot: Pose2, ground: Ground) -> NDArray[np.float64]:
        """Return guesses near each place per second that it takes to get there."""
        gaps = np.hypot(places[:, None, 0] - self._points[None, :, 0], places[:, None, 1] - self._points[None, :, 1])
        mass = (gaps < GUESS_RADIUS_M).mean(axis=1)
        away = np.hypot(places[:, 0] - robot.x, places[:, 1] - robot.y)
        travel = ground.travel_to(places)
        travel = np.where(np.isfinite(travel), travel, 1.5 * away + 1.0)
        value: NDArray[np.float64] = mass / (1.0 + travel / (0.7 * self._config.search_speed))
        return value


def _first_headings(last: Person, count: int, rng: Generator) -> NDArray[np.float64]:
    """Most walk on as they did; some turned; a few may go anywhere. Someone who stood may go anywhere."""
    anywhere = rng.uniform(-math.pi, math.pi, count)
    if last.speed < 0.1:
        return anywhere
    onward = math.atan2(last.vy, last.vx) + rng.normal(0.0, 0.35, count)
    share = np.arange(count) / count
    return np.where(share < 0.75, onward, anywhere)


def _behind(offset: Points, x: float, y: float) -> NDArray[np.bool_]:
    """Return which of (N, 2) offsets from the camera someone standing at offset (x, y) hides."""
    distance = math.hypot(x, y)
    if distance < 0.1:
        return np.ones(len(offset), dtype=np.bool_)
    along = (offset[:, 0] * x + offset[:, 1] * y) / distance
    across = np.abs(offset[:, 0] * y - offset[:, 1] * x) / distance
    # The shadow widens with distance like the person's own width does at theirs.
    return (along > distance) & (across < 0.3 * along / distance)
