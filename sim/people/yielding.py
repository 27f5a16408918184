"""How people make way: brake for what stands in front, step aside early for people, later for anything else.

Only the front counts: 40 degrees to either side, and up to 75 degrees what walking straight on would brush against.
People do not walk into a robot that they have before them, standing or crossing their way (they look half a second
ahead); they stop, and after a while go around it. But nobody sees a robot that comes from behind or from the side, and
nobody jumps out of its way: one who stands is run into. Gaps are edge to edge. A side step goes to the side that needs
less of it and is free, to the right when the thing is dead ahead; of two people who meet, each does a little more than
half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from robot.geometry import Pose2
from sim.people.plan import Blocker

FRONT = math.radians(40.0)
STOP_GAP_M = 0.45  # whatever is nearer than this in front stops a person
BRUSH_GAP_M = 0.15  # people this close are noticed further to the side
BRUSH_FRONT = math.radians(75.0)
HOLD_GAP_M = 0.30  # where a person who brakes in time comes to stand
ASIDE_FROM_M = 2.2  # other people are passed aside from this far
ASIDE_GAP_M = 0.18
THING_GAP_M = 0.25  # things and robots are passed with more room than people
SHOULDER_M = 0.05  # a lane free of people has this much to spare, and this much more for arms and feet beside things
LIMBS_M = 0.12
LOOK_AHEAD_S = 0.5  # in which the motion of a thing in front is foreseen
MEETING_SHARE = 0.6  # of the side step, when the other is expected to do as much
PATIENCE_S = 1.5  # standing in front of something before stepping around it
RIGHT, LEFT = -1.0, 1.0

Free = Callable[[float, float], bool]


@dataclass(frozen=True)
class Ahead:
    """The nearest thing in a person's front.

    Attributes:
        gap: edge to edge (m).
        lateral: of its centre from the line of walking, left positive (m).
        reach: both radii together (m).
    """

    gap: float
    lateral: float
    reach: float
    blocker: Blocker


def in_front(pose: Pose2, radius: float, blockers: Sequence[Blocker]) -> Ahead | None:
    """Return the nearest blocker in the front sector whose gap or whose corridor matters, None if the way is clear."""
    nearest: Ahead | None = None
    for blocker in blockers:
        distance = pose.distance_to(blocker.x, blocker.y)
        bearing = pose.bearing_to(blocker.x, blocker.y)
        reach = radius + blocker.radius
        gap, lateral = distance - reach, distance * math.sin(bearing)
        in_lane = abs(lateral) < reach + (SHOULDER_M if blocker.keeps_aside else LIMBS_M)
        if abs(bearing) > (BRUSH_FRONT if _brushes(blocker, gap, in_lane) else FRONT):
            continue
        if gap > STOP_GAP_M and not in_lane:
            continue
        if nearest is None or gap < nearest.gap:
            nearest = Ahead(gap, lateral, reach, blocker)
    return nearest


def _brushes(blocker: Blocker, gap: float, in_lane: bool) -> bool:
    """Whether something is noticed beyond the front sector: people who come close, things that shoulders would meet."""
    if blocker.keeps_aside:
        return blocker.right_of_way != "mine" and gap < BRUSH_GAP_M
    return in_lane and gap < STOP_GAP_M


def foreseen(pose: Pose2, blockers: Sequence[Blocker], motions: Sequence[tuple[float, float]]) -> tuple[Blocker, ...]:
    """Return the things before a person's eyes that move, where they will be in a moment."""
    return tuple(
        Blocker(b.x + LOOK_AHEAD_S * vx, b.y + LOOK_AHEAD_S * vy, *b[2:])
        for b, (vx, vy) in zip(blockers, motions, strict=True)
        if not b.keeps_aside and math.hypot(vx, vy) > 0.1 and abs(pose.bearing_to(b.x, b.y)) < BRUSH_FRONT
    )


