"""With people: lock on to one of them, look around for somebody, count who is there."""

from __future__ import annotations

import math
from collections import Counter

from policies.behaviour.counting import counted
from policies.behaviour.steps.leaf import Leaf, Outcome
from policies.display import grounding
from policies.display.context import DisplayContext
from policies.display.steps.moving import BASE
from robot.messages import FaceRequest

CENTRED = math.radians(4.0)  # of the picture's middle: looked at
PATIENCE_S = 4.0
UNSEEN_S = 2.0
SWEEP = math.radians(80.0)  # to either side: with what the picture shows beside it, 107 degrees
APART = math.radians(40.0)  # between two looks: pictures overlap
DWELL = 5  # ticks of each look
FRAMES = 3  # ticks in which somebody must be seen


class LockOn(Leaf[DisplayContext]):
    """Turn to somebody and lock on to them. `words` are grounded when its turn comes, where nobody was chosen."""

    def __init__(self, words: str, context: DisplayContext, number: int = -1, name: str = "look at") -> None:
        super().__init__(f"{name} {words}", context)
        self._words, self._given = words, number
        self._number = number
        self._label = ""
        self._asked = False
        self._unseen = 0

    def begin(self) -> None:
        """Find them: where nobody was chosen, among those who are in view by now."""
        context, known = self.context, self.context.view.known
        self._number, self._asked, self._unseen = self._given, False, 0
        if self._number < 0:
            here = known if self._words in grounding.ME else context.view.visible or known
            found = grounding.meant(self._words, here, context.me, context.view.locked_id)
            self._number = found[0].id if len(found) == 1 else -1
        person = context.view.person(self._number)
        if person is not None:
            self._label = "you" if person.id == context.me else grounding.label(person, known)
            if not context.view.sees(person.id):
                context.look_along(person.azimuth, person.elevation)

    def go_on(self) -> Outcome:
        """Turn there, lock, and wait until they are in the middle."""
        context, view = self.context, self.context.view
        person = view.person(self._number)
        if person is None:
            return self._missing()
        if view.sees(person.id):
            if not self._asked:
                context.ask_lock(person.id)
                self._asked = True
            if view.locked_id == person.id and view.lock == "locked":
                context.look_at_face()
                if view.off(person) < CENTRED:
                    context.results.append(f"I'm looking at {self._label}.")
                    return "done"
        elif context.carried_out:
            self._unseen += 1
        if self._unseen > 10 * UNSEEN_S or self.seconds > PATIENCE_S + UNSEEN_S:
            return self._missing()
        return "going on"

    def _missing(self) -> Outcome:
        self.context.look_at_face()
        if self._label:
            return self.failure(f"I don't see {self._label} any more.")
        if self.context.view.known:
            return self.failure(f"I'm not sure who {self._words} is: I see several people.")
        return self.failure("I don't see anybody.")


class Unlock(Leaf[DisplayContext]):
    """Watch nobody."""

    def go_on(self) -> Outcome:
        """Release the lock."""
        self.context.requests.append(FaceRequest(mode="release"))
        self.context.results.append("I'm no longer watching anybody.")
        return "done"


class Mimic(Leaf[DisplayContext]):
    """Copy a head, or stop copying it."""

    def __init__(self, on: bool, context: DisplayContext) -> None:
        super().__init__("copy your head" if on else "stop copying", context)
        self._on = on

    def go_on(self) -> Outcome:
        """Tell the arm; somebody must be looked at for it."""
        context = self.context
        context.mimic(self._on)
        if not self._on:
            context.results.append("I've stopped copying.")
            return "done"
        context.look_at_face()
        if context.view.locked_id < 0:
            context.requests.append(FaceRequest(mode="largest"))
        context.results.append("I'm copying what your head does.")
        return "done"


class LookAround(Leaf[DisplayContext]):
    """Look to one side and to the other, note who is seen, then look where it looked before."""

    def __init__(self, name: str, context: DisplayContext, sweep: float = SWEEP) -> None:
        super().__init__(name, context)
        self._sweep = min(sweep, BASE.high)
        self._left: list[float] = []
        self._dwelt = 0
        self._frames: Counter[int] = Counter()
        self._before = context.wish

    def begin(self) -> None:
        """Plan the looks, the nearer side first."""
        self._before, self._frames, self._dwelt = self.context.wish, Counter(), 0
        count = math.ceil(2.0 * self._sweep / APART)
        looks = [self._sweep - i * 2.0 * self._sweep / count for i in range(count + 1)]
        self._left = looks if self.context.view.pointing.azimuth > 0.0 else looks[::-1]

    def terminate(self, new_status: object) -> None:
        """Look where it looked before, also where the step is left."""
        del new_status
        self.context.wish = self._before

    @property
    def seen(self) -> list[int]:
        """Return the numbers of everybody who was seen."""
        current = self.context.view.current
        return sorted({current(number) for number, frames in self._frames.items() if frames >= FRAMES})

    def go_on(self) -> Outcome:
        """Look on."""
        context = self.context
        self._frames.update(person.id for person in context.view.visible)
        if not self._left:
            return self.finished()
        context.look_along(self._left[0], 0.0)
        self._dwelt = self._dwelt + 1 if context.carried_out else 0
        if self._dwelt >= DWELL:
            self._left.pop(0)
            self._dwelt = 0
        return "going on"

    def finished(self) -> Outcome:
        """Return how it ended."""
        return "done"


class CountPeople(LookAround):
    """Say how many are there."""

    def finished(self) -> Outcome:
        """Say it."""
        self.context.results.append(f"I looked around and see {counted(len(self.seen))}.")
        return "done"


class Seek(LookAround):
    """Look around until somebody is seen; that there is nobody is a failure."""

    def go_on(self) -> Outcome:
        """Stop at the first."""
        return "done" if self.seen else super().go_on()

    def terminate(self, new_status: object) -> None:
        """Stay where somebody is."""
        if not self.seen:
            super().terminate(new_status)

    def finished(self) -> Outcome:
        """Be honest."""
        return self.failure("I looked around, but I don't see anybody.")
