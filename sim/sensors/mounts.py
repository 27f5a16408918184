"""Where sensors sit in map, from where the base is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import DepthMount, LidarMount
from sim.base import BaseState

Floats = NDArray[np.float64]


def lidar_pose(state: BaseState, mount: LidarMount) -> tuple[Floats, Floats]:
    """Return the lidar's origin (3,) and axes (3, 3, columns x forward, y left, z up) in map."""
    return state.position + state.rotation @ np.array([mount.x, mount.y, mount.z]), state.rotation


def camera_pose(state: BaseState, mount: DepthMount) -> tuple[Floats, Floats]:
    """Return the camera's origin (3,) and optical axes (3, 3, columns x right, y down, z forward) in map."""
    c, s = math.cos(mount.yaw), math.sin(mount.yaw)
    cp, sp = math.cos(mount.pitch), math.sin(mount.pitch)
    optical = np.array([[s, -sp * c, cp * c], [-c, -sp * s, cp * s], [0.0, -cp, -sp]])
    return state.position + state.rotation @ np.array([mount.x, mount.y, mount.z]), state.rotation @ optical
