"""PyBullet's own window on a run: the camera stays with the robot, and the way it means to take lies on the floor.

The window only shows. It listens to the planner's path, which the simulator itself does not know; physics, sensors and
so the log are those of a run without it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot import topics
from robot.geometry import Pose2
from robot.node import Inbox, Outbox
from sim.bullet import pybullet
from sim.config import SimConfig
from sim.node import EmulatedSim, PixelSim, SimNode
from sim.stagecraft import robot_start
from worlds.catalog import load_world

EVERY = 24  # ticks between two looks: ten a second
DISTANCE_M, PITCH_DEG = 5.5, -72.0  # of the window's camera, behind and above the robot: over the walls
PATH_EVERY = 120  # ticks between two drawings of the way
GREEN, PATH_Z_M, DOT_SIZE = (0.1, 0.8, 0.4), 0.06, 7.0


class Window:
    """What is drawn in the window of one client."""

    def __init__(self, client: int, odom_in_map: Pose2) -> None:
        """Put the example browser's panels away."""
        self._client, self._odom_in_map = client, odom_in_map
        self._dots: int | None = None
        for flag in (pybullet.COV_ENABLE_GUI, pybullet.COV_ENABLE_SHADOWS):
            pybullet.configureDebugVisualizer(flag, 0, physicsClientId=client)

    def follow(self, x: float, y: float, yaw: float) -> None:
        """Look at the robot from behind and above."""
        degrees = math.degrees(yaw) - 90.0
        pybullet.resetDebugVisualizerCamera(DISTANCE_M, degrees, PITCH_DEG, (x, y, 0.3), physicsClientId=self._client)

    def draw(self, path: NDArray[np.float32]) -> None:
        """Draw the way (N, 2) in odom anew, as dots: one call, because each waits for the window's next frame."""
        points = self._odom_in_map.apply_all(path.astype(np.float64).reshape(-1, 2))
        if len(points) == 0:
            return
        dots = [(float(x), float(y), PATH_Z_M) for x, y in points]
        old = {} if self._dots is None else {"replaceItemUniqueId": self._dots}
        colors = [GREEN] * len(dots)
        self._dots = pybullet.addUserDebugPoints(dots, colors, DOT_SIZE, physicsClientId=self._client, **old)


class ShownSim(SimNode):
    """Shows whichever simulator it is mixed into."""

    def __init__(self, config: SimConfig, rng: Generator) -> None:
        """As the simulator, and open the window."""
        super().__init__(config, rng)
        x, y, _, yaw = robot_start(load_world(config.world), config)
        self._window = Window(self._scene.client, Pose2(x, y, yaw))

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """As the simulator, and bring the window up to date."""
        path = inbox.latest(topics.NAV_PATH)
        if self._tick % PATH_EVERY == 0 and path is not None:
            self._window.draw(path.points)
        if self._tick % EVERY == 0:
            state = self._base.state()
            self._window.follow(float(state.position[0]), float(state.position[1]), state.yaw)
        return super().step(now_ns, inbox)


class PixelWindow(ShownSim, PixelSim):
    """PixelSim with a window."""

    inputs = (*PixelSim.inputs, topics.NAV_PATH)


class EmulatedWindow(ShownSim, EmulatedSim):
    """EmulatedSim with a window."""

    inputs = (*EmulatedSim.inputs, topics.NAV_PATH)
