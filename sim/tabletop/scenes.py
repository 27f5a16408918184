"""Who is before the display and what they do, as a function of scene and seed.

Places are those of the eyes in base_link at rest: x ahead, y left, z above the desk (m). People move between waypoints
along minimum-jerk ways and move their heads by the scripts of `sim/people/head_scripts.py`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from robot.rng import spawn
from sim.people.head_scripts import (
    HeadAngles,
    HeadScript,
    glance,
    look_around,
    nod,
    random_nod,
    read,
    shake,
    talk,
)

Place = tuple[float, float, float]
EYES_Z = 0.46  # m above the desk, of an adult who sits at it


@dataclass(frozen=True)
class Actor:
    """One person: looks, height of an adult's as a share, where they are when, and what the head does."""

    name: str
    look: str
    waypoints: tuple[tuple[float, Place], ...]
    """(time of arrival, place); the way there takes the time since the one before."""
    acts: tuple[tuple[float, HeadScript], ...] = ()
    height_m: float | None = None

    def place(self, t: float) -> Place:
        """Return where the eyes are at time t."""
        index = bisect_right([when for when, _ in self.waypoints], t)
        if index == 0:
            return self.waypoints[0][1]
        if index == len(self.waypoints):
            return self.waypoints[-1][1]
        (t0, a), (t1, b) = self.waypoints[index - 1], self.waypoints[index]
        s = (t - t0) / (t1 - t0)
        s = s * s * s * (10.0 - 15.0 * s + 6.0 * s * s)
        return a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]), a[2] + s * (b[2] - a[2])

    def head(self, t: float) -> tuple[HeadAngles, str]:
        """Return what the head does at time t, and what that is called."""
        for start, script in self.acts:
            if start <= t < start + script.seconds:
                return script.at(t - start), script.kind
        return HeadAngles(), ""


@dataclass(frozen=True)
class Scene:
    """Everybody, the caller first, and how bright it is (1 is a lit room)."""

    actors: tuple[Actor, ...]
    light: float = 1.0


@dataclass(frozen=True)
class _Kind:
    description: str
    make: Callable[[Generator, float], Scene]


def scene(name: str, seed: int, seconds: float) -> Scene:
    """Return the scene `name` as `seed` has it, with something to do for `seconds`. KeyError for no such scene."""
    return _SCENES[name].make(spawn(seed, f"scene {name}"), seconds)


def scene_names() -> dict[str, str]:
    """Return every scene's name and description."""
    return {name: kind.description for name, kind in _SCENES.items()}


def _acts(rng: Generator, seconds: float, kinds: tuple[str, ...]) -> tuple[tuple[float, HeadScript], ...]:
    """Return acts of these kinds one after another, with pauses."""
    acts, t = [], 1.5
    while t < seconds:
        kind = kinds[int(rng.integers(0, len(kinds)))]
        script = _act(kind, rng)
        acts.append((t, script))
        t += script.seconds + float(rng.uniform(1.2, 2.5))
    return tuple(acts)


def _act(kind: str, rng: Generator) -> HeadScript:
    if kind == "nod":
        return random_nod(rng)
    if kind == "shake":
        return shake(float(rng.uniform(0.8, 2.0)), math.radians(rng.uniform(14, 34)), int(rng.integers(1, 4)))
    if kind == "phone":
        return glance(math.radians(rng.uniform(15, 28)), 0.0, 0.45, float(rng.uniform(1.0, 2.5)), "phone")
    makers = {"talk": talk, "read": read, "look_around": look_around}
    return makers[kind](rng, float(rng.uniform(3.0, 6.0)))


def _seat(rng: Generator, x: float = 0.8, z: float = EYES_Z) -> Place:
    return x + float(rng.uniform(-0.1, 0.1)), float(rng.uniform(-0.08, 0.08)), z + float(rng.uniform(-0.04, 0.04))


def _fidget(rng: Generator, seat: Place, seconds: float) -> tuple[tuple[float, Place], ...]:
    """Somebody who sits and shifts now and then."""
    points, t = [(0.0, seat)], float(rng.uniform(2.0, 4.0))
    while t < seconds:
        place = tuple(c + float(rng.uniform(-d, d)) for c, d in zip(seat, (0.05, 0.15, 0.03), strict=True))
        points += [(t, points[-1][1]), (t + float(rng.uniform(0.8, 1.6)), place)]  # type: ignore[list-item]  # three numbers
        t = points[-1][0] + float(rng.uniform(2.0, 5.0))
    return tuple(points)


