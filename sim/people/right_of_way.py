"""Who goes first when people meet: of two people one has the right of way and simply walks on, the other makes way.

The one who makes way looks a little ahead: when keeping on would bring them together, they stop; when the other is
coming straight at them, they go and stand where the other's way does not lead, or back where they came from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from robot.geometry import Pose2
from sim.people.plan import Blocker, Point
from sim.people.yielding import Free

HORIZON_S = 2.2  # how far people look ahead for each other
ASIDE_M = 0.12  # air kept beyond both radii
NOTICE_M = 3.0
MOVING = 0.1  # m/s
REFUGE_AHEAD_M = (0.0, 0.4, -0.4, 0.8, -0.8, 1.2, 1.7, 2.3)  # further along the other's way, or back toward them
REFUGE_DEEPER_M = (0.02, 0.3, 0.6)  # beside it
CROWDED_M, ELBOW_M = 0.5, 0.8  # who would stand nearer to somebody than this goes where there is that much air
LINGER_M = (0.4, 0.7, 1.0, 1.3)  # how far one walks on for it
LINGER_BEARINGS = tuple(math.radians(a) for a in (0, 30, -30, 60, -60, 90, -90, 135, -135))
STRIDE_M = 0.15  # between points checked on the way to a refuge

Velocity = tuple[float, float]


class Motions:
    """Velocities of blockers, from where they were a step ago (they come in the same order at every step)."""

    def __init__(self) -> None:
        """Nobody seen yet."""
        self._before: tuple[Blocker, ...] = ()

    def update(self, dt: float, blockers: Sequence[Blocker]) -> list[Velocity]:
        """Return the velocity (m/s) of each blocker; 0 for those seen for the first time."""
        known = self._before if len(self._before) == len(blockers) else tuple(blockers)
        self._before = tuple(blockers)
        return [((b.x - a.x) / dt, (b.y - a.y) / dt) for a, b in zip(known, blockers, strict=True)]


def closest_approach(pose: Pose2, velocity: Velocity, blocker: Blocker, its: Velocity) -> float:
    """Return the least distance of centres (m) within the horizon, both keeping their velocity."""
    x, y = blocker.x - pose.x, blocker.y - pose.y
    vx, vy = its[0] - velocity[0], its[1] - velocity[1]
    speed2 = vx * vx + vy * vy
    t = 0.0 if speed2 < 1e-9 else min(HORIZON_S, max(0.0, -(x * vx + y * vy) / speed2))
    return math.hypot(x + t * vx, y + t * vy)


def oncoming(
    pose: Pose2, velocity: Velocity, radius: float, blockers: Sequence[Blocker], motions: Sequence[Velocity]
) -> tuple[Blocker, Velocity] | None:
    """Return the walking person with the right of way whom `velocity` would bring too close, None if nobody."""
    for blocker, its in zip(blockers, motions, strict=True):
        if blocker.right_of_way != "theirs" or math.hypot(*its) < MOVING:
            continue
        near = radius + blocker.radius + ASIDE_M
        distance = pose.distance_to(blocker.x, blocker.y)
        if distance < NOTICE_M and closest_approach(pose, velocity, blocker, its) < min(near, distance):
            return blocker, its
    return None


def ignored(pose: Pose2, radius: float, blocker: Blocker, its: Velocity) -> bool:
    """Whether a blocker may be left to make way: it has to, it is walking, and it is not yet touching distance."""
    if blocker.right_of_way != "mine" or math.hypot(*its) < MOVING:
        return False
    return pose.distance_to(blocker.x, blocker.y) > radius + blocker.radius + ASIDE_M


def refuge(
    pose: Pose2, radius: float, other: Blocker, its: Velocity, blockers: Sequence[Blocker], free: Free
) -> Point | None:
    """Return the nearest place, straight ahead over free floor and not through any of the `blockers`, that the other's
    way does not touch; None if none."""
    ux, uy = its if math.hypot(*its) > MOVING else (pose.x - other.x, pose.y - other.y)
    norm = math.hypot(ux, uy)
    if norm < 1e-6:
        return None
    ux, uy = ux / norm, uy / norm
    need = radius + other.radius + ASIDE_M
    along = (pose.x - other.x) * ux + (pose.y - other.y) * uy
    spots = [
        (other.x + (along + ahead) * ux - side * uy, other.y + (along + ahead) * uy + side * ux)
        for ahead in REFUGE_AHEAD_M
        for deep in REFUGE_DEEPER_M
        for side in (need + deep, -need - deep)
    ]
    for x, y in sorted(spots, key=lambda spot: pose.distance_to(*spot)):
        rest = (b for b in blockers if b is not other)
        if _way_free(pose, (x, y), need, other, free) and all(
            _way_free(pose, (x, y), radius + b.radius + ASIDE_M, b, free) for b in rest
        ):
            return x, y
    return None


def elbow_room(pose: Pose2, radius: float, blockers: Sequence[Blocker], free: Free) -> Point | None:
    """Return a place nearby to stand, with air around it; None for one who is not crowded, or where there is none."""
    if all(pose.distance_to(b.x, b.y) - b.radius - radius > CROWDED_M for b in blockers):
        return None
    for spot in (pose.apply(far * math.cos(a), far * math.sin(a)) for far in LINGER_M for a in LINGER_BEARINGS):
        roomy = all(free(spot[0] + dx, spot[1] + dy) for dx, dy in ((0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.0, -0.3)))
        if roomy and all(_way_free(pose, spot, radius + b.radius + ELBOW_M, b, free) for b in blockers):
            return spot
    return None


def _way_free(pose: Pose2, goal: Point, need: float, other: Blocker, free: Free) -> bool:
    """Whether the straight way is free floor and does not lead to the other."""
    length = pose.distance_to(*goal)
    steps = max(1, math.ceil(length / STRIDE_M))
    now = pose.distance_to(other.x, other.y)
    for i in range(1, steps + 1):
        x, y = pose.x + (goal[0] - pose.x) * i / steps, pose.y + (goal[1] - pose.y) * i / steps
        if not free(x, y) or math.hypot(x - other.x, y - other.y) < min(need, now):
            return False
    return math.hypot(goal[0] - other.x, goal[1] - other.y) >= need
