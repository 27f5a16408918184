"""Whether a rover did what it was told: conditions on the world's true state, and on what it said, at the end of a run.

The robot's own beliefs do not count: being in the kitchen means that the simulator has it there, and "I saw two
people" is right only if two were there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import msgspec

from launch.scoring.event import Event
from launch.scoring.housed import HousedScore
from launch.scoring.talk import Talk
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle
from robot.messages import Lock, WorldTruth
from robot.runtime.commit import Commit
from worlds.place import find_furniture
from worlds.schema import World

NEAR_M, AT_M, DOCK_M = 1.8, 1.1, 0.6
FACING = math.radians(50)
TURN_TOLERANCE, MOVE_TOLERANCE_M = math.radians(12), 0.25
UNMOVED_M = 0.15
STAY_S = 1.0  # in a room for so long counts as having been there
LOCK_M = 0.7
COUNTS = ("nobody", "one person", "two people", "three people", "four people")


class Wants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold at the end; what is not named is not asked."""

    near: str = ""
    """A person: at most 1.8 m away and faced."""
    room: str = ""
    """The robot is in it."""
    at: str = ""
    """Furniture, room/name: at most 1.1 m from its outline, faced."""
    faces: str = ""
    """Furniture or a person that the robot looks at, from wherever."""
    home: bool = False
    """Back where it began."""
    turned_deg: float | None = None
    """By how much it has turned on the whole, left positive."""
    moved: tuple[float, float] | None = None
    """How far forward and left of its first pose it is, m."""
    unmoved: bool = False
    """It never left its place."""
    visited: tuple[str, ...] = ()
    """Rooms it was in, in this order, others between them allowed."""
    not_visited: tuple[str, ...] = ()
    said: str = ""
    """Regular expression that what it said must match somewhere."""
    not_said: str = ""
    counted: str = ""
    """A room: it said how many people are there, and that is true."""
    gap: tuple[str, float, float] | None = None
    """A person, and between how many metres they are from the robot."""
    locked: str = ""
    """The person whom the robot has locked on to."""
    ended: str = ""
    """Kind of the last thing it said: done, failed, question, ..."""


