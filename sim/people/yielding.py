"""How people brake for what is in front of them; the way around it is chosen in `passing.py`.

Only the front counts: 40 degrees to either side, and up to 75 degrees what walking straight on would brush against.
People do not walk into a robot that they have before them, standing or crossing their way (they look half a second
ahead), and do not creep behind one that gives way slowly: they stop, and walk on when there is room again. But nobody
brakes for a robot that comes from behind or from the side, and only who yields to it (see `right_of_way.py`) steps out
of its way. Gaps are edge to edge.
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
HOLD_GAP_M, HOLD_PEOPLE_M = 0.45, 0.30  # where a person who brakes in time comes to stand
HELD_UP_M, PAUSE_S = 0.80, 1.5  # one held up by something nearer than this stands for so long before walking on
SHOULDER_M = 0.05  # a lane free of people has this much to spare, and this much more for arms and feet beside things
LIMBS_M, SQUEEZE_M = 0.12, 0.08  # the latter with arms drawn in
CREEP = 0.2  # m/s; slower than this nobody walks behind a thing
LOOK_AHEAD_S = 0.5  # in which the motion of a thing in front is foreseen

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


def in_front(pose: Pose2, radius: float, blockers: Sequence[Blocker], squeezing: bool = False) -> Ahead | None:
    """Return the nearest blocker in the front sector whose gap or whose corridor matters, None if the way is clear.

    Args:
        squeezing: past things whose nearness alone does not matter then, nor a corridor wider than the shoulders.
    """
    nearest: Ahead | None = None
    forward_x, forward_y = math.cos(pose.yaw), math.sin(pose.yaw)
    for blocker in blockers:
        dx, dy = blocker.x - pose.x, blocker.y - pose.y
        if dx * forward_x + dy * forward_y < 0.0:
            continue  # behind, beyond either sector
        distance = math.hypot(dx, dy)
        bearing = pose.bearing_to(blocker.x, blocker.y)
        reach = radius + blocker.radius
        gap, lateral = distance - reach, distance * math.sin(bearing)
        if nearest is not None and gap >= nearest.gap:
            continue
        close = squeezing and not blocker.keeps_aside
        spare = SQUEEZE_M if close else SHOULDER_M if blocker.keeps_aside else LIMBS_M
        in_lane = abs(lateral) < reach + spare
        if abs(bearing) > (BRUSH_FRONT if _brushes(blocker, gap, in_lane) else FRONT):
            continue
        if not in_lane and (close or gap > STOP_GAP_M):
            continue
        nearest = Ahead(gap, lateral, reach, blocker)
    return nearest


def _brushes(blocker: Blocker, gap: float, in_lane: bool) -> bool:
    """Whether something is noticed beyond the front sector: people who come close, things that shoulders would meet."""
    if blocker.keeps_aside:
        return blocker.right_of_way != "mine" and gap < BRUSH_GAP_M
    return in_lane and gap < STOP_GAP_M


def foreseen(pose: Pose2, blockers: Sequence[Blocker], motions: Sequence[tuple[float, float]]) -> tuple[Blocker, ...]:
    """Return the things before a person's eyes that move, where they will be in a moment."""
    found = []
    for b, (vx, vy) in zip(blockers, motions, strict=True):
        if not b.keeps_aside and math.hypot(vx, vy) > 0.1 and abs(pose.bearing_to(b.x, b.y)) < BRUSH_FRONT:
            found.append(Blocker(b.x + LOOK_AHEAD_S * vx, b.y + LOOK_AHEAD_S * vy, *b[2:]))
    return tuple(found)


def nearer(a: Ahead | None, b: Ahead | None) -> Ahead | None:
    """Return the one with the smaller gap."""
    if a is None or b is None:
        return a if b is None else b
    return a if a.gap <= b.gap else b


def safe_speed(ahead: Ahead | None, deceleration: float, squeezing: bool) -> float:
    """Return the speed (m/s) from which one still comes to a stand before the hold gap; behind a thing, 0 rather than
    a creep. Who squeezes past things, or would, comes as close as people do to each other."""
    if ahead is None:
        return math.inf
    hold = HOLD_PEOPLE_M if ahead.blocker.keeps_aside or squeezing else HOLD_GAP_M
    limit = math.sqrt(2.0 * deceleration * max(0.0, ahead.gap - hold))
    return limit if ahead.blocker.keeps_aside or limit > CREEP else 0.0
