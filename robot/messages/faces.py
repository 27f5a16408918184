"""Faces before a tabletop display, the lock on one of them, and gestures of the locked head."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class FaceView(Message, frozen=True, kw_only=True):
    """One person's face in one frame."""

    id: int
    bbox: tuple[float, float, float, float]
    """x, y, width, height, px of the frame"""
    azimuth: float
    """Direction of the face from base_link, rad, left positive"""
    elevation: float
    """Direction of the face from the camera's place, rad above the horizon"""
    distance_m: float
    """From the camera, by an average adult's face"""
    yaw: float
    """Head against one that looks along base_link's -x, rad, positive to the person's left"""
    pitch: float
    """rad, positive looking down"""
    roll: float
    """rad, positive toward the person's left shoulder"""
    mouth: float
    """How far the mouth is open, as a share of its width"""
    score: float
    """That it is a face, 0 to 1"""


class Faces(Message, frozen=True, kw_only=True):
    """Everybody in one frame, and how the lock stands."""

    stamp_ns: int
    faces: tuple[FaceView, ...]
    lock: Literal["none", "locked", "occluded", "lost"]
    locked_id: int = -1
    """The person who was chosen, in view or not; -1 before a choice."""
    confidence: float = 0.0
    """That it is still the person who was chosen, 0 to 1."""
    others: tuple[int, ...] = ()
    """Who could be taken for them."""
    gesture: Literal["", "nod", "shake", "tilt"] = ""
    """Of the locked person, in the frame in which it was recognised."""


class FaceRequest(Message, frozen=True, kw_only=True):
    """Whom to lock on to."""

    mode: Literal["largest", "point", "id", "words", "release"]
    x: float = 0.0
    """px, with mode "point"."""
    y: float = 0.0
    """px"""
    id: int = -1
    """With mode "id"."""
    words: str = ""
    """With mode "words": "the person on the left", "focus on me"."""


class ArmState(Message, frozen=True, kw_only=True):
    """What the display means to do, and what keeps it from doing so."""

    stamp_ns: int
    mode: Literal["idle", "tracking", "mimicking", "waiting"]
    mimic_pitch: float
    """rad asked for by mimicry, added to where the display looks"""
    mimic_roll: float
    """rad"""
    zmp: float
    """Farthest the zero-moment point is from the middle of the base along x or y, as a share of the feet's distance"""
    held_back: bool
    """The stand would tip or slide: the motion was slowed."""


class JointSafetyState(Message, frozen=True, kw_only=True):
    """What safety made of the joints' setpoints."""

    stamp_ns: int
    state: Literal["ok", "limited", "holding"]
    reasons: tuple[str, ...]
    """Short fixed words: "stale setpoints", "limit", "rate", "not a number", ... empty when ok."""


class HeadTruth(Message, frozen=True, kw_only=True):
    """Where a person's head really is, in base_link at rest."""

    name: str
    x: float
    """m, between the eyes"""
    y: float
    """m"""
    z: float
    """m"""
    yaw: float
    """Signs as in FaceView, rad"""
    pitch: float
    """rad"""
    roll: float
    """rad"""
    mouth: float
    """0 closed, 1 open"""
    in_view: bool
    """Inside the camera's field of view, turned to it, and not behind somebody nearer."""
    doing: str
    """Kind of the head's motion now, empty at rest"""


class TabletopTruth(Message, frozen=True, kw_only=True):
    """State of the simulated display and of the people before it."""

    stamp_ns: int
    joints: tuple[float, ...]
    """rad, as they really are"""
    base_tilt: float
    """rad, of the base against the desk"""
    base_slip_m: float
    """m, of the base's middle from where it was put"""
    fallen: bool
    target_error: float
    """Direction of the first person's eyes in the camera, rad to the left of the picture's middle; NaN behind it"""
    people: tuple[HeadTruth, ...]
    """The caller first."""
