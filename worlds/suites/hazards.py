"""One short world per danger that a home holds for a robot: HAZARDS is the list, each builder says what is dangerous.

Most are a hall 3 m wide whose middle is in the way; the seed moves things by centimetres, so ten seeds are ten
approaches to one danger. CONDITIONS holds the dangers that are no thing but a state of floor or sensors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numpy.random import Generator

from robot.rng import spawn
from worlds.errors import WorldError, nearest
from worlds.schema import Clutter, Door, Furniture, Mover, Person, Robot, Room, Solid, World
from worlds.steps import Stop, Walk
from worlds.suites.task import Conditions

DEEP, TALL = 3.0, 1.2  # of the hall; height of plain obstacles
ROVER_WIDTH = 0.40


def hall(rng: Generator, length: float = 7.0, **parts: object) -> World:
    """A bare hall with the start near its west end and the goal near its east end, both jittered."""
    y0, y1 = (1.5 + float(value) for value in rng.uniform(-0.15, 0.15, 2))
    robot = Robot(at=(0.8, y0), yaw_deg=float(rng.uniform(-20.0, 20.0)))
    room = Room(name="hall", x=0.0, y=0.0, width=length, depth=DEEP)
    world = World(name="hall", rooms=(room,), robots=(robot,), goal=(length - 0.8, y1))
    return replace(world, **parts)  # type: ignore[arg-type]  # fields of World


def shoe(rng: Generator) -> World:
    """Two pairs of shoes on the straight way, lower than the lidar."""
    lying = (_lying("shoes", 3.0, 1.5, rng), _lying("shoes", 4.2, 1.35, rng))
    return _with(hall(rng), clutter=lying)


def cable(rng: Generator) -> World:
    """A cable across most of the hall, 2.5 cm high."""
    return _with(hall(rng), clutter=(_lying("cable", 3.4, 1.2, rng, yaw=90.0),))


def chair_legs(rng: Generator) -> World:
    """A dining table with its chairs: legs to see, and nothing that fits between them."""
    jitter = _jitter(rng, 0.1)
    table = Furniture(kind="table", at=(3.5 + jitter, 1.2), yaw_deg=90.0, width=1.2, depth=0.8)
    chairs = tuple(Furniture(kind="chair", at=(x + jitter, y)) for x, y in ((3.2, 2.0), (3.8, 0.42), (2.45, 1.2)))
    return _with(hall(rng), furniture=(table, *chairs))


def table_edge(rng: Generator) -> World:
    """A slab at mast height that the lidar passes under."""
    y = 1.2 + _jitter(rng, 0.15)
    slab = Solid(kind="box", size=(1.0, 1.8, 0.04), at=(3.5, y, 0.72))
    feet = tuple(Solid(kind="box", size=(0.05, 0.05, 0.7), at=(3.5, y + side, 0.35)) for side in (-0.85, 0.85))
    return hall(rng, solids=(slab, *feet))


def glass_door(rng: Generator) -> World:
    """A shut glass door with a bottom rail below the lidar's plane; the open way is beside it."""
    y = 1.5 + _jitter(rng, 0.1)
    wall = 3.5
    pane = Solid(kind="box", size=(0.03, 0.9, 2.0), at=(wall, y, 1.0), glass=True)
    rail = Solid(kind="box", size=(0.04, 0.9, 0.10), at=(wall, y, 0.05))
    south = _wall(wall, 0.0, y - 0.45)
    north = _wall(wall, y + 0.45, y + 0.55)
    return hall(rng, solids=(pane, rail, south, north))


def step_down(rng: Generator) -> World:
    """A sunken room across the straight way; the way around stays on the level."""
    deep = -0.12 - abs(_jitter(rng, 0.05))
    rooms = (
        Room(name="west", x=0.0, y=0.0, width=2.4, depth=4.4, open_to=("pit", "way")),
        Room(name="pit", x=2.4, y=0.0, width=1.8, depth=3.0, floor_z=deep, open_to=("west", "east", "way")),
        Room(name="way", x=2.4, y=3.0, width=1.8, depth=1.4, open_to=("west", "east", "pit")),
        Room(name="east", x=4.2, y=0.0, width=2.4, depth=4.4, open_to=("pit", "way")),
    )
    world = hall(rng)
    return replace(world, rooms=rooms, goal=(5.8, 1.5 + _jitter(rng, 0.2)))


