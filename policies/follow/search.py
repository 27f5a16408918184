"""Where a lost person may be: a cloud of guesses that walk on, and that a look at a clear place wipes out.

The one idea: each guess is the person walking on from where they were last seen, turning at walls and passing through
doors; looking somewhere without finding the person moves the guesses elsewhere. Going where the most guesses are for
the least way then is, without a plan of stages, first the corner they went around, then a look around, then the rooms
beyond (a particle filter used for search, after Bourgault et al., "Optimal search for a lost target", 2003).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from policies.follow.config import FollowerConfig
from policies.follow.ground import Ground
from policies.follow.trail import Person
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle

Points = NDArray[np.float64]

GUESS_RADIUS_M = 0.8  # guesses this near to each other are one place
LOOKED_AT = 40  # places compared in a step
NEAR_LOOK_M = 2.0  # nearer places that can be seen are only turned to
GET_ON_M, GET_ON_S = 0.3, 3.0  # on the way to a place, the robot moves so far in such time or gives up
GET_ON_RAD = 0.3
GIVE_UP_M = 1.0
KEEP_RATIO = 1.8  # another place must be this much better
TURN_STD = 0.5  # rad per square root of a second, how straight people walk
STOP_RATE = 0.12  # per second, how often they stop
GO_RATE = 0.25  # per second, how often they walk on
UNKNOWN_TURN_RATE = 0.8  # per second
SPREAD_SPEED = 0.25  # m/s


@dataclass(frozen=True)
class Aim:
    """What the search wants: look at (x, y), and drive there unless it can be seen well from here."""

    x: float
    y: float
    drive: bool


class Search:
    """The guesses of one search. Deterministic for a given generator state."""

    def __init__(self, last: Person, std_m: float, config: FollowerConfig, rng: Generator) -> None:
        self._config = config
        self._rng = rng
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
        chance = self._rng.random((2, count))
        self._walks = np.where(self._walks, chance[0] >= STOP_RATE * dt_s, chance[1] < GO_RATE * dt_s)
        self._heading += self._rng.normal(0.0, TURN_STD * math.sqrt(dt_s), count)
        step = (self._speed * self._walks * dt_s)[:, None]
        ahead = self._points + step * np.column_stack((np.cos(self._heading), np.sin(self._heading)))
        # What is unknown has walls too: guesses that enter it soon turn, and stay about its edge.
        astray = self._rng.random(count) < UNKNOWN_TURN_RATE * dt_s
        blocked = ground.is_occupied(ahead) | (ground.is_unknown(ahead) & astray)
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
        """Return where to look next: the most guesses for the least time to see them.

        A place toward which the robot does not get on is given up, so that a search cannot hang at a shut door.
        """
        if self._is_stuck(robot, now_ns):
            self._give_up(ground)
        places = self._points[:: max(1, len(self._points) // LOOKED_AT)]
        if self._aim is not None:
            places = np.concatenate(([[self._aim.x, self._aim.y]], places))
        value, visible = self._values(places, robot, ground)
        best = int(np.argmax(value))
        if self._aim is not None and value[best] < KEEP_RATIO * value[0]:
            best = 0
        away = robot.distance_to(places[best, 0], places[best, 1])
        self._aim = Aim(float(places[best, 0]), float(places[best, 1]), drive=not visible[best] or away > NEAR_LOOK_M)
        return self._aim

    def _is_stuck(self, robot: Pose2, now_ns: int) -> bool:
        """Return whether the robot has for long neither driven nor turned on, though the aim asks it to."""
        wanted = self._aim is not None and (
            self._aim.drive or abs(robot.bearing_to(self._aim.x, self._aim.y)) > GET_ON_RAD
        )
        if not wanted or self._anchor is None:
            self._anchor = robot, now_ns
            return False
        place, since_ns = self._anchor
        turned = not (self._aim and self._aim.drive) and abs(wrap_angle(robot.yaw - place.yaw)) > GET_ON_RAD
        if turned or place.distance_to(robot.x, robot.y) > GET_ON_M:
            self._anchor = robot, now_ns
            return False
        return now_ns - since_ns > GET_ON_S * NS_PER_S

    def _give_up(self, ground: Ground) -> None:
        """Drop the aim and the guesses about it; those that are left take their place, or any reachable place does."""
        assert self._aim is not None
        away = np.hypot(self._points[:, 0] - self._aim.x, self._points[:, 1] - self._aim.y)
        dropped, left = np.nonzero(away < GIVE_UP_M)[0], np.nonzero(away >= GIVE_UP_M)[0]
        pool = self._points[left] if left.size else ground.reachable_points()
        if len(pool):
            self._points[dropped] = pool[self._rng.integers(0, len(pool), dropped.size)]
        self._aim, self._anchor = None, None

    def _values(self, places: Points, robot: Pose2, ground: Ground) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return guesses near each place per second that seeing it takes, and which can be seen from here."""
        config = self._config
        gaps = np.hypot(places[:, None, 0] - self._points[None, :, 0], places[:, None, 1] - self._points[None, :, 1])
        near = gaps < GUESS_RADIUS_M
        offset = places - np.array([robot.x, robot.y])
        away = np.hypot(offset[:, 0], offset[:, 1])
        bearing = np.arctan2(offset[:, 1], offset[:, 0]) - robot.yaw
        turn_s = np.abs(np.arctan2(np.sin(bearing), np.cos(bearing))) / config.look_rate
        visible = ground.in_sight(places, robot.x, robot.y) & (away < 0.8 * config.sight_range_m)
        shown = ground.in_sight(self._points, robot.x, robot.y)
        # Turning there only looks at what nothing hides from here; driving there also looks behind the corner.
        mass = np.where(visible, (near & shown).mean(axis=1), near.mean(axis=1))
        travel = ground.travel_to(places)
        travel = np.where(np.isfinite(travel), travel, 1.5 * away + 1.0)
        seconds = 0.5 + turn_s + np.where(visible, 0.0, travel / (0.7 * config.search_speed))
        return mass / seconds, visible


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


def look_step(robot: Pose2, aim: Aim, most_rad: float = 1.2) -> tuple[float, float]:
    """Return a point 2 m away to turn toward, at most `most_rad` from the present heading."""
    turn = min(max(robot.bearing_to(aim.x, aim.y), -most_rad), most_rad)
    yaw = wrap_angle(robot.yaw + turn)
    return robot.x + 2.0 * math.cos(yaw), robot.y + 2.0 * math.sin(yaw)
