"""Colour and depth through the software renderer, from the mast's camera.

Noise is kept small and sparse on purpose: exposure breathes slowly and a share of the pixels flickers by one step of
brightness, so that frames differ like real ones and still compress.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount
from robot.messages import Image
from sim.base import BaseState
from sim.bullet import pybullet
from sim.raycast import Pinhole
from sim.sensors.mounts import camera_pose

NEAR, FAR = 0.10, 14.0  # m
LIGHT = (0.5, 0.3, 1.0)  # toward the lamp
EXPOSURE_STD = 0.02
EXPOSURE_MEMORY = 0.9  # of one frame's exposure error in the next
FLICKER_SHARE = 0.10  # of pixels
FLICKER = 3  # of 255

Rendered = tuple[NDArray[np.uint8], NDArray[np.float64]]


class ColorCamera:
    """Renders frames in a physics client."""

    def __init__(self, client: int, mount: CameraMount, rng: Generator) -> None:
        """Prepare the projection; intrinsics are in `pinhole`."""
        self._client, self._mount, self._rng = client, mount, rng
        self.pinhole = Pinhole.of(mount.width, mount.height, mount.half_fov)
        aspect = mount.width / mount.height
        vertical = 2.0 * math.degrees(math.atan(math.tan(mount.half_fov) / aspect))
        self._projection = pybullet.computeProjectionMatrixFOV(vertical, aspect, NEAR, FAR)
        self._exposure = 0.0

    def render(self, state: BaseState) -> Rendered:
        """Return (H, W, 3) RGB without noise and (H, W) depth along the optical axis (m, inf = nothing)."""
        origin, axes = camera_pose(state, self._mount)
        view = pybullet.computeViewMatrix(origin, origin + axes[:, 2], -axes[:, 1])
        _, _, rgba, depth, _ = pybullet.getCameraImage(
            self._mount.width,
            self._mount.height,
            view,
            self._projection,
            lightDirection=LIGHT,
            shadow=0,
            flags=pybullet.ER_NO_SEGMENTATION_MASK,
            renderer=pybullet.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )
        size = (self._mount.height, self._mount.width)
        buffer = np.asarray(depth, dtype=np.float64).reshape(size)
        metres = FAR * NEAR / (FAR - (FAR - NEAR) * buffer)
        metres[buffer >= 1.0] = np.inf
        return np.asarray(rgba, dtype=np.uint8).reshape(*size, 4)[:, :, :3], metres

    def message(self, now_ns: int, rgb: NDArray[np.uint8]) -> Image:
        """Return the frame as the camera would deliver it."""
        rng = self._rng
        fresh = math.sqrt(1.0 - EXPOSURE_MEMORY**2) * rng.normal(0.0, EXPOSURE_STD)
        self._exposure = EXPOSURE_MEMORY * self._exposure + fresh
        table = np.clip(np.arange(256) * (1.0 + self._exposure), 0, 255 - FLICKER).astype(np.uint8)
        flicker = (rng.random(rgb.shape[:2], dtype=np.float32) < FLICKER_SHARE).astype(np.uint8)
        data = table[rgb] + (flicker * np.uint8(FLICKER))[:, :, None]
        camera = self.pinhole
        return Image(stamp_ns=now_ns, data=data, fx=camera.fx, fy=camera.fy, cx=camera.cx, cy=camera.cy)
