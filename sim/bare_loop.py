"""The floor under `launch bench sim`: the same PyBullet step, ray and camera calls at the same rates, and nothing else.

The world is built as the simulator builds it and the rover drives slowly in a circle; no message is made, no person
walks, nothing is computed from what the calls return. Rays are PyBullet's own.
"""

from __future__ import annotations

import math
import time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import DepthMount, RoverBody
from robot.messages import CmdVel
from sim.base import BaseState, RoverBase
from sim.bullet import pybullet
from sim.config import SimConfig
from sim.people_stage import PeopleStage
from sim.scene import PHYSICS_HZ, Scene
from sim.sensors.camera import FAR, NEAR
from sim.sensors.depth import COARSE, lens
from sim.sensors.mounts import camera_pose, lidar_pose
from sim.stagecraft import free_space, plans_for, robot_start
from worlds.catalog import load_world
from worlds.shapes import shapes_of

Perception = Literal["pixels", "emulated"]
SENSOR_HZ = 10  # of lidar and camera


def bare_seconds(perception: Perception, world: str = "apartment", seconds: float = 10.0, others: int = 2) -> float:
    """Return the wall seconds that bare PyBullet calls take for `seconds` of simulated time.

    Per simulated second: 240 steps; 10 scans of 360 rays; 10 frames, which are 80 x 60 depth rays for "emulated" and
    one rendered 320 x 240 image for "pixels"; and 10 frames of 48 x 36 rays of each floor sensor. Building the world
    is not counted.
    """
    loop = _BareLoop(perception, world, others)
    try:
        start = time.perf_counter()
        loop.run(round(seconds * PHYSICS_HZ))
        return time.perf_counter() - start
    finally:
        loop.close()


class _BareLoop:
    def __init__(self, perception: Perception, world_name: str, others: int) -> None:
        world, config = load_world(world_name), SimConfig(world=world_name, others=others)
        plans = plans_for(world, config)
        self._renders, self._body = perception == "pixels", RoverBody()
        self._scene = Scene(shapes_of(world), len(plans), visible=self._renders)
        self._client = self._scene.client
        self._base = RoverBase(self._client, self._body, *robot_start(world))
        self._people = PeopleStage(self._scene, world, plans, 0, self._renders, free_space(world))
        if self._renders:
            self._base.hide()
        self._base.command(0, CmdVel(stamp_ns=0, v=0.1, omega=0.4))
        for _ in range(PHYSICS_HZ // 4):
            self._base.drive()
        camera = self._body.camera
        aspect = camera.width / camera.height
        vertical = 2.0 * math.degrees(math.atan(math.tan(camera.half_fov) / aspect))
        self._projection = pybullet.computeProjectionMatrixFOV(vertical, aspect, NEAR, FAR)
        self._fan = self._lidar_rays()
        self._cones = [(m, _depth_rays(m, every)) for m, every in self._depth_sensors()]

    def run(self, steps: int) -> None:
        every = PHYSICS_HZ // SENSOR_HZ
        for tick in range(steps):
            if tick % every == 0:
                self._scan(self._base.state())
            elif tick % every == every // 2:
                self._frame(self._base.state())
            pybullet.stepSimulation(physicsClientId=self._client)

    def close(self) -> None:
        self._scene.close()

    def _lidar_rays(self) -> NDArray[np.float64]:
        lidar = self._body.lidar
        angles = lidar.angle_min + 2.0 * math.pi / lidar.rays * np.arange(lidar.rays)
        fan: NDArray[np.float64] = lidar.range_max * np.stack(
            [np.cos(angles), np.sin(angles), np.zeros(lidar.rays)], axis=1
        )
        return fan

    def _depth_sensors(self) -> list[tuple[DepthMount, int]]:
        """Return what is cast as rays, and every how many pixels."""
        body = self._body
        camera = [] if self._renders else [(body.camera, COARSE)]
        return [*camera, (body.floor_front, 1), (body.floor_rear, 1)]

    def _scan(self, state: BaseState) -> None:
        self._cast(*lidar_pose(state, self._body.lidar), self._fan)

    def _frame(self, state: BaseState) -> None:
        for mount, cone in self._cones:
            self._cast(*camera_pose(state, mount), cone)
        if self._renders:
            self._render(state)

    def _render(self, state: BaseState) -> None:
        origin, axes = camera_pose(state, self._body.camera)
        pybullet.getCameraImage(
            self._body.camera.width,
            self._body.camera.height,
            pybullet.computeViewMatrix(origin, origin + axes[:, 2], -axes[:, 1]),
            self._projection,
            shadow=0,
            flags=pybullet.ER_NO_SEGMENTATION_MASK,
            renderer=pybullet.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )

    def _cast(self, origin: NDArray[np.float64], axes: NDArray[np.float64], rays: NDArray[np.float64]) -> None:
        starts = np.tile(origin, (len(rays), 1))
        pybullet.rayTestBatch(starts, starts + rays @ axes.T, physicsClientId=self._client)


def _depth_rays(mount: DepthMount, every: int) -> NDArray[np.float64]:
    camera = lens(mount).every(every)
    u, v = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    rays = np.stack([(u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy, np.ones(u.shape)], axis=-1)
    cone: NDArray[np.float64] = mount.range_max * rays.reshape(-1, 3)
    return cone
