"""Going places: along the floor plan's way, with a point a few metres ahead as the navigator's goal.

The plan knows the doors, the navigator what lies about. Where no headway is made the way counts as shut and the next
best is taken; a robot that is nearly there, with something standing on the spot itself, has arrived.
"""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from policies.behaviour.context import Context
from policies.behaviour.floor_plan import PlanThing, Point
from policies.behaviour.grounding import Spot
from policies.behaviour.steps.base import RATE_HZ, Outcome, Step
from policies.behaviour.steps.looking import LookAround
from policies.behaviour.ways import Way
from robot.geometry import Pose2

CARROT_M = 2.5
THERE_M = 0.35
TIGHT_M = 0.25
NEARLY_M = 1.0  # from where it cannot get nearer, this is near enough to a room's middle
NEAR_THING_M = 1.0  # from the outline of furniture
PERSON_M = 1.1  # from a person's middle
TALKING_M = 2.0
SEEN_S = 1.5  # somebody seen so lately is there
HEADWAY_M = 0.2
STUCK_S = 9.0
INSIDE_STUCK_S = 3.0  # the same for somebody who is in the room already
REPLAN_TICKS = 10  # people are seen on the way
REST_TICKS = 6  # to come to rest before the next thing
POLITE_S = 4.0
IN_THE_WAY_M = 1.5
PERSON_ROOM_M = 0.9  # nobody is asked to move: this near to a person is no place to stand
DETOURS = 3
MOVED_M = 0.4  # a person who moved this far is approached anew
SIDES_M = (0.0, -0.25, 0.25, -0.5, 0.5)
FRONT_M = (0.45, 0.6, 0.75)


class Drive(Step):
    """Drive to a point of map that may move. Subclasses say where, what to face, and what is near enough."""

    def __init__(self, name: str, context: Context, manner: str = "") -> None:
        super().__init__(name, context)
        self.manner = manner
        self.label = name
        self._way: Way | None = None
        self._goal: Point | None = None
        self._best_m = math.inf
        self._best_ticks = 0
        self._detours = 0
        self._asked = False
        self._rested = 0
        self._planned = 0

    @abstractmethod
    def target(self) -> Point | None:
        """Return where to stand now; None where there is no place for it."""

    def facing(self) -> Point | None:
        """Return what to look at once there."""
        return None

    def near_enough(self) -> bool:
        """Whether the robot may call it arrived although it cannot get nearer."""
        robot = self.context.scene.robot
        return self._goal is not None and robot.distance_to(*self._goal) < NEARLY_M

    def begin(self) -> None:
        """Forget the way of the last time."""
        self._way, self._goal, self._detours, self._asked = None, None, 0, False
        self._rested = self._planned = 0
        self._restart()

    def go_on(self) -> Outcome:
        """Drive on, or face what there is to face."""
        wanted, robot = self.target(), self.context.scene.robot
        if wanted is None:
            return self._give_up("there is no place to stand there")
        if self._goal is None or math.dist(self._goal, wanted) > MOVED_M:
            self._goal = wanted
            self._plan()
            self._restart()
        elif self.ticks - self._planned >= REPLAN_TICKS:
            self._plan()
        if self._way is None:
            return self._give_up("there is no way there that I know of")
        if self._there():
            return self._face()
        self._steer(robot)
        return self._check_headway()

    def _plan(self) -> None:
        robot = self.context.scene.robot
        assert self._goal is not None
        people = [(p.x, p.y) for p in self.context.scene.people if math.dist((p.x, p.y), self._goal) > MOVED_M]
        self._way = self.context.ways.to((robot.x, robot.y), self._goal, people)
        self._planned = self.ticks

    def _there(self) -> bool:
        robot = self.context.scene.robot
        assert self._goal is not None
        return robot.distance_to(*self._goal) < THERE_M

    def _steer(self, robot: Pose2) -> None:
        assert self._way is not None
        assert self._goal is not None
        ahead = self.context.ways.carrot(self._way, robot.x, robot.y, CARROT_M)
        last = math.dist(ahead, (float(self._way.points[-1][0]), float(self._way.points[-1][1]))) < 0.05
        to = self._goal if last else ahead
        self.context.drive(to, tolerance_m=0.2 if last else 0.1, manner=self.manner)

    def _face(self) -> Outcome:
        look = self.facing()
        if look is None or self.context.face(*look) or self._stood():
            self.context.hold()
            self._rested += 1
            return "done" if self._rested >= REST_TICKS else "going on"
        return "going on"

    def _stood(self) -> bool:
        """Whether turning has been tried for long enough."""
        return self.ticks - self._best_ticks > RATE_HZ * STUCK_S

    def _check_headway(self) -> Outcome:
        robot = self.context.scene.robot
        assert self._way is not None
        nearest = int(np.argmin(np.hypot(*(self._way.points - (robot.x, robot.y)).T)))
        left = Way(self._way.points[nearest:]).length_m
        if left < self._best_m - HEADWAY_M:
            self._best_m, self._best_ticks = left, self.ticks
        still_s = (self.ticks - self._best_ticks) / RATE_HZ
        self._ask_to_pass(still_s)
        if still_s <= (INSIDE_STUCK_S if self.near_enough() else STUCK_S):
            return "going on"
        if self.near_enough():
            self.context.hold()
            return "done"
        if self._detours == DETOURS:
            return self._give_up("the way is blocked")
        self._detours += 1
        self.context.ways.block(*self._way.ahead(robot.x, robot.y, 0.6))
        self.context.note = "looking for another way"
        self._plan()
        self._restart()
        return "going on"

    def _ask_to_pass(self, still_s: float) -> None:
        """Say so, once a trip, where somebody stands in the way."""
        near = (p for p in self.context.scene.people if p.distance_m < IN_THE_WAY_M and abs(p.bearing) < 1.0)
        if still_s > POLITE_S and not self._asked and self.facing() is None and next(near, None) is not None:
            self._asked = True
            self.context.say("Excuse me, may I pass?", "speech")

    def _restart(self) -> None:
        self._best_m, self._best_ticks = math.inf, self.ticks

    def _give_up(self, why: str) -> Outcome:
        self.context.hold()
        self.context.ways.forgive()
        return self.failure(f"I could not {self.name}: {why}.")


