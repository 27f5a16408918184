"""Where to be: the cheapest of the places around the person, by travel, sight, clearance and the person's own way.

The one idea: following, rounding a corner and standing by are one choice among places on rings around the person (and
the trail behind them), so there are no special cases to switch between.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from policies.follow.config import FollowerConfig
from policies.follow.ground import Ground
from policies.follow.trail import Person, Trail
from robot.geometry import Pose2

Points = NDArray[np.float64]
Costs = NDArray[np.float64]

ANGLES = np.arange(24) * (2.0 * math.pi / 24)
RING = np.column_stack((np.cos(ANGLES), np.sin(ANGLES)))
RINGS = (0.8, 1.0, 1.2)  # of the wished distance

OUT_OF_REACH = 1e6
TURN_COST = 0.8  # metres of travel for a radian of turning the camera away
SIDE_VIEW_RAD = 0.9  # a person this far to the side still counts as faced
HIDDEN = 3.0  # metres of travel that sight is worth
CROWDED_M = 0.9  # wished distance from other people
STAY_WITHIN_M = 2.0  # farther away, staying is no choice
HERE = 1  # index of the robot's own place among the candidates
KEEP, KEEP_STANDING = 0.3, 0.7  # metres of travel that a new choice must save, about a walking and a standing person


def wished_distance(distance_m: float, person: Person, config: FollowerConfig) -> float:
    """Return the distance to aim for: nearer than the standoff while the robot lags behind a walking person."""
    if person.speed < config.standing_speed:
        return config.standoff_m
    lag = max(0.0, distance_m - config.standoff_m)
    return max(config.nearest_m + 0.1, config.standoff_m - config.catch_up_gain * lag)


def in_the_way(points: Points, person: Person, seconds: float, half_width: float) -> Costs:
    """Return how deep (N, 2) points lie in what the person will walk through: 1 on the line, 0 outside."""
    speed = person.speed
    if speed < 1e-6:
        return np.zeros(len(points))
    heading = np.array([person.vx, person.vy]) / speed
    offset = points - np.array([person.x, person.y])
    along = offset @ heading
    across = np.abs(offset[:, 0] * heading[1] - offset[:, 1] * heading[0])
    inside = (along > 0.0) & (along < speed * seconds + half_width)
    return np.where(inside, np.clip(1.0 - across / half_width, 0.0, 1.0), 0.0)


def near_others(points: Points, others: list[Person], wished_m: float) -> Costs:
    """Return the metres by which (N, 2) points are nearer than wished to anybody else, summed."""
    cost = np.zeros(len(points))
    for other in others:
        cost += np.maximum(0.0, wished_m - np.hypot(points[:, 0] - other.x, points[:, 1] - other.y))
    return cost


def places(person: Person, soon: Person, wished_m: float, trail: Trail, robot: Pose2) -> Points:
    """Return the candidates, (N, 2) odom: rings about the person now and soon, their trail, and where the robot is.

    The first is straight between the robot and the person, so that a robot behind a walking person need not weave.
    """
    away = np.array([robot.x - person.x, robot.y - person.y])
    length = float(np.hypot(*away))
    straight = away / length if length > 1e-6 else np.array([1.0, 0.0])
    centre = np.array([person.x, person.y])
    found = [centre + wished_m * straight[None, :], np.array([[robot.x, robot.y]])]
    found += [centre + wished_m * scale * RING for scale in RINGS]
    if soon != person:
        found.append(np.array([soon.x, soon.y]) + wished_m * RING)
    behind = trail.point_behind(person.x, person.y, wished_m)
    if behind is not None:
        found.append(np.array([behind]))
    return np.concatenate(found)


def turn_away(points: Points, robot: Pose2, person: Person) -> Costs:
    """Return how far beyond what the camera bears the base must turn from the person to drive to each place, rad.

    Driving backward counts as well as forward: it keeps the person in view on the way to a place behind.
    """
    direction = np.arctan2(points[:, 1] - robot.y, points[:, 0] - robot.x)
    off = np.abs(direction - math.atan2(person.y - robot.y, person.x - robot.x))
    off = np.minimum(off, 2.0 * math.pi - off)
    beyond: Costs = np.maximum(0.0, np.minimum(off, math.pi - off) - SIDE_VIEW_RAD)
    return beyond


def costs(
    points: Points,
    person: Person,
    soon: Person,
    others: list[Person],
    robot: Pose2,
    ground: Ground,
    wished_m: float,
    config: FollowerConfig,
) -> Costs:
    """Return the cost of each of (N, 2) places, in metres of travel."""
    clearance = ground.clearance_at(points)
    straight = np.hypot(points[:, 0] - robot.x, points[:, 1] - robot.y)
    travel = np.maximum(ground.travel_to(points), straight)
    cost = np.where(np.isfinite(travel), travel, OUT_OF_REACH)
    cost += np.where((clearance < config.body_radius_m) & (straight > 0.0), OUT_OF_REACH, 0.0)
    cost += 3.0 * np.maximum(0.0, config.easy_clearance_m - clearance)
    cost += TURN_COST * turn_away(points, robot, person) * np.minimum(1.0, 2.0 * straight)
    for one in (person, soon):
        away = np.hypot(points[:, 0] - one.x, points[:, 1] - one.y)
        cost += 0.8 * np.abs(away - wished_m) + 2.0 * np.maximum(0.0, config.nearest_m - away)
        cost += np.where(ground.in_sight(points, one.x, one.y, config.person_erase_m), 0.0, HIDDEN / 2)
    cost += 2.0 * in_the_way(points, person, config.way_horizon_s, config.corridor_half_m)
    cost += 2.0 * near_others(points, others, CROWDED_M)
    return cost


def choose(
    person: Person,
    others: list[Person],
    robot: Pose2,
    trail: Trail,
    ground: Ground,
    previous: tuple[float, float] | None,
    config: FollowerConfig,
    wider_m: float = 0.0,
) -> tuple[float, float] | None:
    """Return the best place to be, odom m; None when no place around the person can be reached.

    Args:
        person: where the person is and how they walk.
        previous: the last choice relative to the person, kept unless another saves a good deal of travel.
        wider_m: to add to the wished distance.
    """
    soon = ground.after(person, config.look_ahead_s)
    wished = wished_distance(person.distance_to(robot.x, robot.y), person, config) + wider_m
    points = places(person, soon, wished, trail, robot)
    if previous is not None:
        points = np.concatenate((points, [[person.x + previous[0], person.y + previous[1]]]))
    cost = costs(points, person, soon, others, robot, ground, wished, config)
    if previous is not None:
        cost[-1] -= KEEP if person.speed > 0.0 else KEEP_STANDING
    if person.distance_to(robot.x, robot.y) > STAY_WITHIN_M or not _shows(person, robot, ground, config):
        cost[HERE] = OUT_OF_REACH
    best = int(np.argmin(cost))
    return (float(points[best, 0]), float(points[best, 1])) if cost[best] < OUT_OF_REACH else None


def _shows(person: Person, robot: Pose2, ground: Ground, config: FollowerConfig) -> bool:
    """Return whether nothing in the map stands between the robot and the person."""
    here = np.array([[robot.x, robot.y]])
    return bool(ground.in_sight(here, person.x, person.y, config.person_erase_m)[0])


def is_good(person: Person, robot: Pose2, ground: Ground, was_good: bool, config: FollowerConfig) -> bool:
    """Return whether the robot may stay where it is: in the band of distances now and soon, in sight, in no passage.

    The band is narrower for a robot that moves than for one that stands, so that it settles inside and then rests.
    """
    slack = 0.0 if was_good else 0.15
    if ground.clearance_at(np.array([[robot.x, robot.y]]))[0] < config.passage_m:
        return False  # people may want to get by
    soon = ground.after(person, config.look_ahead_s)
    low, high = config.good_from_m + slack, config.good_to_m - slack
    if not all(low <= p.distance_to(robot.x, robot.y) <= high for p in (person, soon)):
        return False
    return all(_shows(p, robot, ground, config) for p in (person, soon))
