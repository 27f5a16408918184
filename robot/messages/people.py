"""People as perception tells of them: single sightings, tracks over time, and the one person who is locked."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from robot.node import Message


class Sighting(Message, frozen=True, kw_only=True):
    """One person seen in one frame. Positions in base_link at the frame's stamp."""

    x: float
    """m, forward"""
    y: float
    """m, left"""
    std_m: float
    """Standard deviation of the position along each axis, m."""
    height_m: float
    """Height of the top of the head above the floor, m; 0 where it is not in view."""
    facing: float | None
    """Yaw of the person's chest in base_link, rad; None where it cannot be told."""
    bbox: tuple[float, float, float, float]
    """x, y, width, height, px of the colour image."""
    appearance: NDArray[np.float32]
    """(D,) unit-length descriptor of clothes and face; cosine similarity tells people apart."""
    score: float
    """How sure the detector is that this is a person, 0 to 1."""


class Sightings(Message, frozen=True, kw_only=True):
    """All people found in one frame (an empty tuple says: looked, nobody found)."""

    stamp_ns: int
    people: tuple[Sighting, ...]
    half_fov: float
    """Half the horizontal field of view that was searched, rad, about base_link's x axis."""
    range_m: float
    """How far the detector can be trusted to find a standing person, m."""


class Track(Message, frozen=True, kw_only=True):
    """One person followed over time, in odom."""

    id: int
    x: float
    """m"""
    y: float
    """m"""
    vx: float
    """m/s"""
    vy: float
    """m/s"""
    std_m: float
    """Standard deviation of the position, m."""
    height_m: float
    """m; 0 = not known yet"""
    facing: float | None
    """Yaw in odom, rad; None = not known."""
    seen_ns: int
    """When last seen by any sensor."""
    score: float
    """How sure that this is a person, 0 to 1."""


class People(Message, frozen=True, kw_only=True):
    """All tracked people, the locked one included."""

    stamp_ns: int
    tracks: tuple[Track, ...]


class Lock(Message, frozen=True, kw_only=True):
    """The one person the robot is locked on to, in odom."""

    stamp_ns: int
    state: Literal["none", "locked", "occluded", "lost"]
    """locked: seen within the last moments; occluded: predicted, expected back; lost: must be searched."""
    id: int = -1
    """Track id; -1 when state is none. The same person keeps it through re-locks."""
    x: float = 0.0
    """m; predicted while occluded, last known while lost."""
    y: float = 0.0
    """m"""
    vx: float = 0.0
    """m/s"""
    vy: float = 0.0
    """m/s"""
    std_m: float = 0.0
    """Standard deviation of the position, m."""
    facing: float | None = None
    """Yaw in odom, rad; None = not known."""
    seen_ns: int = 0
    """When last seen."""
    confidence: float = 0.0
    """That it is still the person who was locked, 0 to 1."""
    others: tuple[int, ...] = ()
    """Track ids that look alike enough to be confused."""


class LockRequest(Message, frozen=True, kw_only=True):
    """Whom to lock on to."""

    mode: Literal["nearest", "id", "release"]
    id: int = -1
    """Track id, with mode "id"."""
