"""What the tabletop display means: joints and their servos, masses, the camera in its bezel, and where things are.

Geometry and inertia live in tabletop.urdf beside this file; a test holds one against the other. base_link is on the
desk under the middle of the base: x forward, y left, z up. Positive boom_pitch leans forward, positive display_pitch
looks down, positive display_roll tips the display toward its own right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
JOINTS = ("base_yaw", "boom_pitch", "display_pitch", "display_roll")


@dataclass(frozen=True)
class Servo:
    """A hobby servo and the joint it drives: where it goes, how fast, how strong, how late and how exactly."""

    name: str
    low: float  # rad
    high: float  # rad
    rate: float  # rad/s, no faster whatever is asked
    acceleration: float  # rad/s², that a trajectory may ask for
    jerk: float  # rad/s³, likewise
    torque: float  # N m, stalled
    dead_band: float = math.radians(0.15)  # rad, within which the servo does not stir
    latency_s: float = 0.020  # frame of the pulse and the servo's own loop
    time_constant_s: float = 0.025  # of the servo's own position loop


@dataclass(frozen=True)
class BezelCamera:
    """The camera above the screen: place in the display's frame (m) and intrinsics."""

    x: float = 0.02
    z: float = 0.10
    width: int = 480  # px
    height: int = 360  # px
    half_fov: float = 0.47  # rad, half the horizontal field of view (54 degrees)
    rate_hz: float = 30.0
    latency_s: float = 0.0125  # from exposure to delivery

    @property
    def focal(self) -> float:
        """Focal length, px, of both axes."""
        return self.width / 2.0 / math.tan(self.half_fov)


@dataclass(frozen=True)
class Payload:
    """What the boom carries, for a calibration to set: mass (kg) and its centre in the display's frame."""

    mass: float = 1.1
    x: float = 0.015  # m
    y: float = 0.0
    z: float = 0.01
    height: float = 0.18  # m, of the screen: gives its inertia
    width: float = 0.26


def _servos() -> tuple[Servo, ...]:
    return (
        Servo("base_yaw", -2.7925, 2.7925, 2.5, 20.0, 400.0, 3.0),
        Servo("boom_pitch", -0.6, 0.9, 1.5, 14.0, 280.0, 9.0),
        Servo("display_pitch", -0.8, 0.8, 3.0, 90.0, 5400.0, 3.0),
        Servo("display_roll", -0.6, 0.6, 3.0, 60.0, 1500.0, 2.0),
    )


@dataclass(frozen=True)
class TabletopBody:
    """The display and its stand. Limits and rates are those of the firmware too."""

    name: str = "tabletop"
    servos: tuple[Servo, ...] = field(default_factory=_servos)
    base_mass: float = 1.9  # kg
    base_half: float = 0.10  # m, half the edge of the square base
    foot_half: float = 0.092  # m, from the middle to the rubber feet, along x and y
    base_centre_z: float = 0.02  # m
    turntable_mass: float = 0.25
    turntable_z: float = 0.05  # m above the desk
    boom_mass: float = 0.25
    boom_z: float = 0.02  # m, of the boom's joint above the turntable's
    boom_length: float = 0.30  # m
    gimbal_mass: float = 0.05
    friction: float = 0.6  # of rubber feet on a desk
    payload: Payload = field(default_factory=Payload)
    camera: BezelCamera = field(default_factory=BezelCamera)

    def display_pose(self, joints: Sequence[float] | Floats) -> tuple[Floats, Floats]:
        """Return the display joint's place (3,) and the axes (3, 3) of the display in base_link."""
        yaw, boom, pitch, roll = joints
        turn, lean = about_z(yaw), about_y(boom)
        top = np.array([0.0, 0.0, self.turntable_z + self.boom_z]) + turn @ lean @ np.array(
            [0.0, 0.0, self.boom_length]
        )
        return top, turn @ lean @ about_y(pitch) @ about_x(roll)

    def camera_pose(self, joints: Sequence[float] | Floats) -> tuple[Floats, Floats]:
        """Return the camera's place (3,) and optical axes (3, 3: right, down, forward) in base_link."""
        top, axes = self.display_pose(joints)
        return top + axes @ np.array([self.camera.x, 0.0, self.camera.z]), axes @ OPTICAL

    def masses(self, joints: Sequence[float] | Floats) -> tuple[Floats, Floats]:
        """Return the (5,) masses (kg) and (5, 3) centres in base_link of base, turntable, boom, gimbal and payload."""
        top, axes = self.display_pose(joints)
        foot = np.array([0.0, 0.0, self.turntable_z + self.boom_z])
        load = self.payload
        centres = np.array(
            [
                (0.0, 0.0, self.base_centre_z),
                (0.0, 0.0, self.turntable_z),
                0.5 * (foot + top),
                top,
                top + axes @ np.array([load.x, load.y, load.z]),
            ]
        )
        return np.array([self.base_mass, self.turntable_mass, self.boom_mass, self.gimbal_mass, load.mass]), centres


def about_x(angle: float) -> Floats:
    """Return the rotation about x."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def about_y(angle: float) -> Floats:
    """Return the rotation about y."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def about_z(angle: float) -> Floats:
    """Return the rotation about z."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


OPTICAL = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])  # optical axes in a frame that looks along x
