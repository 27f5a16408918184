"""What makes a walk worth following: being hidden twice, stopping, turning back, passing doors. Checked on a plan."""

from __future__ import annotations

from itertools import pairwise

from worlds.plan import PersonPlan
from worlds.schema import World
from worlds.sight import Loss, losses

HIDDEN_S = 3.0
HIDES = 2
STOPS = 3
DOORS = 2


def hidden_stretches(world: World, plan: PersonPlan, duration_s: float, eager: bool = False) -> tuple[Loss, ...]:
    """When a follower 1.5 m behind would lose sight for 3 s or more (see worlds/sight.py for the two models)."""
    robot = world.drivers[0].start if world.drivers else plan.start
    found = losses(world, robot, plan.track(duration_s), eager)
    return tuple(loss for loss in found if loss.seconds >= HIDDEN_S)


def missing(world: World, plan: PersonPlan, duration_s: float) -> str:
    """The first demand on a follow-bench walk that this plan does not meet in time, in words; empty if none."""
    in_time, now = [], 0.0
    for segment in plan.segments:
        now += segment.seconds
        if now <= duration_s:
            in_time.append(segment)
    stops = [segment for segment in in_time if segment.action == "stop" and 2.0 <= segment.seconds <= 6.0]
    rooms = [world.room_at(float(x), float(y)) for x, y in plan.track(duration_s)]
    if len(hidden_stretches(world, plan, duration_s)) < HIDES:
        return f"hidden for {HIDDEN_S:g} s {HIDES} times"
    if not any(segment.note == "turn back" and segment.action == "walk" for segment in in_time):
        return "a turn back"
    if len(stops) < STOPS:
        return f"{STOPS} stops of 2 to 6 s"
    return "" if sum(a is not b for a, b in pairwise(rooms)) >= DOORS else f"{DOORS} doors"
