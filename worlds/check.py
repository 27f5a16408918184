"""What types and ranges cannot say about a home: names that must exist, rooms that must touch, things that must fit.
Each rule is one small function that complains with the line of the key to mend."""

from __future__ import annotations

import math

from worlds.check_stand import stands
from worlds.errors import nearest
from worlds.furniture.kinds import FURNITURE
from worlds.place import SEATS, find_furniture, placed_furniture
from worlds.reader import Reader, Trail
from worlds.schema import Door, World
from worlds.steps import LookAt, Place, Sit, Step, Turn, Walk, Wander
from worlds.walls import shared_edge

_FIT_M = 0.02


def check(world: World, reader: Reader) -> None:
    """Raise a WorldError for the first rule that `world` breaks."""
    if not world.rooms:
        reader.fail(reader.line_of(("rooms",)), "a home needs at least one room in 'rooms'")
    for field in ("rooms", "movers", "people", "robots", "cameras"):
        _names(field, [item.name for item in getattr(world, field)], reader)
    for rule in (
        _rooms_apart,
        _open_to,
        _doors,
        _doors_apart,
        _furniture,
        _clutter,
        _solids,
        _people,
        _scripts,
        _robots,
    ):
        rule(world, reader)


def _names(field: str, names: list[str], reader: Reader) -> None:
    for index, name in enumerate(names):
        if not name or "/" in name:
            line = reader.line_of((field, index, "name"))
            reader.fail(line, f"'{field}' has the name '{name}'; a name is at least one letter and has no '/'")
        if name in names[:index]:
            line = reader.line_of((field, names.index(name)))
            reader.fail(reader.line_of((field, index)), f"'{field}' has two called '{name}' (the first on line {line})")


def _rooms_apart(world: World, reader: Reader) -> None:
    for i, a in enumerate(world.rooms):
        for b in world.rooms[:i]:
            wide = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
            deep = min(a.y + a.depth, b.y + b.depth) - max(a.y, b.y)
            if wide > 1e-3 and deep > 1e-3:
                line = reader.line_of(("rooms", i))
                reader.fail(line, f"room '{a.name}' overlaps room '{b.name}' by {wide:.2f} x {deep:.2f} m")


def _need_room(world: World, name: str, trail: Trail, where: str, reader: Reader) -> None:
    names = [room.name for room in world.rooms]
    if name not in names:
        hint = nearest(name, names, "rooms")
        reader.fail(reader.line_of(trail), f"{where} names a room that is not there: '{name}' {hint}")


def _open_to(world: World, reader: Reader) -> None:
    for i, room in enumerate(world.rooms):
        for k, name in enumerate(room.open_to):
            trail: Trail = ("rooms", i, "open_to", k)
            where = f"'open_to' of room '{room.name}'"
            _need_room(world, name, trail, where, reader)
            if shared_edge(room, world.room(name)) is None:
                reader.fail(reader.line_of(trail), f"{where} names '{name}', but the two rooms do not touch")


def _doors(world: World, reader: Reader) -> None:
    for i, door in enumerate(world.doors):
        where = f"door {i + 1}"
        for k, name in enumerate(door.between):
            _need_room(world, name, ("doors", i, "between", k), f"'between' of {where}", reader)
        if door.swings_into and door.swings_into not in door.between:
            line = reader.line_of(("doors", i, "swings_into"))
            reader.fail(line, f"'swings_into' of {where} must be one of {' and '.join(door.between)}")
        _door_fits(world, door, ("doors", i), where, reader)


def _door_fits(world: World, door: Door, trail: Trail, where: str, reader: Reader) -> None:
    first, second = door.between
    edge = shared_edge(world.room(first), world.room(second))
    if edge is None:
        reader.fail(reader.line_of((*trail, "between")), f"{where} joins '{first}' and '{second}', which do not touch")
    if second in world.room(first).open_to or first in world.room(second).open_to:
        line = reader.line_of((*trail, "between"))
        reader.fail(line, f"{where} joins '{first}' and '{second}', which are open to each other: no wall for a door")
    margin = door.width / 2.0 + world.wall_thickness / 2.0
    if not edge.low + margin - 1e-6 <= door.at <= edge.high - margin + 1e-6:
        span = f"{edge.low + margin:.2f} to {edge.high - margin:.2f} (map {edge.axis})"
        line = reader.line_of((*trail, "at"))
        reader.fail(
            line, f"'at' of {where} is {door.at:g}: the wall of '{first}' and '{second}' has room for it at {span}"
        )


def _doors_apart(world: World, reader: Reader) -> None:
    for i, door in enumerate(world.doors):
        for k, other in enumerate(world.doors[:i]):
            same = set(door.between) == set(other.between)
            if same and abs(door.at - other.at) < (door.width + other.width) / 2.0:
                reader.fail(reader.line_of(("doors", i, "at")), f"door {i + 1} overlaps door {k + 1} in the same wall")


def _furniture(world: World, reader: Reader) -> None:
    placed = iter(placed_furniture(world)) if _all_positioned(world, reader) else iter(())
    for i, room in enumerate(world.rooms):
        names = [item.name for item in room.furniture if item.name]
        for k, item in enumerate(room.furniture):
            thing, trail = next(placed), ("rooms", i, "furniture", k)
            line = reader.line_of((*trail, "name"))
            if item.name and names.count(item.name) > 1:
                reader.fail(line, f"room '{room.name}' has two pieces of furniture called '{item.name}'")
            if any(min(part.size) <= 0.0 for part in FURNITURE[thing.kind].build(thing.size, thing.color)):
                size = f"{thing.size.width:g} x {thing.size.depth:g} x {thing.size.height:g} m"
                reader.fail(reader.line_of(trail), f"'{thing.name}' is too small to be a {thing.kind}: {size}")
            turned = abs(math.sin(thing.yaw)), abs(math.cos(thing.yaw))
            half_x = (thing.size.depth * turned[1] + thing.size.width * turned[0]) / 2.0
            half_y = (thing.size.depth * turned[0] + thing.size.width * turned[1]) / 2.0
            out_x = half_x - min(thing.x - room.x, room.x + room.width - thing.x)
            out_y = half_y - min(thing.y - room.y, room.y + room.depth - thing.y)
            if max(out_x, out_y) > _FIT_M:
                message = f"'{thing.name}' reaches {max(out_x, out_y):.2f} m out of room '{room.name}'"
                reader.fail(reader.line_of(trail), f"{message} ({room.width:g} x {room.depth:g} m)")


