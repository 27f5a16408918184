"""With people: follow the one who is locked on, lead them somewhere, look for somebody through the rooms."""

from __future__ import annotations

import math

from policies.behaviour.context import Context
from policies.behaviour.floor_plan import PlanRoom
from policies.behaviour.grounding import Spot, spoken
from policies.behaviour.steps.base import Outcome, Step
from policies.behaviour.steps.looking import LookAround
from policies.behaviour.steps.travel import GoTo
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import LockRequest

NOBODY_S = 20.0  # for how long to look for somebody to follow
BEHIND_M = 2.6  # farther behind, somebody who is led is waited for
CLOSE_M = 1.8  # near enough to go on
UNSEEN_S = 8.0
WAIT_S = 40.0


class Follow(Step):
    """Let the follower drive, for good or until a place is reached."""

    def __init__(self, context: Context, who: str, until: Spot | None = None) -> None:
        super().__init__(f"follow {who}", context)
        self.until = until
        self._arrived = 0

    def begin(self) -> None:
        """Look for somebody to lock on to where nobody is."""
        self._arrived = 0
        lock = self.context.scene.lock
        if lock is None or lock.state == "none":
            self.context.requests.append(LockRequest(mode="nearest"))

    def go_on(self) -> Outcome:
        """One step of the follower."""
        context = self.context
        for topic, message, _ in context.follower.step(context.scene.now_ns, context.scene.inbox).items:
            if topic is topics.NAV_GOAL:
                context.goal = message  # type: ignore[assignment]  # that topic's type
            elif topic is topics.FOLLOW_STATE:
                context.follow_state = message  # type: ignore[assignment]
        lock = context.scene.lock
        if lock is None or lock.state == "none":
            if self.seconds < NOBODY_S:
                context.turn_to(context.scene.robot.yaw + 0.32)
                return "going on"
            return self.failure("I can't see anybody to follow.")
        return self._until()

    def _until(self) -> Outcome:
        if self.until is None:
            return "going on"
        room, robot = self.context.room, self.context.scene.robot
        inside = room is not None and room.name == self.until.room and self.until.kind == "room"
        near = robot.distance_to(self.until.x, self.until.y) < 2.0 and self.until.kind != "room"
        self._arrived = self._arrived + 1 if inside or near else 0
        if self._arrived < 20:
            return "going on"
        self.context.hold()
        self.context.results.append(f"We are {'in' if inside else 'at'} {self.until.label}.")
        return "done"


class Guide(GoTo):
    """Lead the person who is locked on: drive ahead, turn and wait where they fall behind."""

    def __init__(self, spot: Spot, context: Context) -> None:
        super().__init__(spot, context, "carefully")
        self.name = f"lead you to {spot.label}"
        self._waited = 0
        self._waiting = False

    def begin(self) -> None:
        """Nobody has been waited for yet."""
        super().begin()
        self._waited, self._waiting = 0, False

    def go_on(self) -> Outcome:
        """Drive on, or wait."""
        scene = self.context.scene
        away = math.inf if scene.speaker is None else scene.robot.distance_to(*scene.speaker)
        lost = scene.speaker_age_s > UNSEEN_S
        self._waiting = lost or away > (CLOSE_M if self._waiting else BEHIND_M)
        if not self._waiting:
            return super().go_on()
        self._waited += 1
        self._restart()
        if self._waited > 10 * WAIT_S:
            self.context.hold()
            return self.failure(f"I could not lead you to {self.spot.label}: you did not come along.")
        self.context.note = "waiting for you"
        if scene.speaker is not None and not lost:
            self.context.face(*scene.speaker)
        else:
            self.context.turn_to(scene.robot.yaw + 0.32)
        return "going on"


