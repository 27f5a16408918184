"""Near people the robot is slow, and nearer still it does not come closer. It may always turn, and leave at speed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import People
from robot.near_people import allowed_speed
from robot.safety.config import SafetyConfig
from robot.safety.limits import Twist
from robot.safety.points import Points, circles_outside
from robot.safety.reasons import PERSON_AHEAD, PERSON_NEAR

_ANGLES = np.arange(16) * (2.0 * math.pi / 16)
CIRCLE = np.column_stack((np.cos(_ANGLES), np.sin(_ANGLES)))
NOBODY: Points = np.empty((0, 2))


class Near(NamedTuple):
    """Somebody near: place in base_link (m), and whether they stand."""

    x: float
    y: float
    stands: bool


def near_people(people: People, pose: Pose2, now_ns: int, config: SafetyConfig) -> list[Near]:
    """Return recently seen people, moved on by their velocity to now."""
    found, from_base = [], pose.inverse()
    for track in people.tracks:
        if (now_ns - track.seen_ns) / NS_PER_S <= config.person_memory_s:
            ahead = max(0.0, (now_ns - people.stamp_ns) / NS_PER_S)
            x, y = from_base.apply(track.x + track.vx * ahead, track.y + track.vy * ahead)
            found.append(Near(x, y, math.hypot(track.vx, track.vy) < config.near_people.stands_speed))
    return found


def outlines(people: list[Near], config: SafetyConfig) -> Points:
    """Return points around each person (base_link), (N, 2) m, that the footprint must not swing into.

    Those it is at already are left out: a guessed outline must not hold a robot that has to turn to get away.
    """
    if not people:
        return NOBODY
    body, middles = config.body, np.array([(p.x, p.y) for p in people], np.float64)
    return np.concatenate(
        [
            circles_outside(middles, CIRCLE, radius, body.length / 2.0, body.width / 2.0, config.margin_m)
            for radius in (config.person_radius_m, config.person_turning_m)
        ]
    )


def of_standing(people: list[Near], limbs: Points, config: SafetyConfig) -> NDArray[np.bool_]:
    """Return which points of legs, (N, 2) m, are those of a standing person whose outline is known; (N,)."""
    theirs: NDArray[np.bool_] = np.zeros(len(limbs), np.bool_)
    for person in people if len(limbs) else ():
        if person.stands:
            theirs |= np.hypot(limbs[:, 0] - person.x, limbs[:, 1] - person.y) <= config.person_radius_m
    return theirs


def limit_near_people(twist: Twist, people: list[Near], config: SafetyConfig) -> tuple[Twist, tuple[str, ...]]:
    """Return the twist slowed for people near, and stopped (turning aside) where it approaches one too near."""
    speed = abs(twist.v)
    half_length, half_width = config.body.length / 2.0, config.body.width / 2.0
    reasons: list[str] = []
    for x, y, stands in people:
        allowed = float(allowed_speed(x, y, stands, twist.v, half_length, half_width, config.near_people))
        if allowed < speed:
            speed = allowed
            reason = PERSON_AHEAD if allowed == 0.0 else PERSON_NEAR
            if reason not in reasons:
                reasons.append(reason)
    if not reasons:
        return twist, ()
    share = speed / abs(twist.v)
    # A slowed curve keeps its curvature; a stopped one may still turn on the spot.
    return Twist(twist.v * share, twist.omega * share if share > 0.0 else twist.omega), tuple(reasons)
