"""The one face that matters: chosen once, held by identity, and never exchanged in silence.

The lock holds a number, not a place. While that person is out of sight it waits, says so, and says how sure it is when
they are back; only a new choice moves it to somebody else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from robot.perception.faces.tracker import FaceTrack

State = Literal["none", "locked", "occluded", "lost"]
LOST_S = 1.5  # out of sight for longer is lost and not only hidden
ALIKE = 0.8  # looks nearer than this can be confused
LEFT, RIGHT = {"left", "leftmost"}, {"right", "rightmost"}
MIDDLE = {"middle", "centre", "center", "between"}
FAR = {"back", "behind", "farthest", "furthest", "smallest", "far"}
NEAR = {"me", "i", "my", "nearest", "closest", "largest", "biggest", "front"}
CLICK_SIZES = 1.0  # a click this many face sizes beside a face still means it


@dataclass(frozen=True)
class Choice:
    """Whom to lock on to: the largest face, the one at a pixel, one by number, one by words, or nobody."""

    mode: Literal["largest", "point", "id", "words", "release"]
    x: float = 0.0
    y: float = 0.0
    id: int = -1
    words: str = ""


@dataclass(frozen=True)
class LockView:
    """Who is locked, how it stands, how sure (0 to 1), and who could be taken for them."""

    state: State
    id: int = -1
    confidence: float = 0.0
    others: tuple[int, ...] = ()


class FaceLock:
    """Holds one choice."""

    def __init__(self) -> None:
        """Start without a choice."""
        self._choice: Choice | None = None
        self._id = -1

    def choose(self, choice: Choice) -> None:
        """Take a new choice; it is carried out as soon as a face fits it."""
        self._id = -1
        self._choice = None if choice.mode == "release" else choice

    def update(self, now_s: float, visible: Sequence[FaceTrack], known: Sequence[FaceTrack]) -> LockView:
        """Return how the lock stands in this frame."""
        if self._id < 0 and self._choice is not None:
            chosen = pick(self._choice, visible)
            self._id = -1 if chosen is None else chosen.id
        if self._id < 0:
            return LockView("none")
        mine = next((t for t in known if t.id == self._id), None)
        if mine is None:
            return LockView("lost", self._id)
        others = tuple(t.id for t in known if t is not mine and t.look.distance(mine.look) < ALIKE)
        unseen = now_s - mine.seen_s
        if mine in visible:
            return LockView("locked", self._id, _sureness(mine, known), others)
        return LockView("occluded" if unseen < LOST_S else "lost", self._id, 0.8 * math.exp(-unseen / 20.0), others)


def _sureness(mine: FaceTrack, known: Sequence[FaceTrack]) -> float:
    """How much better the sight fits this person than anybody else who is about."""
    fit = math.exp(-0.5 * min(mine.match, 4.0) ** 2)
    rival = max((math.exp(-0.5 * mine.sight.look.distance(t.look) ** 2) for t in known if t is not mine), default=0.0)
    return fit / (fit + 0.5 * rival + 0.05)


def pick(choice: Choice, faces: Sequence[FaceTrack]) -> FaceTrack | None:
    """Return the face that the choice means, None while none fits."""
    if not faces:
        return None
    if choice.mode == "id":
        return next((f for f in faces if f.id == choice.id), None)
    if choice.mode == "point":
        nearest = min(faces, key=lambda f: _beside(f, choice.x, choice.y))
        return nearest if _beside(nearest, choice.x, choice.y) <= CLICK_SIZES else None
    if choice.mode == "words":
        return by_words(choice.words, faces)
    return max(faces, key=lambda f: (f.size, -f.id))


def understood(words: str) -> bool:
    """Whether a phrase says whom it means."""
    return bool(_said(words) & (LEFT | RIGHT | MIDDLE | FAR | NEAR))


def by_words(words: str, faces: Sequence[FaceTrack]) -> FaceTrack | None:
    """Return whom an English phrase means: "the person on the left", "the one in the middle", "focus on me"; None when
    it says nothing that tells them apart. Left and right are those of the picture."""
    said = _said(words)
    across = sorted(faces, key=lambda f: (f.x, f.id))
    if said & LEFT:
        return across[0]
    if said & RIGHT:
        return across[-1]
    if said & MIDDLE:
        return across[len(across) // 2]
    if said & FAR:
        return min(faces, key=lambda f: (f.size, f.id))
    if said & NEAR:  # who says "me" is near and looks here
        return max(faces, key=lambda f: (f.size * (0.4 + 0.6 * math.cos(f.sight.pose.yaw)), -f.id))
    return faces[0] if len(faces) == 1 else None


def _said(words: str) -> set[str]:
    return set("".join(c if c.isalpha() else " " for c in words.lower()).split())


def _beside(face: FaceTrack, x: float, y: float) -> float:
    """How far a point is outside the face's box, in face sizes; negative inside, most at its middle."""
    left, top, width, height = face.sight.box
    outside = max(abs(x - left - width / 2.0) - width / 2.0, abs(y - top - height / 2.0) - height / 2.0)
    return outside / face.size