class Find(Step):
    """Go through rooms, the nearest first, and look around in each until somebody is seen there."""

    def __init__(self, context: Context, who: str, rooms: tuple[str, ...] = (), named: bool = False) -> None:
        super().__init__(f"look for {who}", context)
        self.who = who
        self._named = named
        self._only = rooms
        self._left: list[PlanRoom] = []
        self._going: GoTo | None = None
        self._looking: LookAround | None = None
        self._speaker = -1

    def begin(self) -> None:
        """List the rooms."""
        context = self.context
        rooms = [room for room in context.ways.rooms if not self._only or room.name in self._only]
        here = context.room
        self._left = sorted(rooms, key=lambda room: 0.0 if here is room else self._way_m(room))
        self._going, self._looking = None, None
        lock = context.scene.lock
        self._speaker = lock.id if lock is not None else -1
        if here is not None and self._left and self._left[0] is here:
            self._look()

    def go_on(self) -> Outcome:
        """Drive to the next room, or look around in this one."""
        if self._looking is not None:
            return self._look_on()
        if self._going is None:
            if not self._left:
                where = f"the {spoken(self._only[0])}" if len(self._only) == 1 else "any room I can get to"
                self.context.results.append(f"I looked for {self.who} but saw nobody else in {where}.")
                self.context.failed = True
                return "done"
            room = self._left[0]
            self._going = GoTo(Spot("room", f"the {spoken(room.name)}", *room.middle, room.name), self.context)
            self._going.initialise()
            self.context.note = f"looking in the {spoken(room.name)}"
        return self._drive_on(self._going)

    def _drive_on(self, going: GoTo) -> Outcome:
        going.ticks += 1
        outcome = going.go_on()
        if outcome == "going on":
            return outcome
        self.context.results.pop()  # that it is there is no news, and a room that is shut is looked into from its door
        self._look()
        self._going = None
        return "going on"

    def _look_on(self) -> Outcome:
        assert self._looking is not None
        self._looking.ticks += 1
        if self._looking.go_on() == "going on":
            return "going on"
        found = {track: room for track, room in self._looking.anywhere().items() if track != self._speaker}
        found = {track: room for track, room in found.items() if not self._only or room in self._only}
        self._looking = None
        if not found:
            self._left.pop(0)
            return "going on"
        self._tell(found)
        return "done"

    def _look(self) -> None:
        self._looking = LookAround(self.context)
        self._looking.initialise()

    def _tell(self, found: dict[int, str]) -> None:
        track, room = min(found.items())
        self.context.hold()
        doubt = f", but I can't tell whether it is {self.who}" if self._named else ""
        self.context.results.append(f"I found somebody in the {spoken(room)}{doubt}.")
        seen = next((p for p in self.context.scene.people if p.track == track), None)
        if seen is not None:
            self.context.face(seen.x, seen.y)

    def _way_m(self, room: PlanRoom) -> float:
        robot = self.context.scene.robot
        way = self.context.ways.to((robot.x, robot.y), self.context.ways.middle_of(room))
        return math.inf if way is None else way.length_m


class LockOn(Step):
    """Lock on to somebody in view."""

    def __init__(self, spot: Spot, context: Context) -> None:
        super().__init__(f"focus on {spot.label}", context)
        self.spot = spot

    def begin(self) -> None:
        """Ask the tracker."""
        mode = "id" if self.spot.track >= 0 else "nearest"
        self.context.requests.append(LockRequest(mode=mode, id=self.spot.track))  # type: ignore[arg-type]

    def go_on(self) -> Outcome:
        """Wait for the lock, then keep them in view."""
        lock, scene = self.context.scene.lock, self.context.scene
        person = next((p for p in scene.people if p.track == self.spot.track), None)
        if person is not None:
            self.context.face(person.x, person.y)
        locked = lock is not None and lock.state == "locked"
        if lock is not None and locked and (self.spot.track < 0 or lock.id == self.spot.track):
            fresh = scene.now_ns - lock.seen_ns < NS_PER_S
            self.context.results.append(f"I'm keeping my eyes on {self.spot.label}." if fresh else "Locked.")
            return "done"
        if self.seconds > 8.0:
            return self.failure(f"I could not lock on to {self.spot.label}.")
        return "going on"