def _all_positioned(world: World, reader: Reader) -> bool:
    for i, room in enumerate(world.rooms):
        for k, item in enumerate(room.furniture):
            if (item.at is None) == (not item.against):
                label = f"furniture '{item.name or item.kind}' in room '{room.name}'"
                line = reader.line_of(("rooms", i, "furniture", k))
                reader.fail(line, f"{label} needs either 'at: [x, y]' or 'against: north' with 'along'")
    return True


def _clutter(world: World, reader: Reader) -> None:
    for i, room in enumerate(world.rooms):
        for k, item in enumerate(room.clutter):
            if item.at[0] > room.width or item.at[1] > room.depth:
                line = reader.line_of(("rooms", i, "clutter", k, "at"))
                size = f"{room.width:g} x {room.depth:g} m"
                reader.fail(line, f"clutter '{item.kind}' at {list(item.at)} is outside room '{room.name}' ({size})")


def _solids(world: World, reader: Reader) -> None:
    for i, solid in enumerate(world.solids):
        wanted = {"box": 3, "cylinder": 2, "sphere": 1}[solid.kind]
        if len(solid.size) != wanted:
            line = reader.line_of(("solids", i, "size"))
            reader.fail(line, f"'size' of a {solid.kind} must be a list of {wanted}, not of {len(solid.size)}")


def _people(world: World, reader: Reader) -> None:
    followed = [i for i, person in enumerate(world.people) if person.role == "followed"]
    if len(followed) > 1:
        names = " and ".join(f"'{world.people[i].name}'" for i in followed[:2])
        line = reader.line_of(("people", followed[1], "role"))
        reader.fail(line, f"{names} both have role 'followed'; only one person can")
    for i, person in enumerate(world.people):
        _inside(world, person.at, ("people", i, "at"), f"person '{person.name}'", reader)


def _robots(world: World, reader: Reader) -> None:
    for i, robot in enumerate(world.robots):
        trail: Trail = ("robots", i)
        if not robot.drives:
            stands(world, robot, trail, reader)
        elif robot.on:
            line = reader.line_of((*trail, "on"))
            reader.fail(line, f"robot '{robot.name}' drives: 'on' is for kind tabletop, a {robot.kind} starts 'at'")
        elif robot.at is None:
            reader.fail(reader.line_of(trail), f"robot '{robot.name}' lacks 'at' (start in map, in m)")
        else:
            _inside(world, robot.at, (*trail, "at"), f"robot '{robot.name}'", reader)


def _inside(world: World, at: tuple[float, float], trail: Trail, label: str, reader: Reader) -> None:
    if world.room_at(*at) is None:
        west, south, east, north = world.bounds
        span = f"the home spans x {west:g} to {east:g}, y {south:g} to {north:g}"
        reader.fail(reader.line_of(trail), f"{label} starts at {list(at)}, in no room ({span})")


def _scripts(world: World, reader: Reader) -> None:
    for i, person in enumerate(world.people):
        for k, step in enumerate(person.script):
            _step(world, step, ("people", i, "script", k), f"the script of '{person.name}'", reader)


def _step(world: World, step: Step, trail: Trail, where: str, reader: Reader) -> None:
    line = reader.line_of(trail)
    if isinstance(step, Walk):
        _need_place(world, step.to, _place_names(world), line, f"{where} goes to", reader)
    elif isinstance(step, LookAt):
        movers = {person.name for person in world.people} | {robot.name for robot in world.robots}
        _need_place(world, step.target, _place_names(world) | movers, line, f"{where} looks at", reader)
    elif isinstance(step, Turn) and (step.yaw_deg is None) == (step.by_deg is None):
        reader.fail(line, f"{where} has a turn that needs either 'yaw_deg' or 'by_deg'")
    elif isinstance(step, Sit):
        found = find_furniture(world, step.furniture)
        if len(found) != 1 or found[0].kind not in SEATS:
            seats = [item.name for item in placed_furniture(world) if item.kind in SEATS]
            hint = nearest(step.furniture, seats, "seats")
            reader.fail(line, f"{where} sits on '{step.furniture}', which is not one seat {hint}")
    elif isinstance(step, Wander):
        for name in step.rooms:
            _need_room(world, name, trail, where, reader)


def _need_place(world: World, place: Place, known: set[str], line: int, says: str, reader: Reader) -> None:
    if not isinstance(place, str):
        if world.room_at(*place) is None:
            reader.fail(line, f"{says} {list(place)}, which is in no room")
        return
    found = find_furniture(world, place)
    if len(found) > 1:
        reader.fail(line, f"{says} '{place}', which could be {' or '.join(item.name for item in found)}")
    if place not in known:
        reader.fail(line, f"{says} '{place}', which is not there {nearest(place, known, 'places')}")


def _place_names(world: World) -> set[str]:
    names = {room.name for room in world.rooms}
    for item in placed_furniture(world):
        names |= {item.name, item.name.partition("/")[2]}
    return names
