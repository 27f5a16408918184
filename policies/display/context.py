"""What the display's steps share: who is there, what they want of the arm and of the lock, and what they say.

The arm is told of a wish once, when it changes. As long as nobody asks for anything, nothing is ever told, and the
display does what it does without being spoken to.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from policies.behaviour.shared import Shared
from policies.display.view import View
from robot.messages import ArmProgress, ArmTask, FaceRequest

Look = Literal["face", "direction", "still"]
Made = Literal["", "nod", "shake", "tilt", "bow", "dance"]


@dataclass(frozen=True)
class Wish:
    """What the arm shall do from now on; the fields of an ArmTask. `times` tells two equal gestures apart."""

    look: Look = "face"
    azimuth: float = 0.0
    elevation: float = 0.0
    mimic: bool = True
    gesture: Made = ""
    times: int = 0


@dataclass
class DisplayContext(Shared):
    """The display's."""

    wish: Wish = field(default_factory=Wish)
    view: View = field(default_factory=View)
    requests: list[FaceRequest] = field(default_factory=list)
    progress: ArmProgress | None = None
    speaker: int = -1
    """Number of the person who is taken for "me"; -1 before anybody spoke"""
    told: dict[str, str] = field(default_factory=dict)
    """Where things are, in the words of who said so"""
    _held: bool = False
    _told_wish: Wish | None = None
    _number: int = 0

    def __post_init__(self) -> None:
        self._told_wish = self.wish  # what holds before anything is told

    @property
    def me(self) -> int:
        """Return the number that the speaker has now."""
        return self.view.current(self.speaker)

    def hold(self) -> None:
        """Be still during this tick."""
        self._held = True

    def rest(self) -> None:
        """Go on looking where it looks; the last gesture is over."""
        self.wish = replace(self.wish, gesture="")
        if self.paused:
            self.hold()

    def look_at_face(self) -> None:
        """Look at whoever is locked on."""
        self.wish = replace(self.wish, look="face", gesture="")

    def look_along(self, azimuth: float, elevation: float) -> None:
        """Look in a direction, rad in base_link."""
        self.wish = replace(self.wish, look="direction", azimuth=azimuth, elevation=elevation, gesture="")

    def stand_still(self) -> None:
        """Stop, and stay so."""
        self.wish = replace(self.wish, look="still", gesture="")

    def make(self, gesture: Made) -> None:
        """Make a gesture."""
        self.wish = replace(self.wish, gesture=gesture, times=self.wish.times + 1)

    def mimic(self, on: bool) -> None:
        """Copy the head of whoever is locked on, or leave that."""
        self.wish = replace(self.wish, mimic=on, gesture="")

    def ask_lock(self, number: int) -> None:
        """Have somebody locked on."""
        self.requests.append(FaceRequest(mode="id", id=number))

    @property
    def told_of_wish(self) -> bool:
        """Whether the arm has heard of what is wished, and has answered."""
        heard = self.progress is not None and self.progress.task == self._number
        return heard and self.wish == self._told_wish

    @property
    def carried_out(self) -> bool:
        """Whether the arm has done what is wished."""
        return self.told_of_wish and self.progress is not None and self.progress.done

    def task(self) -> ArmTask | None:
        """Return what the arm must be told now; None where it knows. Call once at the end of a tick."""
        wish = replace(self.wish, look="still", gesture="") if self._held else self.wish
        self._held = False
        if wish == self._told_wish:
            return None
        self._told_wish = wish
        self._number += 1
        return ArmTask(
            stamp_ns=self.now_ns,
            number=self._number,
            look=wish.look,
            azimuth=wish.azimuth,
            elevation=wish.elevation,
            mimic=wish.mimic,
            gesture=wish.gesture,
        )
