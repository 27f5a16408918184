"""Depth frames: exact distances in, what a stereo or time-of-flight camera would say out.

The mast's camera has rendered depth (pixels level) or every second of its pixels cast as a ray (emulated level); the
small sensors that look at the floor are cast at both levels.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount, DepthMount
from robot.messages import DepthImage
from sim.base import BaseState
from sim.raycast import Pinhole, RayScene
from sim.sensors.mounts import camera_pose

COARSE = 2  # the emulated level casts every second depth pixel
STEPS_PER_STD = np.float32(2.0)  # quantisation: disparity steps per standard deviation of the noise
LEAST_STEP_M = np.float32(0.001)
MM_PER_M = np.float32(1000.0)
MOST_MM = np.float32(65535.0)


@njit(cache=True)
def reported(
    depth: NDArray[np.float64],
    normal: NDArray[np.float32],
    uniform: NDArray[np.float32],
    range_min: np.float32,
    range_max: float,
    noise: np.float32,
    dropout: np.float32,
) -> NDArray[np.uint16]:
    """Return (H, W) mm as a camera reports true depths (m, inf = nothing): noisy, in steps, 0 where it sees nothing.

    All in single precision, as such sensors compute.

    Args:
        normal, uniform: (H, W) random numbers, standard normal and in 0 to 1.
        noise: standard deviation (m) at 1 m. dropout: share of pixels without a value.
    """
    out = np.zeros(depth.shape, np.uint16)
    for v in range(depth.shape[0]):
        for u in range(depth.shape[1]):
            near = np.float32(depth[v, u]) if depth[v, u] < range_max else np.float32(0.0)
            if near < range_min or uniform[v, u] < dropout:
                continue
            std = noise * near * near
            step = max(std / STEPS_PER_STD, LEAST_STEP_M)
            millimetres = np.rint((near + std * normal[v, u]) / step) * step * MM_PER_M
            out[v, u] = np.uint16(min(max(millimetres, np.float32(0.0)), MOST_MM))
    return out


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
        normal = rng.standard_normal(depth.shape, dtype=np.float32)
        uniform = rng.random(depth.shape, dtype=np.float32)
        millimetres = reported(
            depth, normal, uniform,
            np.float32(mount.range_min), mount.range_max,
            np.float32(mount.depth_noise), np.float32(mount.depth_dropout),
        )  # fmt: skip
        return DepthImage(
            stamp_ns=now_ns,
            data=millimetres,
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
