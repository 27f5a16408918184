"""A person's script becomes a plan: places become points, ways are found, wandering is drawn from a seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.rng import spawn
from worlds.place import Placed, find_furniture
from worlds.plan import NOD_S, SHAKE_S, PersonPlan, PlanBuilder, Segment
from worlds.routes import Routes, routes_from
from worlds.schema import Person, Room, World
from worlds.steps import LookAt, Nod, Place, Point, Shake, Sit, Step, Stop, Talk, Turn, Walk
from worlds.walls import shared_edge

PERSON_RADIUS = 0.25
ROOMY_M = 0.6  # more clearance than this makes a spot no better to stand on
_WANDER_STOP_S = (1.0, 5.0)
_WANDER_TRIES = 20
_LINGER_AIR_M = (0.7, 0.5, 0.4)  # from walls and furniture to where somebody lingers: the first that a room offers
DOOR_CLEAR_M = 0.4  # beside the opening; nearer, one stands in the doorway


def resolve_script(world: World, person: Person, seed: int) -> PersonPlan:
    """The plan of a person's script in the home file.

    Args:
        world: the home.
        person: one of its people.
        seed: of the episode; only `wander` draws from it.

    Raises:
        RouteError: a place of the script cannot be walked to.
    """
    plan = PlanBuilder(person.name, person.at, math.radians(person.yaw_deg))
    rng = spawn(seed, f"script/{world.name}/{person.name}")
    for step in person.script:
        _add_step(world, plan, step, rng)
    if person.loop and plan.segments and math.dist(plan.at, person.at) > 0.1:
        plan.walk(routes_from(world, plan.at, PERSON_RADIUS).to(person.at), 0.6)
    if person.loop and plan.segments:
        plan.turn_to(math.radians(person.yaw_deg))
    return plan.finish(person.loop)


def wander_plan(world: World, person: Person, seed: int, seconds: float) -> PersonPlan:
    """A background person's episode: wandering at 0.4 to 0.7 m/s over all rooms they can reach."""
    plan = PlanBuilder(person.name, person.at, math.radians(person.yaw_deg))
    rng = spawn(seed, f"wander/{world.name}/{person.name}")
    plan.wait(float(rng.uniform(0.0, 4.0)))
    _wander(world, plan, (), seconds, (0.4, 0.7), rng)
    return plan.finish()


def spot_of(world: World, place: Place, routes: Routes) -> Point:
    """Where to stand for a place: the roomiest central spot of a room, in front of furniture, or the point itself."""
    if not isinstance(place, str):
        return place
    furniture = find_furniture(world, place)
    return _before(furniture[0]) if furniture else room_spot(world.room(place), routes)


def room_spot(room: Room, routes: Routes) -> Point:
    """The roomiest spot near a room's centre that the routes reach; the centre itself if none is."""
    rows, columns = np.nonzero(routes.reached())
    points = routes.grid.points(rows, columns)
    inside = np.array([room.contains(x, y) for x, y in points], dtype=bool)
    if not inside.any():
        return room.center
    points = points[inside]
    room_for = np.minimum(routes.grid.clearance_at(points), ROOMY_M)
    score = 3.0 * room_for - np.hypot(*(points - np.array(room.center)).T)
    x, y = points[int(np.argmax(score))]
    return float(x), float(y)


def _before(item: Placed) -> Point:
    reach = item.size.depth / 2.0 + PERSON_RADIUS + 0.2
    return item.x + reach * math.cos(item.yaw), item.y + reach * math.sin(item.yaw)


def _add_step(world: World, plan: PlanBuilder, step: Step, rng: Generator) -> None:
    if isinstance(step, Walk):
        _walk(world, plan, step.to, step.speed)
    elif isinstance(step, Stop):
        plan.wait(step.seconds)
    elif isinstance(step, Talk):
        plan.wait(step.seconds, "talk")
    elif isinstance(step, Nod):
        plan.wait(step.times * NOD_S, "nod")
    elif isinstance(step, Shake):
        plan.wait(step.times * SHAKE_S, "shake")
    elif isinstance(step, Turn):
        _turn(plan, step)
    elif isinstance(step, LookAt):
        target = step.target
        movers = {person.name for person in world.people} | {robot.name for robot in world.robots}
        point = target if target in movers else _middle(world, target)
        plan.add(Segment("look_at", step.seconds, plan.yaw, target=point))
    elif isinstance(step, Sit):
        _sit(world, plan, step)
    else:
        _wander(world, plan, step.rooms, step.seconds, (step.speed, step.speed), rng)


def _walk(world: World, plan: PlanBuilder, place: Place, speed: float) -> None:
    routes = routes_from(world, plan.at, PERSON_RADIUS)
    plan.walk(routes.to(spot_of(world, place, routes)), speed)


def _turn(plan: PlanBuilder, step: Turn) -> None:
    if step.by_deg is not None:
        plan.turn_by(math.radians(step.by_deg))
    elif step.yaw_deg is not None:
        plan.turn_to(math.radians(step.yaw_deg))


def _middle(world: World, place: Place) -> Point:
    if not isinstance(place, str):
        return place
    furniture = find_furniture(world, place)
    return (furniture[0].x, furniture[0].y) if furniture else world.room(place).center


def _sit(world: World, plan: PlanBuilder, step: Sit) -> None:
    seat = find_furniture(world, step.furniture)[0]
    _walk(world, plan, step.furniture, 0.6)
    plan.turn_to(seat.yaw)
    plan.add(Segment("sit", step.seconds, seat.yaw, seat=(seat.x, seat.y)))


def _wander(
    world: World, plan: PlanBuilder, rooms: tuple[str, ...], seconds: float, speeds: Point, rng: Generator
) -> None:
    """Walk to random roomy spots, not in doorways, and pause there until the time is used up."""
    until = plan.seconds + seconds
    names = rooms or tuple(room.name for room in world.rooms)
    while plan.seconds < until:
        routes = routes_from(world, plan.at, PERSON_RADIUS)
        goal = _random_spot(world, names, routes, rng)
        if goal is not None:
            plan.walk(routes.to(goal), float(rng.uniform(*speeds)))
        plan.wait(float(rng.uniform(*_WANDER_STOP_S)))


def _random_spot(world: World, names: tuple[str, ...], routes: Routes, rng: Generator) -> Point | None:
    """A random spot to linger in one of the rooms, with as much air around it as there is, or None if none came up."""
    rows, columns = np.nonzero(routes.reached() & (routes.grid.clearance >= _LINGER_AIR_M[-1]))
    points = routes.grid.points(rows, columns)
    clearance = np.where(clear_of_doors(world, points), routes.grid.clearance_at(points), 0.0)
    for _ in range(_WANDER_TRIES):
        room = world.room(names[int(rng.integers(len(names)))])
        inside = (np.abs(points - np.array(room.center)) <= np.array([room.width, room.depth]) / 2.0).all(axis=1)
        for air in _LINGER_AIR_M:
            good = points[inside & (clearance >= air)]
            if len(good):
                x, y = good[int(rng.integers(len(good)))]
                return float(x), float(y)
    return None


def clear_of_doors(world: World, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) which of (N, 2) map points are no place where one would stand in a doorway."""
    clear = np.ones(len(points), dtype=bool)
    for door in world.doors:
        edge = shared_edge(*(world.room(name) for name in door.between))
        if edge is not None:
            middle = (door.at, edge.line) if edge.axis == "x" else (edge.line, door.at)
            clear &= np.hypot(*(points - np.array(middle)).T) > DOOR_CLEAR_M + door.width / 2.0
    return clear
