"""Where the robot is, what is around it, and where it should go. The odom frame starts at the robot's start."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from robot.node import Message


class Odom(Message, frozen=True, kw_only=True):
    """Pose of base_link in odom, and the twist in base_link."""

    stamp_ns: int
    x: float
    """m"""
    y: float
    """m"""
    yaw: float
    """rad"""
    v: float
    """m/s forward"""
    omega: float
    """rad/s counter-clockwise"""
    slip: float = 0.0
    """Share of the wheels' motion that the scans do not confirm, 0 to 1."""
    match: float = 0.0
    """Share of the scan's rays that the local map explains, 0 to 1."""


class LocalMap(Message, frozen=True, kw_only=True):
    """Rolling occupancy around the robot in odom, from lidar and depth."""

    stamp_ns: int
    origin_x: float
    """odom x of the outer corner of cell [0, 0], m"""
    origin_y: float
    """odom y of the outer corner of cell [0, 0], m"""
    resolution_m: float
    cells: NDArray[np.uint8]
    """(H, W), row = y, column = x: 0 free, 50 free for the lidar but floor never seen, 100 occupied, 255 unknown."""


class NavGoal(Message, frozen=True, kw_only=True):
    """Where to drive, renewed as often as the goal moves. Frames: odom."""

    stamp_ns: int
    mode: Literal["stop", "go"]
    """stop: come to rest where you are (turning toward look_at is still allowed)."""
    x: float = 0.0
    """m"""
    y: float = 0.0
    """m"""
    yaw: float | None = None
    """Heading at the goal, rad; None = any."""
    tolerance_m: float = 0.2
    max_speed: float = 1.0
    """m/s"""
    look_at: tuple[float, float] | None = None
    """Point to keep in view while driving as far as the way allows, and to face at the goal."""
    separation_m: float = 0.0
    """Keep at least this far from look_at (centre to centre)."""
    vx: float = 0.0
    """Velocity of the goal itself, m/s in odom, where it moves along with a person."""
    vy: float = 0.0
    """m/s"""


class Path(Message, frozen=True, kw_only=True):
    """The way the planner means to take, in odom."""

    stamp_ns: int
    points: NDArray[np.float32]
    """(N, 2) m, from the robot to the goal; empty when there is none."""


class Rollouts(Message, frozen=True, kw_only=True):
    """Some of the ways that the controller tried for its next seconds, in odom. Only for eyes: not in the log."""

    stamp_ns: int
    chosen: NDArray[np.float32]
    """(T, 2) m, the way it chose, from the robot on; (0, 2) while it does not drive."""
    tried: NDArray[np.float32]
    """(N, T, 2) m, ways from the best to the worst of all it tried."""


class Costs(Message, frozen=True, kw_only=True):
    """What the planner thinks it costs to be somewhere, over the local map. Only for eyes: not in the log."""

    stamp_ns: int
    origin_x: float
    """odom x of the outer corner of cell [0, 0], m"""
    origin_y: float
    """odom y of the outer corner of cell [0, 0], m"""
    resolution_m: float
    cells: NDArray[np.uint8]
    """(H, W), row = y, column = x: 8 for each time that a metre there counts as one more, 254 at most; 255: no way."""


class NavState(Message, frozen=True, kw_only=True):
    """How the navigator is doing."""

    stamp_ns: int
    state: Literal["idle", "driving", "arrived", "blocked", "recovering"]
    distance_m: float
    """Left along the path; inf when there is no way."""
    recoveries: int = 0
    """Recovery manoeuvres since the start."""