class HomeScorer:
    """Observer that keeps what conditions need; without any, it counts what was said and touched."""

    def __init__(self, world: World, wants: Wants | None = None, said_until_s: float = math.inf) -> None:
        self.events: list[Event] = []
        self.distance_m = math.nan
        self._world = world
        self._wants = wants
        self._talk = Talk(self.events, said_until_s)
        self._first: WorldTruth | None = None
        self._truth: WorldTruth | None = None
        self._turned = self._way_m = self._farthest_m = 0.0
        self._rooms: list[str] = []
        self._room, self._room_since = "", 0.0
        self._touched: Counter[str] = Counter()
        self._lock: Lock | None = None
        self._display = HousedScore(self.events)

    def on_commit(self, commit: Commit) -> None:
        """Take note of truth, replies, the lock, and whether the robot is busy."""
        message, now_s = commit.message, commit.envelope.t_ns / NS_PER_S
        self._talk.on_commit(commit)
        self._display.on_commit(commit)
        if isinstance(message, WorldTruth):
            self._see(message, now_s)
        elif isinstance(message, Lock):
            self._lock = message

    @property
    def done(self) -> bool:
        """Whether there is nothing more to come."""
        return self._talk.done

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
        kinds = Counter(reply.kind for reply in (*self._talk.replies, *self._display.replies))
        figures: dict[str, Any] = {
            "collisions_person": self._touched["person"],
            "collisions_object": self._touched["object"],
            "path_m": self._way_m,
            "programs_done": kinds["done"],
            "programs_failed": kinds["failed"],
            "questions": kinds["question"],
            "refused": kinds["refused"],
            **self._display.metrics(),
        }
        if self._wants is not None:
            missing = self.missing()
            figures |= {"success": not missing, "missing": "; ".join(missing)}
        return figures

    def missing(self) -> list[str]:
        """Return what of the conditions does not hold, in words."""
        assert self._wants is not None
        if self._truth is None or self._first is None:
            return ["the run never began"]
        found = [*self._where(self._truth), *self._how(self._truth), *self._words(self._truth)]
        touched = [f"touched {count} times: {kind}" for kind, count in sorted(self._touched.items())]
        return found + touched

    def _see(self, truth: WorldTruth, now_s: float) -> None:
        if self._truth is None or self._first is None:
            self._first = self._truth = truth
        self._turned += wrap_angle(truth.yaw - self._truth.yaw)
        self._way_m += math.dist((truth.x, truth.y), (self._truth.x, self._truth.y))
        self._farthest_m = max(self._farthest_m, math.dist((truth.x, truth.y), (self._first.x, self._first.y)))
        self._truth = truth
        for contact in truth.contacts:
            self._touched[contact.kind] += 1
            self.events.append(Event(now_s, "contact", f"touched {contact.kind} '{contact.name}'"))
        room = self._world.room_at(truth.x, truth.y)
        name = room.name if room else ""
        if name != self._room:
            self._room, self._room_since = name, now_s
        if now_s - self._room_since >= STAY_S and self._rooms[-1:] != [name]:
            self._rooms.append(name)

    def _where(self, truth: WorldTruth) -> list[str]:
        wants, found = self._wants, []
        assert wants is not None
        room = self._world.room_at(truth.x, truth.y)
        here = room.name if room else "no room"
        if wants.room and here != wants.room:
            found.append(f"is in {here}, not in {wants.room}")
        if wants.near:
            gap = self._gap(truth, wants.near)
            if gap > NEAR_M or not self._faces(truth, self._person(truth, wants.near)):
                found.append(f"is {gap:.1f} m from {wants.near}, or does not face them")
        if wants.gap is not None:
            gap = self._gap(truth, wants.gap[0])
            if not wants.gap[1] <= gap <= wants.gap[2]:
                found.append(f"is {gap:.2f} m from {wants.gap[0]}")
        if wants.at and not self._is_at(truth, wants.at):
            found.append(f"is not before {wants.at}")
        if wants.faces and not self._faces(truth, self._point(truth, wants.faces)):
            found.append(f"does not face {wants.faces}")
        first = self._first
        assert first is not None
        if wants.home and math.dist((truth.x, truth.y), (first.x, first.y)) > DOCK_M:
            found.append("is not at its dock")
        if wants.unmoved and self._farthest_m > UNMOVED_M:
            found.append(f"moved {self._farthest_m:.2f} m")
        return found

    def _how(self, truth: WorldTruth) -> list[str]:
        wants, first, found = self._wants, self._first, []
        assert wants is not None
        assert first is not None
        if wants.turned_deg is not None and abs(self._turned - math.radians(wants.turned_deg)) > TURN_TOLERANCE:
            found.append(f"turned by {math.degrees(self._turned):.0f} degrees")
        if wants.moved is not None:
            at = Pose2(first.x, first.y, first.yaw).inverse().apply(truth.x, truth.y)
            if math.dist(at, wants.moved) > MOVE_TOLERANCE_M:
                found.append(f"moved {at[0]:.2f} m forward and {at[1]:.2f} m left")
        rooms = iter(self._rooms)
        unseen = [room for room in wants.visited if room not in rooms]
        if unseen:
            found.append(f"was in {', '.join(self._rooms)}")
        found += [f"was in {room}" for room in wants.not_visited if room in self._rooms]
        if wants.locked and not self._is_locked(truth, wants.locked):
            found.append(f"is not locked on to {wants.locked}")
        return found

    def _words(self, truth: WorldTruth) -> list[str]:
        wants, found = self._wants, []
        assert wants is not None
        said = " / ".join(reply.text for reply in self._talk.replies)
        if wants.said and not re.search(wants.said, said, re.IGNORECASE):
            found.append(f"never said '{wants.said}'")
        if wants.not_said and re.search(wants.not_said, said, re.IGNORECASE):
            found.append(f"said '{wants.not_said}'")
        if wants.counted:
            room = self._world.room(wants.counted)
            count = sum(room.contains(person.x, person.y) for person in truth.people)
            if not re.search(rf"\b{COUNTS[count]} in the", said):
                found.append(f"did not say that {COUNTS[count]} was in the {wants.counted}")
        last = self._talk.replies[-1].kind if self._talk.replies else "nothing"
        if wants.ended and last != wants.ended:
            found.append(f"ended with {last}")
        return found

    def _person(self, truth: WorldTruth, name: str) -> tuple[float, float]:
        return next((person.x, person.y) for person in truth.people if person.name == name)

    def _gap(self, truth: WorldTruth, name: str) -> float:
        return math.dist((truth.x, truth.y), self._person(truth, name))

    def _point(self, truth: WorldTruth, name: str) -> tuple[float, float]:
        if any(person.name == name for person in truth.people):
            return self._person(truth, name)
        item = find_furniture(self._world, name)[0]
        return item.x, item.y

    def _faces(self, truth: WorldTruth, point: tuple[float, float]) -> bool:
        return abs(Pose2(truth.x, truth.y, truth.yaw).bearing_to(*point)) < FACING

    def _is_at(self, truth: WorldTruth, name: str) -> bool:
        item = find_furniture(self._world, name)[0]
        along, across = Pose2(item.x, item.y, item.yaw).inverse().apply(truth.x, truth.y)
        gap = math.hypot(max(0.0, abs(along) - item.size.depth / 2), max(0.0, abs(across) - item.size.width / 2))
        room = self._world.room_at(truth.x, truth.y)
        return gap <= AT_M and room is not None and room.name == item.room and self._faces(truth, (item.x, item.y))

    def _is_locked(self, truth: WorldTruth, name: str) -> bool:
        first, lock = self._first, self._lock
        assert first is not None
        if lock is None or lock.state not in ("locked", "occluded"):
            return False
        at = Pose2(first.x, first.y, first.yaw).apply(lock.x, lock.y)
        return math.dist(at, self._person(truth, name)) < LOCK_M
