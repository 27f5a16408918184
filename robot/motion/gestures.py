"""What a display says without words: nod, shake, tilt, bow and dance, as offsets of its joints from where it looks.

A gesture is a few postures in time, with a minimum-jerk way (Flash and Hogan 1985) from one to the next; it begins and
ends where the display looks. Nothing here knows of the stand: the joints go there through the stability limiter, like
everywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

Offsets = tuple[float, float, float, float]
"""Of base_yaw, boom_pitch, display_pitch and display_roll, rad or rad/s"""
NONE: Offsets = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Gesture:
    """Postures with their times (s), the last one upright again."""

    postures: tuple[tuple[float, Offsets], ...]

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return self.postures[-1][0]

    def at(self, t: float) -> tuple[Offsets, Offsets]:
        """Return the offsets (rad) at time t since its beginning, and their rates (rad/s)."""
        before = (0.0, NONE)
        for after in self.postures:
            if t < after[0]:
                return _between(before, after, t)
            before = after
        return NONE, NONE


def _between(before: tuple[float, Offsets], after: tuple[float, Offsets], t: float) -> tuple[Offsets, Offsets]:
    took = after[0] - before[0]
    s = max(0.0, (t - before[0]) / took)
    share = s**3 * (10.0 - 15.0 * s + 6.0 * s * s)
    speed = 30.0 * s * s * (1.0 - s) ** 2 / took
    ways = [b - a for a, b in zip(before[1], after[1], strict=True)]
    place = [a + share * way for a, way in zip(before[1], ways, strict=True)]
    return tuple(place), tuple(speed * way for way in ways)  # type: ignore[return-value]  # four, as the joints


GESTURES: dict[str, Gesture] = {
    "nod": Gesture((
        (0.35, (0.0, 0.0, 0.24, 0.0)), (0.75, (0.0, 0.0, -0.03, 0.0)), (1.15, (0.0, 0.0, 0.2, 0.0)), (1.6, NONE),
    )),
    "shake": Gesture((
        (0.4, (0.2, 0.0, 0.0, 0.0)), (0.95, (-0.2, 0.0, 0.0, 0.0)), (1.5, (0.2, 0.0, 0.0, 0.0)), (1.95, NONE),
    )),
    "tilt": Gesture(((0.5, (0.0, 0.0, 0.0, 0.26)), (1.4, (0.0, 0.0, 0.0, 0.26)), (1.9, NONE))),
    "bow": Gesture(((1.0, (0.0, 0.12, 0.36, 0.0)), (1.6, (0.0, 0.12, 0.36, 0.0)), (2.6, NONE))),
    "dance": Gesture((
        (0.6, (0.28, 0.0, 0.1, 0.2)), (1.2, (-0.28, 0.0, 0.0, -0.2)), (1.8, (0.28, 0.0, 0.1, 0.2)),
        (2.4, (-0.28, 0.0, 0.0, -0.2)), (3.0, (0.0, 0.06, 0.2, 0.0)), (3.6, (0.0, -0.06, -0.1, 0.0)),
        (4.2, (0.0, 0.06, 0.2, 0.0)), (4.9, NONE),
    )),
}  # fmt: skip
