"""Ground truth from the simulator, in map. Only scorers and reports may read it."""

from __future__ import annotations

from robot.node import Message


class PersonTruth(Message, frozen=True, kw_only=True):
    """Where a person really is."""

    name: str
    x: float
    """m, map"""
    y: float
    """m, map"""
    yaw: float
    """rad, map: where the chest points"""
    speed: float
    """m/s"""
    in_sight: bool
    """Whether an unobstructed line runs from the robot's camera to the person's head or torso (any bearing)."""
    in_view: bool
    """in_sight, and inside the camera's field of view."""
    gap_m: float
    """Least distance between the robot's footprint and the person's body, m."""


class Contact(Message, frozen=True, kw_only=True):
    """The robot touched something since the last message."""

    kind: str
    """"person", "object" or "fall"."""
    name: str


class WorldTruth(Message, frozen=True, kw_only=True):
    """State of the simulated world."""

    stamp_ns: int
    x: float
    """m, map, of base_link"""
    y: float
    """m, map"""
    z: float
    """m, map"""
    yaw: float
    """rad, map"""
    v: float
    """m/s forward"""
    omega: float
    """rad/s"""
    people: tuple[PersonTruth, ...]
    """The followed person first."""
    contacts: tuple[Contact, ...]
    clearance_m: float
    """Least distance between the footprint and any solid object that is not a person, m."""
