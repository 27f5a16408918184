"""What sensors say, in simulation and on hardware alike. `stamp_ns` is when the world was sampled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.node import Message


class Scan(Message, frozen=True, kw_only=True):
    """One turn of a planar lidar. Ray i points at `angle_min + i * angle_increment` in the lidar's frame."""

    stamp_ns: int
    angle_min: float
    """First ray, rad, counter-clockwise from the lidar's x axis."""
    angle_increment: float
    """Between rays, rad."""
    range_min: float
    """m"""
    range_max: float
    """m"""
    ranges: NDArray[np.float32]
    """(N,) m; inf = no return within range_max, NaN = the ray gave no data."""


class Image(Message, frozen=True, kw_only=True):
    """A colour frame with the pinhole intrinsics of its camera (optical frame: x right, y down, z forward)."""

    stamp_ns: int
    data: NDArray[np.uint8]
    """(H, W, 3) RGB."""
    fx: float
    """px"""
    fy: float
    """px"""
    cx: float
    """px"""
    cy: float
    """px"""


class DepthImage(Message, frozen=True, kw_only=True):
    """Distances along the optical axis of a depth camera; where a colour frame has the same stamp, registered to it."""

    stamp_ns: int
    data: NDArray[np.uint16]
    """(H, W) millimetres along the optical z axis; 0 = no return."""
    fx: float
    """px of this image"""
    fy: float
    """px of this image"""
    cx: float
    """px of this image"""
    cy: float
    """px of this image"""


class Imu(Message, frozen=True, kw_only=True):
    """Inertial sample in base_link."""

    stamp_ns: int
    angular_velocity: tuple[float, float, float]
    """rad/s about x, y, z."""
    linear_acceleration: tuple[float, float, float]
    """m/s² along x, y, z, gravity included (z is about +9.81 at rest)."""


class WheelState(Message, frozen=True, kw_only=True):
    """Wheel encoders of a differential drive; forward rolling is positive."""

    stamp_ns: int
    left_rad: float
    """Angle turned since start, rad, quantised by the encoder."""
    right_rad: float
    """Angle turned since start, rad, quantised by the encoder."""


class Contacts(Message, frozen=True, kw_only=True):
    """Touch and edge sensors of a base."""

    stamp_ns: int
    bumper: tuple[bool, ...]
    """One per bumper segment, in the body's order (rover: front left, front, front right, rear)."""
    cliff: tuple[bool, ...]
    """One per downward sensor, True where the floor is missing (rover: front left, front right, rear left,
    rear right)."""
