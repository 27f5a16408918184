"""What a home file may say. These dataclasses are the schema: the loader, the errors and docs/worlds.md derive from
them. Everything inside a room is written in the room's frame (origin at its south-west corner, x east, y north, on
the line of the walls); everything else is in the map frame. Metres, and degrees where the name says so."""

# ruff: noqa: RUF009  option() returns a dataclasses.field

from __future__ import annotations

from dataclasses import dataclass

from worlds.clutter import CLUTTER
from worlds.colors import PALETTE, parse_color
from worlds.furniture.kinds import FURNITURE
from worlds.option import option
from worlds.shape import Color
from worlds.steps import Point, Step

WALLS = ("north", "east", "south", "west")
TEXTURES = ("plain", "wood", "tiles", "carpet", "plaster")
Path = tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """One piece of furniture, placed by its centre (`at`) or with its back to a wall (`against` and `along`)."""

    kind: str = option("what it is", choices=tuple(sorted(FURNITURE)))
    name: str = option("unique in its room; empty: the kind, numbered from the second on", "")
    at: Point | None = option("centre in the room's frame", None, unit="m", low=0.0, high=60.0)
    yaw_deg: float = option("where its front looks with `at`: 0 east, 90 north", 0.0, unit="deg", low=-360, high=360)
    against: str = option("the wall its back stands against, instead of `at`", "", choices=("", *WALLS))
    along: float = option("centre along that wall, from its west or south end", 0.0, unit="m", low=0.0, high=60.0)
    gap: float = option("air between its back and that wall", 0.01, unit="m", low=0.0, high=10.0)
    width: float = option("side to side; 0: as the kind has it", 0.0, unit="m", low=0.0, high=10.0)
    depth: float = option("front to back; 0: as the kind has it", 0.0, unit="m", low=0.0, high=10.0)
    height: float = option("floor to top; 0: as the kind has it", 0.0, unit="m", low=0.0, high=4.0)
    color: Color | None = option("main colour; none: as the kind has it", None, is_color=True)


@dataclass(frozen=True, kw_only=True)
class Clutter:
    """One thing left lying about."""

    kind: str = option("what it is", choices=tuple(sorted(CLUTTER)))
    at: Point = option("centre in the room's frame", unit="m", low=0.0, high=60.0)
    yaw_deg: float = option("how it is turned", 0.0, unit="deg", low=-360, high=360)
    z: float = option("height of what it lies on, above the room's floor", 0.0, unit="m", low=0.0, high=2.0)
    color: Color | None = option("main colour; none: as the kind has it", None, is_color=True)


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Some things of one kind strewn over a room by the world's seed, clear of doors and of `keep_clear`."""

    kind: str = option("what they are", choices=tuple(sorted(CLUTTER)))
    count: int = option("how many", 1, low=0, high=60)


