"""The bezel camera through the software renderer: frames as a small camera delivers them, in light and in dim light."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.tabletop.body import BezelCamera
from robot.messages import Image
from sim.bullet import pybullet

NEAR, FAR = 0.10, 8.0  # m
LIGHT = (-0.6, 0.35, 1.0)  # toward the lamp: above and behind the display
NOISE = 2.0  # of 255, in a lit room
DARK_NOISE = 5.0  # more where the gain is up
POOL = 7  # noise pictures drawn once; a frame takes one of them, shifted


class Lens:
    """Takes pictures."""

    def __init__(self, client: int, camera: BezelCamera, light: float, rng: Generator) -> None:
        self._client, self._camera, self._light, self._rng = client, camera, light, rng
        aspect = camera.width / camera.height
        vertical = 2.0 * math.degrees(math.atan(math.tan(camera.half_fov) / aspect))
        self._projection = pybullet.computeProjectionMatrixFOV(vertical, aspect, NEAR, FAR)
        std = NOISE + DARK_NOISE * (1.0 - light)
        size = (POOL, camera.height, camera.width)
        self._noise = np.rint(rng.normal(0.0, std, size)).astype(np.int16)[..., None]
        exposed = np.clip(np.arange(256) * (light + 0.25 * (1.0 - light)), 0, 255)  # the camera opens up a little
        self._table = np.rint(exposed).astype(np.int16)

    def take(self, now_ns: int, eye: NDArray[np.float64], axes: NDArray[np.float64]) -> Image:
        """Return the picture from `eye` (3,) along optical `axes` (3, 3)."""
        camera = self._camera
        view = pybullet.computeViewMatrix(eye, eye + axes[:, 2], -axes[:, 1])
        _, _, rgba, _, _ = pybullet.getCameraImage(
            camera.width, camera.height, view, self._projection, lightDirection=LIGHT, shadow=0,
            flags=pybullet.ER_NO_SEGMENTATION_MASK, renderer=pybullet.ER_TINY_RENDERER, physicsClientId=self._client,
        )  # fmt: skip
        rgb = np.asarray(rgba, dtype=np.uint8).reshape(camera.height, camera.width, 4)[:, :, :3]
        noise = np.roll(self._noise[int(self._rng.integers(0, POOL))], int(self._rng.integers(0, camera.width)), axis=1)
        data = np.clip(self._table[rgb] + noise, 0, 255).astype(np.uint8)
        return Image(
            stamp_ns=now_ns, data=data, fx=camera.focal, fy=camera.focal, cx=camera.width / 2.0,
            cy=camera.height / 2.0 - 1.0,
        )  # fmt: skip
