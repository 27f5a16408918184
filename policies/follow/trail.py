"""The way the person walked: following it keeps sight through doors and around corners, where they fitted too."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Person:
    """Someone at a moment: position and velocity in odom, m and m/s."""

    x: float
    y: float
    vx: float = 0.0
    vy: float = 0.0
    aim_x: float = 0.0
    """Velocity with which they last walked, while that is not long ago; else 0."""
    aim_y: float = 0.0

    @property
    def speed(self) -> float:
        """m/s."""
        return math.hypot(self.vx, self.vy)

    def after(self, seconds: float) -> Person:
        """Return the same person later, walking straight on."""
        return replace(self, x=self.x + self.vx * seconds, y=self.y + self.vy * seconds)

    def as_meant(self) -> Person:
        """Return the person walking as they last did: what someone held up in front of the robot means to do."""
        return replace(self, vx=self.aim_x, vy=self.aim_y)

    def distance_to(self, x: float, y: float) -> float:
        """Return the distance (m) to a point."""
        return math.hypot(x - self.x, y - self.y)


class Trail:
    """Positions of one person, oldest first, about `step_m` apart, at most `length_m` long."""

    def __init__(self, step_m: float, length_m: float) -> None:
        self._step_m = step_m
        self._points: deque[tuple[float, float]] = deque(maxlen=max(2, round(length_m / step_m)))

    def __len__(self) -> int:
        return len(self._points)

    def clear(self) -> None:
        """Forget everything: another person is followed now."""
        self._points.clear()

    def add(self, x: float, y: float) -> None:
        """Note where the person is, if they moved a step since."""
        if not self._points or math.dist(self._points[-1], (x, y)) >= self._step_m:
            self._points.append((x, y))

    def point_behind(self, x: float, y: float, distance_m: float) -> tuple[float, float] | None:
        """Return the newest trail point at `distance_m` from (x, y) in a straight line; None if the trail is short.

        A straight line, not along the trail: someone who paces to and fro leaves a long trail at one place.
        """
        newer = (x, y)
        for point in reversed(self._points):
            if math.dist(point, (x, y)) >= distance_m:
                return _on_circle(newer, point, (x, y), distance_m)
            newer = point
        return None


def _on_circle(
    inside: tuple[float, float], outside: tuple[float, float], centre: tuple[float, float], radius: float
) -> tuple[float, float]:
    """Return about where the step from `inside` to `outside` crosses the circle."""
    a, b = math.dist(inside, centre), math.dist(outside, centre)
    part = (radius - a) / (b - a) if b > a else 1.0
    return inside[0] + part * (outside[0] - inside[0]), inside[1] + part * (outside[1] - inside[1])
