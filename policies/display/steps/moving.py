"""Moving: look in a direction, turn by an angle as far as the base goes, make a gesture."""

from __future__ import annotations

import math
from collections.abc import Callable

from policies.behaviour.steps.leaf import Leaf, Outcome
from policies.display.context import DisplayContext, Made
from robot.bodies.tabletop.body import TabletopBody

BASE = TabletopBody().servos[0]
ASIDE, UP = math.radians(40.0), math.radians(15.0)  # what "left" and "up" are without an angle
HIGHEST = math.radians(35.0)
TURNS = {"left": math.pi / 2, "right": -math.pi / 2, "around": math.pi}
NEARLY = math.radians(150.0)  # is around, for something that cannot turn further
SLIGHT = math.radians(2.0)  # less is no turn
LONGEST_S = 8.0


class Leave(Leaf[DisplayContext]):
    """Look along a direction that is found when its turn comes; done when the camera looks there."""

    def __init__(self, name: str, context: DisplayContext, along: Callable[[], tuple[float, float]]) -> None:
        super().__init__(name, context)
        self._along = along

    def begin(self) -> None:
        """Ask the arm."""
        self.context.look_along(*self._along())

    def go_on(self) -> Outcome:
        """Wait for it."""
        if self.seconds > LONGEST_S:
            return self.failure("I could not get there: something holds me back.")
        if not self.context.carried_out:
            return "going on"
        return self.arrived()

    def arrived(self) -> Outcome:
        """Return how it ended."""
        return "done"


class LookAlong(Leave):
    """Look left, right, up, down or ahead, and stay there."""

    def __init__(self, direction: str, context: DisplayContext) -> None:
        super().__init__(f"look {direction}", context, self._aim)
        self._direction = direction

    def _aim(self) -> tuple[float, float]:
        at = self.context.view.pointing
        aside = {"left": ASIDE, "right": -ASIDE}.get(self._direction, 0.0)
        up = {"up": UP, "down": -UP}.get(self._direction, 0.0)
        if self._direction == "ahead":
            return 0.0, 0.0
        return _reachable(at.azimuth + aside), min(HIGHEST, max(-HIGHEST, at.elevation + up))

    def arrived(self) -> Outcome:
        """Say so."""
        self.context.results.append(f"I'm looking {self._direction}.")
        return "done"


class Turn(Leave):
    """Turn the base by an angle, left positive; what it cannot do it says."""

    def __init__(self, direction: str, degrees: float | None, context: DisplayContext) -> None:
        super().__init__(f"turn {direction}", context, self._aim)
        self._direction = direction
        self._angle = TURNS[direction] if degrees is None else math.copysign(math.radians(degrees), TURNS[direction])
        self._from = self._to = 0.0

    def _aim(self) -> tuple[float, float]:
        at = self.context.view.pointing
        ways = (self._angle, -self._angle) if self._direction == "around" else (self._angle,)
        self._from = at.azimuth
        self._to = max((_reachable(at.azimuth + way) for way in ways), key=lambda to: abs(to - at.azimuth))
        return self._to, at.elevation

    def arrived(self) -> Outcome:
        """Say how far it turned."""
        turned, asked = abs(self._to - self._from), abs(self._angle)
        end = math.degrees(BASE.high)
        if turned > asked - SLIGHT:
            self.context.results.append("I've turned.")
            return "done"
        if self._direction == "around" and turned > NEARLY:
            around = f"I've turned by {math.degrees(turned):.0f} degrees, as far around as my base goes."
            self.context.results.append(around)
            return "done"
        self.context.failed = True
        limit = f"my base stops at {end:.0f} degrees to either side"
        if turned < SLIGHT:
            self.context.results.append(f"I can't turn any further that way: {limit}.")
        else:
            degrees = f"{math.degrees(turned):.0f} of {math.degrees(asked):.0f} degrees"
            self.context.results.append(f"I turned {degrees}: {limit}.")
        return "done"


class MakeGesture(Leaf[DisplayContext]):
    """Nod, shake, tilt, bow or dance, once."""

    def __init__(self, gesture: Made, context: DisplayContext) -> None:
        super().__init__(gesture, context)
        self._gesture = gesture

    def begin(self) -> None:
        """Ask the arm."""
        self.context.make(self._gesture)

    def go_on(self) -> Outcome:
        """Wait until it is over."""
        progress = self.context.progress
        if self.context.told_of_wish and progress is not None and not progress.gesturing:
            return "done"
        return "going on" if self.seconds < LONGEST_S else self.failure(f"I could not {self._gesture}.")


def _reachable(azimuth: float) -> float:
    return min(BASE.high, max(BASE.low, azimuth))
