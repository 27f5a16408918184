"""Out of the way of people: who comes toward the robot or is too near, and where to go so that they can pass.

The one idea: the robot's and the person's next seconds are laid side by side for every place it could step to; the best
place keeps the gap wide on the way there and lies beside the person's line at the end, or, where there is no room
beside it, further down the line.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from policies.follow.config import FollowerConfig
from policies.follow.ground import Ground
from policies.follow.standoff import OUT_OF_REACH, in_the_way
from policies.follow.trail import Person
from robot.geometry import Pose2

Points = NDArray[np.float64]

DIRECTIONS = 24
STEPS_M = (0.3, 0.5, 0.75, 1.0, 1.4)
ON_THE_LINE_M = 0.5  # half of what a walking person takes, robot included
HELD_UP_BEYOND_M = 0.4  # people stop no farther before a robot than this beyond what is too near
SLOW_WALK = 0.4  # m/s
TIMES_S = np.arange(1, 7) * 0.4
TURN_COST = 0.3  # metres of travel for a radian of turning away
KEEP = 0.5


def offsets() -> Points:
    """Return the steps looked at, (N, 2) m about the robot; the first is to stay."""
    angle = np.arange(DIRECTIONS) * (2.0 * math.pi / DIRECTIONS)
    ring = np.column_stack((np.cos(angle), np.sin(angle)))
    return np.concatenate([np.zeros((1, 2)), *(step * ring for step in STEPS_M)])


OFFSETS = offsets()


def comes_toward(person: Person, robot: Pose2, horizon_s: float) -> bool:
    """Return whether the person will walk where the robot stands within the horizon."""
    x, y = robot.x - person.x, robot.y - person.y
    along = (x * person.vx + y * person.vy) / max(person.speed, 1e-6)
    if person.speed == 0.0 or along <= 0.0:
        return False
    part = min(along, person.speed * horizon_s) / person.speed
    return math.hypot(x - part * person.vx, y - part * person.vy) < ON_THE_LINE_M


def is_held_up(person: Person, robot: Pose2, near_m: float) -> bool:
    """Return whether someone who just walked at the robot now stands before it: people wait for it to move."""
    near = person.distance_to(robot.x, robot.y) < near_m
    return near and person.speed == 0.0 and comes_toward(person.as_meant(), robot, near_m / SLOW_WALK)


def as_walking(person: Person, robot: Pose2, config: FollowerConfig) -> Person:
    """Return the person, or as they mean to walk where it is the robot that holds them up."""
    return person.as_meant() if is_held_up(person, robot, config.too_near_m + HELD_UP_BEYOND_M) else person


def facing(person: Person, robot: Pose2) -> Person:
    """Return the standing person as if they wanted to walk where the robot is."""
    away = max(person.distance_to(robot.x, robot.y), 1e-6)
    return replace(person, vx=SLOW_WALK * (robot.x - person.x) / away, vy=SLOW_WALK * (robot.y - person.y) / away)


def face_to_face(others: list[Person], robot: Pose2, config: FollowerConfig) -> list[Person]:
    """Return whoever stands so near to a robot that cannot get on that each may be waiting for the other.

    On any side: a robot that is held up turns to and fro.
    """
    near = [p for p in others if p.distance_to(robot.x, robot.y) < config.near_stranger_m + HELD_UP_BEYOND_M]
    return [facing(p, robot) for p in near if p.speed == 0.0]


def coming(others: list[Person], robot: Pose2, config: FollowerConfig) -> list[Person]:
    """Return the strangers who are about to walk into the robot: people keep off a robot only while they see it.

    The followed person is none of them; where to be about them is one choice with all that follows from how they walk.
    """
    return [person for person in others if comes_toward(person, robot, config.stranger_horizon_s)]


def waiting(others: list[Person], robot: Pose2, config: FollowerConfig) -> list[Person]:
    """Return the strangers who wait for the robot to move, as they meant to walk."""
    near = config.near_stranger_m + HELD_UP_BEYOND_M
    return [person.as_meant() for person in others if is_held_up(person, robot, near)]


def least_gap(points: Points, robot: Pose2, person: Person, config: FollowerConfig) -> NDArray[np.float64]:
    """Return the least distance to the walking person while the robot drives to each of (N, 2) points, m."""
    start = np.array([robot.x, robot.y])
    away = np.hypot(*(points - start).T)
    part = np.minimum(1.0, TIMES_S[None, :] * config.step_aside_speed / np.maximum(away, 1e-6)[:, None])
    robot_x = robot.x + part * (points[:, :1] - robot.x)
    robot_y = robot.y + part * (points[:, 1:] - robot.y)
    gap = np.hypot(robot_x - (person.x + TIMES_S * person.vx), robot_y - (person.y + TIMES_S * person.vy))
    least: NDArray[np.float64] = gap.min(axis=1)
    return least


def turn_needed(points: Points, robot: Pose2, face: Person) -> NDArray[np.float64]:
    """Return how far the base turns from facing the person to drive, either way round, to each point, rad."""
    direction = np.arctan2(points[:, 1] - robot.y, points[:, 0] - robot.x)
    facing = math.atan2(face.y - robot.y, face.x - robot.x)
    off = np.abs(np.arctan2(np.sin(direction - facing), np.cos(direction - facing)))
    least: NDArray[np.float64] = np.minimum(off, math.pi - off)
    return least


def choose_way(
    people: list[Person],
    robot: Pose2,
    ground: Ground,
    face: Person,
    previous: tuple[float, float] | None,
    config: FollowerConfig,
) -> tuple[float, float]:
    """Return where to step so that `people` can pass, odom m (the robot's own place when nothing is better).

    Args:
        people: who needs the room, nearest first. face: whom to keep in view while stepping.
        previous: the last answer, kept unless another is clearly better.
    """
    points = OFFSETS + np.array([robot.x, robot.y])
    if previous is not None:
        points = np.concatenate((points, [previous]))
    straight = np.hypot(points[:, 0] - robot.x, points[:, 1] - robot.y)
    travel = ground.travel_to(points)
    travel[0] = 0.0
    clearance = ground.clearance_at(points)
    shut = ~np.isfinite(travel) | (clearance < config.body_radius_m)
    shut[0] = False
    cost = np.where(shut, OUT_OF_REACH, 0.5 * straight)
    cost += np.where(travel > 1.5 * straight + 0.4, 2.0, 0.0)  # the way there leads around something
    cost += 3.0 * np.maximum(0.0, 0.35 - clearance)
    cost += TURN_COST * turn_needed(points, robot, face) * (straight > 0.0)
    for person in people:
        cost += 4.0 * np.maximum(0.0, config.clear_of_m - least_gap(points, robot, person, config)) ** 2
        cost += 3.0 * in_the_way(points, person, config.way_horizon_s + 1.0, config.corridor_half_m + 0.1)
    cost += 0.5 * np.maximum(0.0, np.hypot(points[:, 0] - face.x, points[:, 1] - face.y) - 1.8)
    cost += np.where(ground.in_sight(points, face.x, face.y, config.person_erase_m), 0.0, 0.7)
    if previous is not None:
        cost[-1] -= KEEP
    best = int(np.argmin(cost))
    return float(points[best, 0]), float(points[best, 1])
