"""What the robot was told of its home: rooms, doors, furniture and its dock. A map given to it, never ground truth.

People, clutter and moved chairs are not in it; the robot sees those for itself. Frame: map, metres, radians.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from robot.geometry import Pose2

Point = tuple[float, float]


@dataclass(frozen=True)
class PlanRoom:
    """A room as a rectangle; `level_m` is the height of its floor."""

    name: str
    x: float
    y: float
    width: float
    depth: float
    level_m: float = 0.0

    def holds(self, x: float, y: float) -> bool:
        """Return whether the point lies in it."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.depth

    @property
    def middle(self) -> Point:
        """Return the middle of the rectangle."""
        return self.x + self.width / 2.0, self.y + self.depth / 2.0


@dataclass(frozen=True)
class PlanDoor:
    """An opening: where it is, which two rooms it joins, and its clear width."""

    rooms: tuple[str, str]
    x: float
    y: float
    width_m: float
    along_x: bool
    """The wall it is in runs along map x."""


@dataclass(frozen=True)
class PlanThing:
    """A piece of furniture: its middle, where its front looks, its size, and whether it stands on the floor."""

    name: str
    kind: str
    room: str
    x: float
    y: float
    yaw: float
    width: float
    depth: float
    solid: bool = True

    def distance_to(self, x: float, y: float) -> float:
        """Return the distance from its outline to a point, 0 inside, m."""
        along, across = Pose2(self.x, self.y, self.yaw).inverse().apply(x, y)
        return math.hypot(max(0.0, abs(along) - self.depth / 2.0), max(0.0, abs(across) - self.width / 2.0))


@dataclass(frozen=True)
class FloorPlan:
    """A home as its robot knows it."""

    rooms: tuple[PlanRoom, ...] = ()
    doors: tuple[PlanDoor, ...] = ()
    things: tuple[PlanThing, ...] = ()
    dock: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """x, y, yaw of the robot at its start and charging place"""
    leaves: tuple[PlanThing, ...] = ()
    """Open door leaves, which stand in the rooms"""
    wall_m: float = 0.1
    """Thickness of the walls"""

    def room_at(self, x: float, y: float) -> PlanRoom | None:
        """Return the room that holds a point; None outside all."""
        return next((room for room in self.rooms if room.holds(x, y)), None)

    def room(self, name: str) -> PlanRoom | None:
        """Return the room called so."""
        return next((room for room in self.rooms if room.name == name), None)
