"""What a person in a home may do, step by step, as it is written in a home file."""

# ruff: noqa: RUF009  option() returns a dataclasses.field

from __future__ import annotations

from dataclasses import dataclass

from worlds.option import option

Point = tuple[float, float]
Place = str | Point
_PLACE = "a room, a piece of furniture ('sofa' or 'kitchen/table'), or [x, y] in map, m"


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Walk to a place along a way that is free of furniture."""

    to: Place = option(_PLACE)
    speed: float = option("walking speed", 0.7, unit="m/s", low=0.1, high=1.6)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Stand still."""

    seconds: float = option("how long", 3.0, unit="s", low=0.0, high=600.0)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Turn on the spot."""

    yaw_deg: float | None = option("direction to face in map, 0 east, 90 north", None, unit="deg", low=-360, high=360)
    by_deg: float | None = option("turn by this much instead, left positive", None, unit="deg", low=-720, high=720)


@dataclass(frozen=True, kw_only=True)
class LookAt:
    """Turn the head (and the body where the neck is too short) toward a place for a while."""

    target: Place = option("a person, a robot, or " + _PLACE)
    seconds: float = option("how long", 2.0, unit="s", low=0.0, high=600.0)


@dataclass(frozen=True, kw_only=True)
class Sit:
    """Walk up to a seat, sit on it, and stand up again."""

    furniture: str = option("the seat: a chair, sofa, armchair, bench, stool or bed")
    seconds: float = option("how long", 10.0, unit="s", low=0.0, high=3600.0)


@dataclass(frozen=True, kw_only=True)
class Nod:
    """Nod the head."""

    times: int = option("how many nods", 2, low=1, high=20)


@dataclass(frozen=True, kw_only=True)
class Shake:
    """Shake the head."""

    times: int = option("how many shakes", 2, low=1, high=20)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Stand and talk, mouth and head moving a little."""

    seconds: float = option("how long", 4.0, unit="s", low=0.0, high=600.0)


@dataclass(frozen=True, kw_only=True)
class Wander:
    """Walk between random spots of some rooms, pausing at each; the seed of the run decides where."""

    rooms: tuple[str, ...] = option("which rooms; empty for all that can be walked to", ())
    seconds: float = option("how long", 60.0, unit="s", low=1.0, high=3600.0)
    speed: float = option("walking speed", 0.6, unit="m/s", low=0.1, high=1.6)


Step = Walk | Stop | Turn | LookAt | Sit | Nod | Shake | Talk | Wander
STEPS: dict[str, type[Step]] = {
    "walk": Walk,
    "stop": Stop,
    "turn": Turn,
    "look_at": LookAt,
    "sit": Sit,
    "nod": Nod,
    "shake": Shake,
    "talk": Talk,
    "wander": Wander,
}