@dataclass(frozen=True, kw_only=True)
class Solid:
    """A plain body that is no furniture: what importers and generators make things of. Map frame."""

    kind: str = option("box, cylinder (along its own z) or sphere", choices=("box", "cylinder", "sphere"))
    size: tuple[float, ...] = option(
        "box: x, y, z; cylinder: radius, height; sphere: radius", unit="m", low=1e-3, high=200
    )
    at: tuple[float, float, float] = option("its middle", unit="m", low=-200, high=200)
    rpy_deg: tuple[float, float, float] = option(
        "roll, pitch and yaw, as in URDF", (0.0, 0.0, 0.0), unit="deg", low=-360, high=360
    )
    name: str = option("for contacts; empty: its kind and number", "")
    glass: bool = option("neither lidar nor depth camera sees it", False)
    color: Color = option("all over", parse_color("grey"), is_color=True)


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A low body that goes to and fro along a line, as a pet does: it waits for nobody but runs nobody down. Map."""

    name: str = option("unique in the home")
    path: Path = option("where it goes, [[x, y], ...], and back again", unit="m", low=-100, high=100)
    speed: float = option("along the line", 0.4, unit="m/s", low=0.05, high=2.0)
    pause: float = option("how long it stays at either end", 0.0, unit="s", low=0.0, high=600.0)
    radius: float = option("half its width", 0.12, unit="m", low=0.05, high=0.5)
    height: float = option("floor to top", 0.35, unit="m", low=0.05, high=2.0)
    color: Color = option("all over", parse_color("walnut"), is_color=True)


@dataclass(frozen=True, kw_only=True)
class Room:
    """A rectangle of floor with walls around it."""

    name: str = option("unique in the home")
    x: float = option("west edge in map, on the centre line of the wall", unit="m", low=-100, high=100)
    y: float = option("south edge in map, on the centre line of the wall", unit="m", low=-100, high=100)
    width: float = option("west to east", unit="m", low=0.6, high=60)
    depth: float = option("south to north", unit="m", low=0.6, high=60)
    floor_z: float = option("height of the floor; a step down is negative", 0.0, unit="m", low=-1.0, high=1.0)
    floor_color: Color = option("floor", parse_color("pine"), is_color=True)
    floor_texture: str = option("pattern of the floor", "wood", choices=TEXTURES)
    wall_color: Color = option(
        "walls; the room named first decides for a shared wall", parse_color("white"), is_color=True
    )
    open_to: tuple[str, ...] = option("rooms with no wall between them and this one", ())
    furniture: tuple[Furniture, ...] = option("what stands in it", ())
    clutter: tuple[Clutter, ...] = option("what lies about in it", ())
    scatter: tuple[Scatter, ...] = option("what is strewn in it by chance", ())

    def contains(self, x: float, y: float) -> bool:
        """Whether map point (x, y) is inside the rectangle, edges included."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.depth

    @property
    def center(self) -> Point:
        """Middle of the rectangle, map frame."""
        return (self.x + self.width / 2.0, self.y + self.depth / 2.0)


@dataclass(frozen=True, kw_only=True)
class Door:
    """An opening in the wall that two rooms share, with or without a leaf."""

    between: tuple[str, str] = option("the two rooms")
    at: float = option(
        "centre along the wall: map x of a wall that runs east-west, else map y", unit="m", low=-100, high=100
    )
    width: float = option("clear width", 0.9, unit="m", low=0.6, high=6.0)
    height: float = option("clear height below the lintel", 2.05, unit="m", low=1.8, high=4.0)
    lintel: bool = option("whether there is wall above it", True)
    leaf: bool = option("whether a door leaf hangs in it", True)
    open: float = option("0 closed, 1 open at a right angle", 1.0, low=0.0, high=1.0)
    swings_into: str = option("the room the leaf opens into; empty: the first of `between`", "")
    hinge: str = option(
        "end of the opening that carries the hinge: the one of lower or of higher coordinate",
        "low",
        choices=("low", "high"),
    )
    glass: bool = option("a glass leaf: neither lidar nor depth camera sees it", False)
    color: Color = option("leaf", parse_color("cream"), is_color=True)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who lives here."""

    name: str = option("unique in the home")
    role: str = option(
        "whom a follower follows: one `followed`, others `background`", "background", choices=("followed", "background")
    )
    appearance: int = option("which of eight visibly different people", 0, low=0, high=7)
    height: float = option("body height", 1.7, unit="m", low=1.0, high=2.1)
    at: Point = option("start in map", unit="m", low=-100, high=100)
    yaw_deg: float = option("start direction, 0 east, 90 north", 0.0, unit="deg", low=-360, high=360)
    script: tuple[Step, ...] = option("what they do, in order", ())
    loop: bool = option("start over when the script ends", False)


@dataclass(frozen=True, kw_only=True)
class Robot:
    """A robot that starts here: one that drives, at a place of the floor, or a display (`tabletop`), `on` furniture."""

    name: str = option("unique in the home; people may call it so", "rover")
    kind: str = option("which body", "rover", choices=("rover", "tabletop", "jackal"))
    at: Point | None = option(
        "start in map; a `tabletop` may leave it out and stands in the middle of its furniture",
        None,
        unit="m",
        low=-100,
        high=100,
    )
    on: str = option("furniture with a flat top that a `tabletop` stands on: 'desk' or 'office/desk'", "")
    z: float = option("height of what one that drives stands on, above the floor", 0.0, unit="m", low=0.0, high=2.0)
    yaw_deg: float = option("start direction, 0 east, 90 north", 0.0, unit="deg", low=-360, high=360)

    @property
    def drives(self) -> bool:
        """Whether it has wheels, and starts on a floor."""
        return self.kind != "tabletop"

    @property
    def start(self) -> Point:
        """Where one that drives starts in map (worlds/place.py knows where a display stands)."""
        if self.at is None:
            raise ValueError(f"robot '{self.name}' does not start from a place on the floor")
        return self.at


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A fixed view for reports; no robot sees through it."""

    name: str = option("unique in the home")
    at: tuple[float, float, float] = option("eye in map", unit="m", low=-100, high=100)
    look_at: tuple[float, float, float] = option(
        "point in map at the middle of the picture", unit="m", low=-100, high=100
    )
    fov_deg: float = option("vertical field of view", 60.0, unit="deg", low=10, high=120)


