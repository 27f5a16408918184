"""The floor plan that a robot is given of a world: what somebody would show a new robot around.

Rooms, doors, furniture, its dock. No people, no clutter.
"""

from __future__ import annotations

import math

from policies.behaviour.floor_plan import FloorPlan, PlanDoor, PlanRoom, PlanThing
from worlds.place import Placed, placed_furniture
from worlds.schema import Door, Room, World
from worlds.shape import Shape
from worlds.walls import doors

FLAT = frozenset({"rug", "picture", "shelf_wall"})  # on the floor or above the robot: nothing to drive around


def floor_plan(world: World) -> FloorPlan:
    """Return what a robot is told of a world."""
    robot = next((robot for robot in world.robots if robot.kind == "rover"), None)
    dock = (*robot.start, math.radians(robot.yaw_deg)) if robot else (0.0, 0.0, 0.0)
    return FloorPlan(
        rooms=tuple(PlanRoom(r.name, r.x, r.y, r.width, r.depth, r.floor_z) for r in world.rooms),
        doors=(*(_door(world, door) for door in world.doors), *_open_walls(world)),
        things=tuple(_thing(item) for item in placed_furniture(world)),
        dock=dock,
        leaves=tuple(_leaf(shape) for shape in doors(world)),
        wall_m=world.wall_thickness,
    )


def _door(world: World, door: Door) -> PlanDoor:
    a, b = (world.room(name) for name in door.between)
    wall = _shared(a, b)
    x, y = (door.at, wall[1]) if wall[0] else (wall[1], door.at)
    return PlanDoor(door.between, x, y, door.width, wall[0])


def _open_walls(world: World) -> tuple[PlanDoor, ...]:
    """Return rooms without a wall between them as one wide door each."""
    found = []
    for room in world.rooms:
        for name in room.open_to:
            other = world.room(name)
            along_x, at = _shared(room, other)
            low, high = _overlap(room, other, along_x)
            middle = (low + high) / 2.0
            x, y = (middle, at) if along_x else (at, middle)
            found.append(PlanDoor((room.name, name), x, y, high - low - world.wall_thickness, along_x))
    return tuple(found)


def _shared(a: Room, b: Room) -> tuple[bool, float]:
    """Return whether the wall between two rooms runs along x, and its y (else its x)."""
    for low, high in ((a, b), (b, a)):
        if abs(low.y + low.depth - high.y) < 0.02 and _overlap(a, b, True)[0] < _overlap(a, b, True)[1]:
            return True, high.y
        if abs(low.x + low.width - high.x) < 0.02 and _overlap(a, b, False)[0] < _overlap(a, b, False)[1]:
            return False, high.x
    raise ValueError(f"rooms '{a.name}' and '{b.name}' share no wall")


def _overlap(a: Room, b: Room, along_x: bool) -> tuple[float, float]:
    if along_x:
        return max(a.x, b.x), min(a.x + a.width, b.x + b.width)
    return max(a.y, b.y), min(a.y + a.depth, b.y + b.depth)


def _leaf(shape: Shape) -> PlanThing:
    x, y, z, w = shape.orientation
    yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return PlanThing(shape.name, "leaf", "", shape.position[0], shape.position[1], yaw, shape.size[1], shape.size[0])


def _thing(item: Placed) -> PlanThing:
    return PlanThing(
        name=item.name.partition("/")[2],
        kind=item.kind,
        room=item.room,
        x=item.x,
        y=item.y,
        yaw=item.yaw,
        width=item.size.width,
        depth=item.size.depth,
        solid=item.kind not in FLAT,
    )
