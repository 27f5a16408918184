"""Looking: turn toward something, look all around, and tell who is where.

Somebody counts as being in a room who was seen there in several frames of one look around: a single sighting may be a
coat on a rack.
"""

from __future__ import annotations

import math
from collections import Counter

from policies.behaviour.context import Context
from policies.behaviour.counting import count_told
from policies.behaviour.grounding import Spot
from policies.behaviour.steps.base import Outcome, Step
from robot.geometry import wrap_angle

AHEAD = 0.32  # rad: how far ahead of the base the point is that it turns to, which makes about 1 rad/s
FULL_TURN = 2.0 * math.pi
FRAMES = 4  # ticks in which somebody must be seen
LONGEST_S = 25.0
WALL_M = 0.15  # a person seen this near to a wall may stand on either side


class LookAround(Step):
    """Turn once around on the spot; afterwards `seen` holds who was seen where, (track: (room, frames))."""

    def __init__(self, context: Context, name: str = "look around") -> None:
        super().__init__(name, context)
        self._turned = 0.0
        self._yaw = 0.0
        self._frames: Counter[tuple[int, str]] = Counter()

    def begin(self) -> None:
        """Forget the last look."""
        self._turned, self._frames = 0.0, Counter()
        self._yaw = self.context.scene.robot.yaw

    def go_on(self) -> Outcome:
        """Turn on, and note who is seen."""
        scene = self.context.scene
        self._turned += wrap_angle(scene.robot.yaw - self._yaw)
        self._yaw = scene.robot.yaw
        for person in scene.people:
            room = self.context.plan.room_at(person.x, person.y)
            if room is not None:
                self._frames[person.track, room.name] += 1
        if self._turned >= FULL_TURN or self.seconds > LONGEST_S:
            self.context.hold()
            return self.finished()
        self.context.turn_to(scene.robot.yaw + AHEAD)
        return "going on"

    def finished(self) -> Outcome:
        """Return how it ended."""
        return "done"

    def persons_in(self, room: str) -> list[int]:
        """Return the tracks of those who were seen in a room."""
        return sorted({track for (track, name), frames in self._frames.items() if name == room and frames >= FRAMES})

    def anywhere(self) -> dict[int, str]:
        """Return the room in which each was mostly seen."""
        best: dict[int, tuple[int, str]] = {}
        for (track, room), frames in sorted(self._frames.items()):
            if frames >= FRAMES and frames > best.get(track, (0, ""))[0]:
                best[track] = (frames, room)
        return {track: room for track, (_, room) in best.items()}


class CountPeople(LookAround):
    """Look around and say who is in a room (empty: in the one the robot stands in)."""

    def __init__(self, context: Context, room: str = "") -> None:
        super().__init__(context, "see who is there")
        self.room = room

    def finished(self) -> Outcome:
        """Say it."""
        here = self.context.room
        room = self.room or (here.name if here else "")
        self.context.results.append(count_told(len(self.persons_in(room)), room))
        return "done"


class LookAt(Step):
    """Turn toward a spot; with a question, be honest that seeing does not answer it."""

    def __init__(self, spot: Spot, context: Context, question: str = "") -> None:
        super().__init__(f"look at {spot.label}", context)
        self.spot = spot
        self.question = question

    def go_on(self) -> Outcome:
        """Turn; done when facing it."""
        point = (self.spot.x, self.spot.y)
        if self.spot.kind == "speaker" and self.context.scene.speaker is not None:
            point = self.context.scene.speaker
        if not self.context.face(*point) and self.seconds < LONGEST_S:
            return "going on"
        told = f"I'm looking at {self.spot.label}"
        if self.question:
            told += f", but I can't tell {self.question} from a picture"
        self.context.results.append(f"{told}.")
        return "done"