def dead_end(rng: Generator) -> World:
    """A blind passage that leads straight at the goal; the open one is behind the robot's back."""
    solids = (_wall(4.4, 1.2, 2.8), _box(3.2, 1.2, 2.4, 0.1), _box(3.2, 2.8, 2.4, 0.1))
    room = Room(name="hall", x=0.0, y=0.0, width=7.0, depth=4.0)
    robot = Robot(at=(3.2, 2.0 + _jitter(rng, 0.1)), yaw_deg=_jitter(rng, 20.0))
    world = hall(rng, solids=solids)
    return replace(world, rooms=(room,), robots=(robot,), goal=(6.2, 2.0 + _jitter(rng, 0.15)))


def narrow_gap(rng: Generator) -> World:
    """A gap of the footprint's width and 10 cm."""
    return hall(rng, solids=_gap(3.5, 1.5 + _jitter(rng, 0.3), ROVER_WIDTH + 0.10))


def half_open_door(rng: Generator) -> World:
    """A door leaf that stands half open in the passage."""
    door = Door(
        between=("west", "east"),
        at=1.5 + _jitter(rng, 0.3),
        width=0.9,
        open=0.6 + _jitter(rng, 0.05),
        swings_into="west",
    )
    rooms = (
        Room(name="west", x=0.0, y=0.0, width=3.5, depth=DEEP),
        Room(name="east", x=3.5, y=0.0, width=3.5, depth=DEEP),
    )
    return replace(hall(rng), rooms=rooms, doors=(door,))


def u_trap(rng: Generator) -> World:
    """A U that opens toward the robot, with the goal behind its bottom."""
    y = 1.5 + _jitter(rng, 0.1)
    solids = (_wall(4.2, y - 0.8, y + 0.8), _box(3.5, y - 0.8, 1.4, 0.1), _box(3.5, y + 0.8, 1.4, 0.1))
    return hall(rng, solids=solids)


def long_detour(rng: Generator) -> World:
    """A wall before the goal whose only gap is at the far end of a long room."""
    room = Room(name="hall", x=0.0, y=0.0, width=5.0, depth=9.0)
    robot = Robot(at=(1.2, 1.2 + _jitter(rng, 0.2)), yaw_deg=_jitter(rng, 30.0))
    world = hall(rng, solids=(_wall(2.5, 0.0, 7.9),))
    return replace(world, rooms=(room,), robots=(robot,), goal=(3.8, 1.2 + _jitter(rng, 0.2)))


def person_crossing(rng: Generator) -> World:
    """Somebody walks to and fro across the way."""
    x = 3.4 + _jitter(rng, 0.3)
    script = (Walk(to=(x, 2.5), speed=0.8), Walk(to=(x, 0.5), speed=0.8))
    return _with_person(hall(rng), (x, 0.5), 90.0, script)


def person_in_doorway(rng: Generator) -> World:
    """Somebody stands in the only doorway for a while, then walks on."""
    y = 1.5 + _jitter(rng, 0.3)
    rooms = (
        Room(name="west", x=0.0, y=0.0, width=3.5, depth=DEEP),
        Room(name="east", x=3.5, y=0.0, width=3.5, depth=DEEP),
    )
    door = Door(between=("west", "east"), at=y, width=0.9, leaf=False)
    world = replace(hall(rng), rooms=rooms, doors=(door,))
    aside = 0.5 if y > 1.5 else 2.5
    script = (Stop(seconds=12.0), Walk(to=(4.6, aside), speed=0.7), Stop(seconds=300.0))
    return _with_person(world, (3.5, y), 180.0, script)


def pet(rng: Generator) -> World:
    """A cat-sized mover crosses the way, sits for a moment, and crosses back."""
    x = 3.4 + _jitter(rng, 0.3)
    cat = Mover(name="cat", path=((x, 0.5), (x + _jitter(rng, 0.5), 2.5)), speed=0.5, pause=3.0)
    return hall(rng, movers=(cat,))


