"""Depth frames: exact distances in, what a stereo or time-of-flight camera would say out.

The mast's camera has rendered depth (pixels level) or every second of its pixels cast as a ray (emulated level); the
small sensors that look at the floor are cast at both levels.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount, DepthMount
from robot.messages import DepthImage
from sim.base import BaseState
from sim.raycast import Pinhole, RayScene
from sim.sensors.mounts import camera_pose

COARSE = 2  # the emulated level casts every second depth pixel
STEPS_PER_STD = 2.0  # quantisation: disparity steps per standard deviation of the noise


class DepthCamera:
    """Makes depth messages; noise and quantisation grow with the square of distance."""

    def __init__(self, mount: DepthMount, rng: Generator) -> None:
        """Prepare the intrinsics: `full` as the sensor has them, `coarse` with every second pixel."""
        self._mount, self._rng = mount, rng
        self.full = lens(mount)
        self.coarse = self.full.every(COARSE)

    def cast(self, now_ns: int, state: BaseState, rays: RayScene, camera: Pinhole) -> DepthImage:
        """Return a frame by ray casting, with these intrinsics."""
        origin, axes = camera_pose(state, self._mount)
        return self.message(now_ns, rays.image(origin, axes, camera, self._mount.range_max), camera)

    def message(self, now_ns: int, depth: NDArray[np.float64], camera: Pinhole) -> DepthImage:
        """Return (H, W) depths (m, inf = nothing) as the camera would report them."""
        mount, rng = self._mount, self._rng
        near = np.where(depth < mount.range_max, depth, 0.0).astype(np.float32)
        std = np.float32(mount.depth_noise) * near * near
        noisy = near + std * rng.standard_normal(near.shape, dtype=np.float32)
        step = np.maximum(std / np.float32(STEPS_PER_STD), np.float32(0.001))
        millimetres = np.round(noisy / step) * step * np.float32(1000.0)
        lost = (near < mount.range_min) | (rng.random(near.shape, dtype=np.float32) < mount.depth_dropout)
        millimetres[lost] = 0.0
        return DepthImage(
            stamp_ns=now_ns,
            data=np.clip(millimetres, 0.0, 65535.0).astype(np.uint16),
            fx=camera.fx,
            fy=camera.fy,
            cx=camera.cx,
            cy=camera.cy,
        )


def lens(mount: DepthMount) -> Pinhole:
    """Return the intrinsics of the depth image: of a camera with colour, those of the colour frame's n-th pixels."""
    if isinstance(mount, CameraMount):
        color = Pinhole.of(mount.width, mount.height, mount.half_fov)
        return color.every(mount.width // mount.depth_width)
    return Pinhole.of(mount.depth_width, mount.depth_height, mount.half_fov)