class GoTo(Drive):
    """Go to a spot: a room's middle, the front of furniture, near a person."""

    def __init__(self, spot: Spot, context: Context, manner: str = "") -> None:
        super().__init__(f"get to {spot.label}", context, manner)
        self.spot = spot
        self._stand: Point | None = None

    def begin(self) -> None:
        """Choose where to stand."""
        super().begin()
        self._stand = self._place()

    def target(self) -> Point | None:
        """Return the place chosen; another one where somebody stands on it."""
        stand = self._stand
        if stand is not None and self.spot.kind == "room" and self._taken(stand):
            self._stand = self._place()
        return self._stand

    def facing(self) -> Point | None:
        """Return the thing itself."""
        return (self.spot.x, self.spot.y) if self.spot.kind in ("thing", "person") else None

    def _there(self) -> bool:
        """In a room means inside it, not in its door."""
        inside = self.spot.kind != "room" or self._inside(self.spot.room)
        return super()._there() and (inside or self._tight())

    def _tight(self) -> bool:
        """Whether the place is as near as a small room lets the robot come."""
        robot = self.context.scene.robot
        return self._goal is not None and robot.distance_to(*self._goal) < TIGHT_M

    def near_enough(self) -> bool:
        """Near furniture is what its outline says; in a room one must be in it."""
        robot, thing = self.context.scene.robot, self.spot.thing
        if thing is not None:
            return thing.distance_to(robot.x, robot.y) < NEAR_THING_M
        room = self.context.room
        if self.spot.kind == "room":
            return room is not None and room.name == self.spot.room and self._inside(room.name)
        return super().near_enough()

    def go_on(self) -> Outcome:
        """As Drive; says where it is at the end."""
        outcome = super().go_on()
        if outcome == "done":
            self.context.results.append(f"I'm {'in' if self.spot.kind == 'room' else 'at'} {self.spot.label}.")
        return outcome

    def _inside(self, name: str) -> bool:
        """Whether the robot is well inside a room, not in its door."""
        room, robot = self.context.plan.room(name), self.context.scene.robot
        return room is not None and all(
            room.holds(robot.x + dx, robot.y + dy) for dx, dy in ((0.4, 0.0), (-0.4, 0.0), (0.0, 0.4), (0.0, -0.4))
        )

    def _taken(self, stand: Point) -> bool:
        return any(math.dist(stand, (person.x, person.y)) < PERSON_ROOM_M - 0.3 for person in self.context.scene.people)

    def _place(self) -> Point | None:
        context, robot = self.context, self.context.scene.robot
        room = context.plan.room(self.spot.room)
        if self.spot.kind == "room" and room is not None:
            people = [(person.x, person.y) for person in context.scene.people]
            return context.ways.middle_of(room, people, PERSON_ROOM_M) if room in context.ways.rooms else None
        if self.spot.thing is not None:
            stand = context.ways.stand(places_at(self.spot.thing), (robot.x, robot.y))
            return stand or context.ways.beside(self.spot.thing)
        return self.spot.x, self.spot.y


