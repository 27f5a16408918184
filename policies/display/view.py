"""Who is before the display: everybody whose face was seen lately, also those it has turned away from since.

A face is forgotten after a minute, or when the camera looks where it was and does not see it. Somebody who comes back
into the picture may be given a new number by the watcher; a new number where somebody is remembered is taken for them.
Azimuth from base_link, left positive; elevation from the camera, up positive; rad.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from robot.bodies.tabletop.body import BezelCamera
from robot.clock import NS_PER_S
from robot.geometry import wrap_angle
from robot.messages import Faces, FaceView

FORGET_S = 60.0
GONE_S = 2.0  # unseen for so long where the camera looks
SEEN_S = 0.4
INSIDE = 0.5  # of half the field of view: farther out a face may be cut off, or have moved out of it
AWAY_S = 1.0  # who was seen later is only hidden by whoever comes now
SAME_PLACE = math.radians(7.0)
SAME_SIZE = 1.5  # at most so many times as large
LOOKS_HERE = 0.4  # weight of a face that looks away, against 1


@dataclass(frozen=True)
class Pointing:
    """Where the camera looks."""

    azimuth: float = 0.0
    elevation: float = 0.0


@dataclass(frozen=True)
class Somebody:
    """One person, as last seen."""

    id: int
    azimuth: float
    elevation: float
    size: float
    """Height of the face in the picture, px"""
    turned: float
    """How far the head looks past the display, rad"""
    distance_m: float
    seen_ns: int

    @property
    def presence(self) -> float:
        """Return how much it looks as if they were talking to the display: near, and looking here."""
        return self.size * (LOOKS_HERE + (1.0 - LOOKS_HERE) * math.cos(self.turned))


class View:
    """Remembers faces."""

    def __init__(self) -> None:
        self._known: dict[int, Somebody] = {}
        self._half = BezelCamera().half_fov
        self._now: dict[int, int] = {}  # numbers that somebody had, and the one they had next
        self._missed: dict[int, int] = {}  # by number: since when the camera looks where they were, ns
        self.now_ns = 0
        self.pointing = Pointing()
        self.locked_id = -1
        self.lock = "none"

    def see(self, now_ns: int, frames: Sequence[Faces], pointing: Pointing) -> None:
        """Take in new frames and where the camera looks now."""
        self.now_ns, self.pointing = now_ns, pointing
        for frame in frames:
            self.locked_id, self.lock = frame.locked_id, frame.lock
            here = {face.id: _somebody(face, frame.stamp_ns) for face in frame.faces}
            for person in here.values():
                self._recognise(person, here.keys())
            self._known |= here
        missed = [n for n, person in self._known.items() if not self.sees(n) and self._looks_at(person)]
        self._missed = {n: self._missed.get(n, now_ns) for n in missed}
        gone = {n for n, since in self._missed.items() if now_ns - since > GONE_S * NS_PER_S}
        self._known = {n: p for n, p in self._known.items() if n not in gone and self._age_s(p) <= FORGET_S}

    @property
    def known(self) -> tuple[Somebody, ...]:
        """Return everybody, from left to right."""
        return tuple(sorted(self._known.values(), key=lambda p: (-p.azimuth, p.id)))

    @property
    def visible(self) -> tuple[Somebody, ...]:
        """Return those in view, from left to right."""
        return tuple(person for person in self.known if self.sees(person.id))

    def current(self, number: int) -> int:
        """Return the number that whoever had this number has now."""
        while number in self._now:
            number = self._now[number]
        return number

    def person(self, number: int) -> Somebody | None:
        """Return the person who has, or had, this number."""
        return self._known.get(self.current(number))

    def sees(self, number: int) -> bool:
        """Whether this person is in view."""
        person = self.person(number)
        return person is not None and self._age_s(person) <= SEEN_S

    def off(self, person: Somebody) -> float:
        """Return how far the camera looks past somebody, to either side, rad."""
        return abs(wrap_angle(person.azimuth - self.pointing.azimuth))

    def _recognise(self, person: Somebody, here: Collection[int]) -> None:
        """Give somebody who is remembered at a new number's place that number."""
        if person.id in self._known:
            return
        away = (p for p in self.known if p.id not in here and self._age_s(p) > AWAY_S)
        known = [p for p in away if _alike(p, person)]
        before = min(known, key=lambda p: abs(wrap_angle(p.azimuth - person.azimuth)), default=None)
        self._now.pop(person.id, None)
        if before is not None:
            del self._known[before.id]
            self._now[before.id] = person.id

    def _age_s(self, person: Somebody) -> float:
        return (self.now_ns - person.seen_ns) / NS_PER_S

    def _looks_at(self, person: Somebody) -> bool:
        """Whether the camera looks where somebody was last seen."""
        high = abs(person.elevation - self.pointing.elevation) < INSIDE * 0.75 * self._half  # a picture is 4 by 3
        return high and self.off(person) < INSIDE * self._half


def _alike(a: Somebody, b: Somebody) -> bool:
    """Whether two sightings are at one place, and of one size."""
    aside, above = abs(wrap_angle(a.azimuth - b.azimuth)), abs(a.elevation - b.elevation)
    return max(aside, above) < SAME_PLACE and max(a.size, b.size) < SAME_SIZE * min(a.size, b.size)


def _somebody(face: FaceView, stamp_ns: int) -> Somebody:
    return Somebody(
        id=face.id,
        azimuth=face.azimuth,
        elevation=face.elevation,
        size=face.bbox[3],
        turned=wrap_angle(face.yaw - face.azimuth),
        distance_m=face.distance_m,
        seen_ns=stamp_ns,
    )