def slalom(rng: Generator) -> World:
    """Three screens to go around: what floor and sensors are bad in."""
    solids = (_wall(2.6, 0.0, 1.7), _wall(3.8, 1.3, 3.0), _wall(5.0, 0.0, 1.7))
    return hall(rng, solids=tuple(replace(s, at=(s.at[0] + _jitter(rng, 0.1), *s.at[1:])) for s in solids))


def weave(rng: Generator) -> World:
    """Two screens to go around at an easy distance, and soap on the way between them."""
    room = Room(name="hall", x=0.0, y=0.0, width=8.0, depth=4.0)
    solids = (_wall(2.8 + _jitter(rng, 0.1), 0.0, 2.2), _wall(5.2 + _jitter(rng, 0.1), 1.8, 4.0))
    world = hall(rng, solids=solids)
    robot = replace(world.robots[0], at=(0.8, 2.0 + _jitter(rng, 0.3)))
    return replace(world, rooms=(room,), robots=(robot,), goal=(7.2, 2.0 + _jitter(rng, 0.3)))


HAZARDS: dict[str, Callable[[Generator], World]] = {
    "shoe": shoe,
    "cable": cable,
    "chair_legs": chair_legs,
    "table_edge": table_edge,
    "glass_door": glass_door,
    "step_down": step_down,
    "dead_end": dead_end,
    "narrow_gap": narrow_gap,
    "half_open_door": half_open_door,
    "u_trap": u_trap,
    "long_detour": long_detour,
    "person_crossing": person_crossing,
    "person_in_doorway": person_in_doorway,
    "pet": pet,
    "slippery_floor": slalom,
    "wheel_slip": weave,
    "sensor_delay": slalom,
    "lidar_dropout": slalom,
}

CONDITIONS: dict[str, Conditions] = {
    "slippery_floor": Conditions(slippery=True),
    "wheel_slip": Conditions(slip_from_s=3.0, slip_s=3.0),
    "sensor_delay": Conditions(delay_s=0.2),
    "lidar_dropout": Conditions(lidar_dropout=0.2),
}


def hazard_world(name: str, seed: int) -> World:
    """Return the world of a hazard under a seed. Raises WorldError: no such hazard."""
    if name not in HAZARDS:
        raise WorldError(f"unknown hazard '{name}' {nearest(name, HAZARDS, 'hazards')}")
    world = HAZARDS[name](spawn(seed, f"hazards/{name}"))
    return replace(world, name=f"hazards:{name}:{seed}", description=_summary(name), seed=seed)


def _summary(name: str) -> str:
    return " ".join((HAZARDS[name].__doc__ or "").split())


def _jitter(rng: Generator, reach: float) -> float:
    return float(rng.uniform(-reach, reach))


def _lying(kind: str, x: float, y: float, rng: Generator, yaw: float | None = None) -> Clutter:
    turned = float(rng.uniform(-180.0, 180.0)) if yaw is None else yaw + _jitter(rng, 15.0)
    return Clutter(kind=kind, at=(x + _jitter(rng, 0.1), y + _jitter(rng, 0.15)), yaw_deg=turned)


def _with(world: World, **things: object) -> World:
    """Return the world with things in its one room."""
    return replace(world, rooms=(replace(world.rooms[0], **things),))  # type: ignore[arg-type]  # fields of Room


def _with_person(world: World, at: tuple[float, float], yaw: float, script: tuple[Walk | Stop, ...]) -> World:
    person = Person(name="alex", role="followed", at=at, yaw_deg=yaw, script=script, loop=True)
    return replace(world, people=(person,))


def _box(x: float, y: float, width: float, depth: float) -> Solid:
    return Solid(kind="box", size=(width, depth, TALL), at=(x, y, TALL / 2.0))


def _wall(x: float, south: float, north: float) -> Solid:
    """A wall 10 cm thick that runs south to north."""
    return _box(x, (south + north) / 2.0, 0.1, north - south)


def _gap(x: float, y: float, width: float) -> tuple[Solid, Solid]:
    """Two walls across the hall that leave a gap about y."""
    return _wall(x, 0.0, y - width / 2.0), _wall(x, y + width / 2.0, DEEP)
