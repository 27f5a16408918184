"""Plans of the worlds room, in homes' words, turned into the segments that a Walker runs."""

from __future__ import annotations

from collections.abc import Callable

from sim.people.plan import (
    LookAtSegment,
    NodSegment,
    Segment,
    ShakeSegment,
    SitSegment,
    StopSegment,
    TalkSegment,
    TurnSegment,
    WalkSegment,
)
from worlds import plan as worlds_plan
from worlds.place import place_of
from worlds.schema import World

SEAT_LOW, SEAT_HIGH = 0.25, 0.70  # m; a seat is looked for between these heights
Height = Callable[[float, float], float]


def walker_plan(world: World, segments: tuple[worlds_plan.Segment, ...], seat_height: Height) -> tuple[Segment, ...]:
    """Return the same plan for a Walker.

    Args:
        seat_height: of the seat at a map point, m above the floor.
    """
    return tuple(_segment(world, segment, seat_height) for segment in segments)


def _segment(world: World, segment: worlds_plan.Segment, seat_height: Height) -> Segment:
    if segment.action == "walk":
        return WalkSegment(segment.path, segment.speed)
    if segment.action == "turn":
        return TurnSegment(by=segment.turn_by)
    if segment.action == "sit" and segment.seat is not None:
        x, y = segment.seat
        seconds = max(0.0, segment.seconds)
        return SitSegment(x, y, segment.yaw, seat_height(x, y), seconds)
    if segment.action == "look_at":
        x, y = _point(world, segment.target)
        return LookAtSegment(x, y, segment.seconds)
    if segment.action == "nod":
        return NodSegment(max(1, round(segment.seconds / worlds_plan.NOD_S)))
    if segment.action == "shake":
        return ShakeSegment(max(1, round(segment.seconds / worlds_plan.SHAKE_S)))
    if segment.action == "talk":
        return TalkSegment(segment.seconds)
    return StopSegment(segment.seconds)


def _point(world: World, target: object) -> tuple[float, float]:
    """Return a map point; a mover's name stands for where it starts."""
    if isinstance(target, tuple):
        return target
    starts = {mover.name: mover.at for mover in world.people} | {
        robot.name: place_of(world, robot) for robot in world.robots
    }
    if isinstance(target, str) and target in starts:
        return starts[target]
    raise ValueError(f"{world.name}: nobody to look at called {target!r}")