@dataclass(frozen=True, kw_only=True)
class World:
    """A home."""

    name: str = option("what it is called; a shipped home is called like its file")
    description: str = option("one line", "")
    seed: int = option("decides everything left to chance in the home itself", 0, low=0, high=999_999)
    wall_height: float = option("floor to ceiling", 2.5, unit="m", low=0.3, high=5.0)
    wall_thickness: float = option("of every wall, half on either side of its line", 0.1, unit="m", low=0.02, high=0.5)
    rooms: tuple[Room, ...] = option("at least one")
    doors: tuple[Door, ...] = option("openings between rooms", ())
    keep_clear: tuple[Path, ...] = option(
        "lines in map, [[x, y], ...], that scattered clutter leaves free", (), unit="m", low=-100, high=100
    )
    solids: tuple[Solid, ...] = option("plain bodies anywhere in map", ())
    movers: tuple[Mover, ...] = option("what goes to and fro", ())
    people: tuple[Person, ...] = option("who is at home", ())
    robots: tuple[Robot, ...] = option("which robots start where", ())
    cameras: tuple[Camera, ...] = option("views for reports", ())
    goal: Point | None = option(
        "where a robot that only navigates shall go, in map; none: the run's seed chooses",
        None,
        unit="m",
        low=-200,
        high=200,
    )

    def __hash__(self) -> int:
        """Cheap, because homes are keys of many caches; equal homes still hash alike."""
        return hash((self.name, self.seed, len(self.rooms)))

    def room(self, name: str) -> Room:
        """The room called `name`; KeyError if there is none."""
        for room in self.rooms:
            if room.name == name:
                return room
        raise KeyError(name)

    def room_at(self, x: float, y: float) -> Room | None:
        """The room that holds map point (x, y), the first one named on a shared edge; None outside."""
        for room in self.rooms:
            if room.contains(x, y):
                return room
        return None

    def person(self, name: str) -> Person:
        """The person called `name`; KeyError if there is none."""
        for person in self.people:
            if person.name == name:
                return person
        raise KeyError(name)

    @property
    def followed(self) -> Person | None:
        """The person whose role is `followed`, if any."""
        return next((person for person in self.people if person.role == "followed"), None)

    @property
    def drivers(self) -> tuple[Robot, ...]:
        """The robots that drive, in the order of the file."""
        return tuple(robot for robot in self.robots if robot.drives)

    @property
    def display(self) -> Robot | None:
        """The first robot that stands on furniture, if any."""
        return next((robot for robot in self.robots if not robot.drives), None)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge of all rooms, map frame."""
        west, south = min(r.x for r in self.rooms), min(r.y for r in self.rooms)
        return west, south, max(r.x + r.width for r in self.rooms), max(r.y + r.depth for r in self.rooms)


NOUNS: dict[type, str] = {
    World: "world",
    Room: "room",
    Furniture: "furniture",
    Clutter: "clutter",
    Scatter: "scatter",
    Solid: "solid",
    Mover: "mover",
    Door: "door",
    Person: "person",
    Robot: "robot",
    Camera: "camera",
}
COLOR_NAMES = tuple(PALETTE)