def _passer(rng: Generator, seconds: float, x: float, z: float, first_s: float) -> tuple[tuple[float, Place], ...]:
    """Somebody who walks past from one side to the other and back."""
    side = 1.0 if rng.random() < 0.5 else -1.0
    away = 0.75 * x + 0.35
    points, t = [(0.0, (x, side * away, z))], first_s
    while t < seconds:
        took = float(rng.uniform(2.2, 4.0))
        points += [(t, points[-1][1]), (t + took, (x + float(rng.uniform(-0.05, 0.05)), -side * away, z))]
        side, t = -side, t + took + float(rng.uniform(1.0, 3.0))
    return tuple(points)


def _one_caller(rng: Generator, seconds: float) -> Scene:
    acts = _acts(rng, seconds, ("nod", "nod", "shake", "talk", "read", "phone"))
    return Scene((Actor("caller", "anna", _fidget(rng, _seat(rng), seconds), acts),))


def _nodder(rng: Generator, seconds: float) -> Scene:
    acts, t = [], 1.5
    while t < seconds:
        script = nod(float(rng.uniform(0.6, 3.0)), math.radians(rng.uniform(5.0, 12.0)), int(rng.integers(1, 5)))
        acts.append((t, script))
        t += script.seconds + float(rng.uniform(2.0, 3.5))
    return Scene((Actor("caller", "fumiko", ((0.0, _seat(rng)),), tuple(acts)),))


def _crowd(rng: Generator, seconds: float) -> Scene:
    looks = ["ben", "chidi", "dina", "fumiko", "george", "hana"]
    order = [looks[int(i)] for i in rng.permutation(len(looks))]
    caller = Actor("caller", "anna", _fidget(rng, _seat(rng, 0.85), seconds), _acts(rng, seconds, ("nod", "talk")))
    others = (
        Actor("passer", order[0], _passer(rng, seconds, 0.58, EYES_Z + 0.02, 2.0)),
        Actor("behind", order[1], _passer(rng, seconds, 1.2, EYES_Z + 0.08, 1.0)),
        Actor("guest", order[2], _fidget(rng, (1.25, 0.4, EYES_Z + 0.05), seconds)),
    )
    return Scene((caller, *others))


def _party(rng: Generator, seconds: float) -> Scene:
    """Two who look exactly like the caller, one of whom passes before them, and one who does not."""
    caller = Actor("caller", "chidi", _fidget(rng, _seat(rng, 0.8), seconds), _acts(rng, seconds, ("nod", "talk")))
    others = (
        Actor("twin", "chidi", _passer(rng, seconds, 0.56, EYES_Z + 0.02, 2.0)),
        Actor("third", "chidi", _fidget(rng, (1.2, -0.45, EYES_Z), seconds)),
        Actor("guest", "hana", _passer(rng, seconds, 1.3, EYES_Z, 4.0)),
    )
    return Scene((caller, *others))


def _talker(rng: Generator, seconds: float) -> Scene:
    acts = ((1.0, talk(rng, max(2.0, seconds - 1.0))),)
    return Scene((Actor("caller", "ben", _fidget(rng, _seat(rng), seconds), acts),))


def _dim(rng: Generator, seconds: float) -> Scene:
    bright = _one_caller(rng, seconds)
    return Scene(bright.actors, light=0.3)


def _family(rng: Generator, seconds: float) -> Scene:
    child = Actor("caller", "emil", _fidget(rng, _seat(rng, 0.75, 0.30), seconds), _acts(rng, seconds, ("nod", "talk")))
    tall = Actor("tall", "george", _passer(rng, seconds, 1.1, 0.66, 2.0))
    return Scene((child, tall, Actor("parent", "hana", _fidget(rng, (1.0, 0.38, 0.5), seconds))))


def _meeting(rng: Generator, seconds: float) -> Scene:
    """Three who sit side by side, all in view from the middle; the caller talks."""
    caller = Actor("caller", "anna", _fidget(rng, _seat(rng, 0.85), seconds), ((1.0, talk(rng, max(2.0, seconds))),))
    left = Actor("left", "george", ((0.0, (1.0, 0.37, EYES_Z + 0.04)),))
    right = Actor("right", "fumiko", ((0.0, (1.0, -0.36, EYES_Z)),))
    return Scene((caller, left, right))


_SCENES = {
    "one_caller": _Kind("one person in a call, who nods, talks and reads", _one_caller),
    "nodder": _Kind("one person who nods often, as deep as the display copies whole, and is still between", _nodder),
    "crowd": _Kind("a caller among three others, two of whom walk past before and behind", _crowd),
    "party": _Kind("a caller among people who look alike", _party),
    "talker": _Kind("somebody who only talks", _talker),
    "dim": _Kind("one person in dim light", _dim),
    "meeting": _Kind("three who sit side by side, the caller in the middle", _meeting),
    "family": _Kind("a child in the call, a tall grown-up who passes, a parent", _family),
}