class ComeTo(Drive):
    """Come to a person: who is locked on (where they are, or were last seen), or another one in view."""

    def __init__(self, context: Context, manner: str = "", other: Spot | None = None) -> None:
        super().__init__("come to you" if other is None else f"get to {other.label}", context, manner)
        self._other = other
        self._last = None if other is None else (other.x, other.y)
        self._looking: LookAround | None = None  # for a person who is not where they were
        self._looked = False

    def target(self) -> Point | None:
        """Return where the person is."""
        if self._other is None:
            return self.context.scene.speaker
        seen = next((p for p in self.context.scene.people if p.track == self._other.track), None)
        if seen is not None:
            self._last = (seen.x, seen.y)
        return self._last

    def facing(self) -> Point | None:
        """Return the person."""
        return self.target()

    def near_enough(self) -> bool:
        """Near enough to talk."""
        person, robot = self.target(), self.context.scene.robot
        return person is not None and robot.distance_to(*person) < TALKING_M

    def go_on(self) -> Outcome:
        """As Drive; honest about whether the person is there."""
        if self.target() is None:
            return self.failure("I can't see anybody to come to.")
        if self._looking is not None:
            self._looking.ticks += 1
            if self._looking.go_on() == "going on" and self._unseen():
                return "going on"
            self._looking, self._looked = None, True
        outcome = super().go_on()
        if outcome == "done" and self._unseen() and not self._looked:
            self._looking = LookAround(self.context)
            self._looking.initialise()
            return "going on"
        if outcome == "done":
            self.context.results.append(self._told())
        return outcome

    def begin(self) -> None:
        """Nobody has been looked for yet."""
        super().begin()
        self._looking, self._looked = None, False

    def _unseen(self) -> bool:
        return self._other is None and self.context.scene.speaker_age_s > SEEN_S

    def _told(self) -> str:
        if self._other is not None:
            return f"I'm with {self._other.label}."
        if not self._unseen():
            return "I'm with you."
        self.context.failed = True
        return "I'm where I last saw you, but I don't see you here."

    def _there(self) -> bool:
        person, robot = self.target(), self.context.scene.robot
        return person is not None and robot.distance_to(*person) < PERSON_M + 0.15 and self._no_wall(person)

    def _no_wall(self, person: Point) -> bool:
        """Whether no wall stands between: the way there is about as long as the distance."""
        robot = self.context.scene.robot
        way = self.context.ways.to((robot.x, robot.y), person)
        return way is None or way.length_m < PERSON_M + 0.8

    def _steer(self, robot: Pose2) -> None:
        person = self.target()
        assert self._way is not None
        assert person is not None
        ahead = self.context.ways.carrot(self._way, robot.x, robot.y, CARROT_M)
        if math.dist(ahead, person) >= PERSON_M:
            self.context.drive(ahead, tolerance_m=0.1, manner=self.manner)
            return
        away = max(robot.distance_to(*person), 1e-6)
        share = max(0.0, (away - PERSON_M + 0.05) / away)
        to = (robot.x + share * (person[0] - robot.x), robot.y + share * (person[1] - robot.y))
        self.context.drive(to, tolerance_m=0.15, manner=self.manner, look_at=person, separation_m=PERSON_M - 0.2)


def places_at(thing: PlanThing) -> NDArray[np.float64]:
    """Return where one may stand to be at a piece of furniture, (N, 2) m: before its front first, then around it."""
    pose, found = Pose2(thing.x, thing.y, thing.yaw), []
    for off in FRONT_M:
        found += [pose.apply(thing.depth / 2.0 + off, side * max(1.0, thing.width)) for side in SIDES_M]
    for off in FRONT_M:
        for side in (thing.width / 2.0 + off, -thing.width / 2.0 - off):
            found += [pose.apply(along * thing.depth, side) for along in (0.0, 0.35, -0.35)]
        found += [pose.apply(-thing.depth / 2.0 - off, side * max(1.0, thing.width)) for side in SIDES_M]
    return np.array(found)