def nearer(a: Ahead | None, b: Ahead | None) -> Ahead | None:
    """Return the one with the smaller gap."""
    if a is None or b is None:
        return a if b is None else b
    return a if a.gap <= b.gap else b


def safe_speed(ahead: Ahead | None, deceleration: float) -> float:
    """Return the speed (m/s) from which one still comes to a stand before the hold gap."""
    if ahead is None:
        return math.inf
    return math.sqrt(2.0 * deceleration * max(0.0, ahead.gap - HOLD_GAP_M))


class SideStep:
    """Lateral offset from the planned way while something is being passed."""

    def __init__(self) -> None:
        """Start on the way."""
        self.offset = 0.0
        self._wanted = 0.0
        self._around: Blocker | None = None
        self.blocked_s = 0.0

    def update(
        self,
        dt: float,
        pose: Pose2,
        radius: float,
        ahead: Ahead | None,
        standing: bool,
        blockers: Sequence[Blocker],
        free: Free,
    ) -> None:
        """Decide on a side step and move the offset toward it at walking pace."""
        blocked = ahead is not None and standing and ahead.gap < STOP_GAP_M
        self.blocked_s = self.blocked_s + dt if blocked else 0.0
        if self._around is not None:
            self._around = _same(self._around, blockers)
        if self._around is not None and _passed(pose, self._around, radius):
            self._around = None
        if ahead is not None and self._around is None:
            early = ahead.blocker.keeps_aside and ahead.gap < ASIDE_FROM_M
            if early or self.blocked_s > PATIENCE_S:
                self._choose(pose, radius, ahead, blockers, free)
        if self._around is None:
            self._wanted = 0.0
        change = 0.6 * dt
        self.offset += min(change, max(-change, self._wanted - self.offset))

    def _choose(self, pose: Pose2, radius: float, ahead: Ahead, blockers: Sequence[Blocker], free: Free) -> None:
        """Pick the side with room; the right one when the thing is dead ahead."""
        need = ahead.reach + (ASIDE_GAP_M if ahead.blocker.keeps_aside else THING_GAP_M)
        if ahead.blocker.keeps_aside and ahead.blocker.right_of_way == "shared" and self.blocked_s < PATIENCE_S:
            need *= MEETING_SHARE
        sides = (LEFT, RIGHT) if ahead.lateral < -0.15 else (RIGHT, LEFT)
        distance = ahead.gap + ahead.reach
        for side in sides:
            shift = ahead.lateral + side * need
            others = [b for b in blockers if b is not ahead.blocker]
            if _lane_free(pose, shift, distance, radius, others, free):
                self._wanted, self._around = shift + self.offset, ahead.blocker
                return


def _lane_free(
    pose: Pose2, shift: float, distance: float, radius: float, others: Sequence[Blocker], free: Free
) -> bool:
    """Whether a parallel lane `shift` to the left is free from here to beyond the thing at `distance`."""
    steps = max(2, math.ceil((distance + 0.4) / 0.2))
    for i in range(steps + 1):
        forward = (distance + 0.4) * i / steps
        x, y = pose.apply(forward, shift * min(1.0, 0.35 + forward))
        if not free(x, y) or any(math.hypot(b.x - x, b.y - y) < b.radius + radius for b in others):
            return False
    return True


def _same(old: Blocker, blockers: Sequence[Blocker]) -> Blocker | None:
    """The blocker that was `old` a step ago: the nearest one within 0.3 m."""
    near = [(math.hypot(b.x - old.x, b.y - old.y), i) for i, b in enumerate(blockers)]
    return blockers[min(near)[1]] if near and min(near)[0] < 0.3 else None


def _passed(pose: Pose2, blocker: Blocker, radius: float) -> bool:
    far = pose.distance_to(blocker.x, blocker.y) > ASIDE_FROM_M + blocker.radius + radius + 0.3
    return far or abs(pose.bearing_to(blocker.x, blocker.y)) > math.radians(100.0)
