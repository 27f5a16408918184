"""From words to a place: rooms and furniture of the floor plan, what the robot was told, and people it sees now.

The answer is one spot, or several that fit (then the robot asks which), or none (then it asks where that is).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from policies.behaviour import names
from policies.behaviour.floor_plan import FloorPlan, PlanRoom, PlanThing, Point

Kind = Literal["room", "thing", "person", "speaker", "dock", "point"]


@dataclass(frozen=True)
class Spot:
    """Somewhere the robot can be asked to go. `x`, `y` (m, map) is the thing itself, not where to stand."""

    kind: Kind
    label: str
    """As the robot says it: "the kitchen"."""
    x: float = 0.0
    y: float = 0.0
    room: str = ""
    thing: PlanThing | None = None
    track: int = -1


@dataclass(frozen=True)
class Person:
    """Somebody the robot sees, m in map; `bearing` (rad) left positive."""

    track: int
    x: float
    y: float
    bearing: float
    distance_m: float


@dataclass(frozen=True)
class Situation:
    """What grounding may know of the moment."""

    plan: FloorPlan
    at: Point
    told: dict[str, Spot]
    people: tuple[Person, ...] = ()
    speaker: Point | None = None


def spots(words: str, now: Situation) -> tuple[Spot, ...]:
    """Return every spot that the words may mean, the likeliest first; none where nothing fits."""
    said = names.bare(words)
    if words.lower().strip() in names.SPEAKER or said in names.SPEAKER:
        x, y = now.speaker or now.at
        return (Spot("speaker", "you", x, y),)
    if said in names.DOCK:
        return (Spot("dock", "my dock", now.plan.dock[0], now.plan.dock[1], _room_name(now.plan, *now.plan.dock[:2])),)
    told = now.told.get(said)
    if told is not None:
        return (told,)
    return _rooms(said, now) or _things(said, now) or _people(said, now) or _described(said, now)


def mentioned(words: str, now: Situation) -> Spot | None:
    """Return the last place or piece of furniture named inside a longer phrase: "how many people are in the bath"."""
    parts = names.bare(words).split()
    best: tuple[int, int, Spot] | None = None
    for start in range(len(parts)):
        for end in range(len(parts), start, -1):
            said = " ".join(parts[start:end])
            found = _rooms(said, now) or _things(said, now) or ((now.told[said],) if said in now.told else ())
            if found and (best is None or (end - start, start) > best[:2]):
                best = (end - start, start, found[0])
    return None if best is None else best[2]


def room_spot(room: PlanRoom, label: str = "") -> Spot:
    """Return a room as a spot."""
    return Spot("room", label or f"the {spoken(room.name)}", *room.middle, room.name)


def thing_spot(thing: PlanThing, shared: bool = False) -> Spot:
    """Return a piece of furniture as a spot; `shared`: its room must be said to tell it from others."""
    label = f"the {thing.name.replace('_', ' ').rstrip('0123456789 ')}"
    label += f" in the {spoken(thing.room)}" if shared else ""
    return Spot("thing", label, thing.x, thing.y, thing.room, thing)


def spoken(room: str) -> str:
    """Return a room's name as one says it."""
    rooms = {"living": "living room", "bath": "bathroom", "kids": "kids' room", "child": "child's room",
             "guest": "guest room", "dressing": "dressing room", "storage": "storage room",
             "parents": "parents' room", "main": "main room"}  # fmt: skip
    return rooms.get(room, room.replace("_", " "))


def _rooms(said: str, now: Situation) -> tuple[Spot, ...]:
    said = said.removesuffix(" again").removesuffix(" instead")
    exact = [room for room in now.plan.rooms if said in (room.name, f"{room.name} room", spoken(room.name))]
    found = exact or [room for room in now.plan.rooms if said in names.room_words(room.name)]
    return tuple(room_spot(room) for room in found)


def _things(said: str, now: Situation) -> tuple[Spot, ...]:
    """Return furniture by name, by kind, by another word, or by room and kind ("kitchen table")."""
    inside = names.WITHIN.match(said)
    if inside and (rooms := _rooms(names.bare(inside["where"]), now)):
        return _choice(_called(names.bare(inside["what"]), now), now, {room.room for room in rooms})
    direct = _choice(_called(said, now), now, None)
    if direct:
        return direct
    first, _, rest = said.partition(" ")
    rooms = _rooms(first.removesuffix("'s"), now)
    return _choice(_called(rest, now), now, {room.room for room in rooms}) if rest and rooms else ()


def _called(said: str, now: Situation) -> list[PlanThing]:
    said = said if said in ("books", "coats", "toys", "shelves", "flowers", "bookshelves") else names.singular(said)
    things = now.plan.things
    exact = [t for t in things if said in (t.name.replace("_", " "), t.kind.replace("_", " "))]
    if exact:
        return exact + [t for t in things if t.kind == exact[0].kind and t not in exact]
    known = [t for t in things if said in names.thing_words(t.kind)]
    return known or [t for t in things if len(said) > 3 and t.kind.endswith(f"_{said}")]


def _choice(things: list[PlanThing], now: Situation, rooms: set[str] | None) -> tuple[Spot, ...]:
    """Return one spot per room: nobody asks which of four chairs at a table."""
    here = next((room.name for room in now.plan.rooms if room.holds(*now.at)), "")
    things = [thing for thing in things if rooms is None or thing.room in rooms]
    if any(thing.room == here for thing in things):
        things = [thing for thing in things if thing.room == here]
    nearest: dict[str, PlanThing] = {}
    for thing in sorted(things, key=lambda t: math.dist((t.x, t.y), now.at)):
        nearest.setdefault(thing.room, thing)
    return tuple(thing_spot(thing, len(nearest) > 1) for thing in nearest.values())


def _people(said: str, now: Situation) -> tuple[Spot, ...]:
    if not names.PEOPLE.search(said) or not now.people:
        return ()
    people = sorted(now.people, key=lambda person: person.bearing, reverse=True)
    if "left" in said:
        chosen = people[:1]
    elif "right" in said:
        chosen = people[-1:]
    elif "middle" in said or "centre" in said or "center" in said:
        chosen = [min(people, key=lambda person: abs(person.bearing))]
    elif any(word in said for word in ("far", "back", "furthest")):
        chosen = [max(people, key=lambda person: person.distance_m)]
    elif any(word in said for word in ("near", "close", "front")) or len(people) == 1:
        chosen = [min(people, key=lambda person: person.distance_m)]
    else:
        chosen = people
    sides = {people[0].track: " on the left", people[-1].track: " on the right"} if len(people) > 1 else {}
    return tuple(
        Spot("person", f"the person{sides.get(p.track, '')}", p.x, p.y, _room_name(now.plan, p.x, p.y), None, p.track)
        for p in chosen
    )


def _described(said: str, now: Situation) -> tuple[Spot, ...]:
    """Return the piece of furniture that something is said to be at: "the book on the table"."""
    beside = names.BESIDE.match(said)
    if not beside:
        return ()
    what = names.bare(beside["what"])
    return ((now.told[what],) if what in now.told else ()) or _things(what, now) or _rooms(what, now)


def _room_name(plan: FloorPlan, x: float, y: float) -> str:
    room = plan.room_at(x, y)
    return room.name if room else ""
