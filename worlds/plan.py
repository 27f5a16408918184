"""What a person will do, as concrete pieces that need no map any more: a simulator advances along them and may hold
the person still when something is in the way, so times are those of an undisturbed walk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from robot.geometry import wrap_angle
from worlds.steps import Place, Point

Action = Literal["walk", "stop", "turn", "look_at", "sit", "nod", "shake", "talk"]
TURN_RATE = 2.0  # rad/s on the spot
NOD_S = 0.7
SHAKE_S = 0.8
STEP_S = 0.1


@dataclass(frozen=True)
class Segment:
    """One piece of a plan.

    Attributes:
        action: what the person does.
        seconds: how long it takes undisturbed.
        path: for walk: map points about 0.1 m apart, m; empty else.
        speed: for walk, m/s.
        turn_by: for turn: signed angle, rad, left positive.
        target: for look_at: map point, or the name of a person or robot to follow with the eyes.
        seat: for sit: (x, y) of the seat in map; `yaw` is where the sitter faces.
        yaw: heading at the end, rad; for walk the direction of its last piece.
        note: why, for reports: "hide", "turn back", or empty.
    """

    action: Action
    seconds: float
    yaw: float
    path: tuple[Point, ...] = ()
    speed: float = 0.0
    turn_by: float = 0.0
    target: Place | None = None
    seat: Point | None = None
    note: str = ""


@dataclass(frozen=True)
class PersonPlan:
    """Everything one person does in an episode; after the last segment they stand, or start over if `loop`."""

    person: str
    start: Point
    yaw: float
    segments: tuple[Segment, ...]
    loop: bool = False

    @property
    def seconds(self) -> float:
        """Duration of one pass, undisturbed."""
        return sum(segment.seconds for segment in self.segments)

    def track(self, seconds: float, step: float = STEP_S) -> NDArray[np.float64]:
        """(N, 2) undisturbed position at every `step` from 0 on, map, m; one pass, then standing."""
        knots_t, knots = [0.0], [self.start]
        now = 0.0
        for segment in self.segments:
            if segment.action == "walk":
                for point in segment.path:
                    knots_t.append(knots_t[-1] + math.dist(knots[-1], point) / segment.speed)
                    knots.append(point)
            elif segment.action == "sit" and segment.seat is not None:
                knots_t += [now + 1e-6, now + segment.seconds]
                knots += [segment.seat, segment.seat]
            now += segment.seconds
            knots_t.append(now)
            knots.append(segment.path[-1] if segment.path else knots[-1])
        times = np.arange(0.0, seconds, step)
        where = np.array(knots)
        return np.stack([np.interp(times, knots_t, where[:, i]) for i in (0, 1)], axis=1)


class PlanBuilder:
    """Collects segments while keeping track of where the person stands, faces and when."""

    def __init__(self, person: str, start: Point, yaw: float) -> None:
        self.person, self.start, self.start_yaw = person, start, yaw
        self.at, self.yaw, self.seconds = start, yaw, 0.0
        self.segments: list[Segment] = []

    def add(self, segment: Segment) -> None:
        """Append a piece and move on to its end."""
        self.segments.append(segment)
        self.seconds += segment.seconds
        self.yaw = segment.yaw
        if segment.path:
            self.at = segment.path[-1]

    def walk(self, path: NDArray[np.float64], speed: float, note: str = "") -> None:
        """Walk along (N, 2) map points; too short a way is no walk at all."""
        points = tuple((float(x), float(y)) for x, y in path)
        distance = sum(math.dist(a, b) for a, b in zip((self.at, *points), points, strict=False))
        if distance > 0.02:
            last = points[-2] if len(points) > 1 else self.at
            yaw = math.atan2(points[-1][1] - last[1], points[-1][0] - last[0])
            self.add(Segment("walk", distance / speed, yaw, path=points, speed=speed, note=note))

    def wait(self, seconds: float, action: Action = "stop", note: str = "") -> None:
        """Stand for a while, perhaps nodding or talking."""
        self.add(Segment(action, seconds, self.yaw, note=note))

    def turn_to(self, yaw: float, note: str = "") -> None:
        """Turn on the spot the short way to face `yaw`."""
        self.turn_by(wrap_angle(yaw - self.yaw), note)

    def turn_by(self, angle: float, note: str = "") -> None:
        """Turn on the spot by a signed angle, rad, left positive."""
        yaw = wrap_angle(self.yaw + angle)
        self.add(Segment("turn", abs(angle) / TURN_RATE, yaw, turn_by=angle, note=note))

    def finish(self, loop: bool = False) -> PersonPlan:
        """The plan so far."""
        return PersonPlan(self.person, self.start, self.start_yaw, tuple(self.segments), loop)
