"""Low bodies that go to and fro, as pets do: seen by every sensor, felt by the chassis, never running anybody down.

Each is an upright capsule without mass that is put where it is at every step of people; it stops while the robot is
in its way, so a touch is always the robot's doing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from sim.bullet import pybullet
from sim.planar import rectangle_to_segment
from sim.scene import Scene
from worlds.schema import Mover
from worlds.shape import Shape

STOPS_M = 0.12  # before the robot


class MoverStage:
    """All movers of a home; their rows of the ray caster are its last ones."""

    def __init__(self, scene: Scene, movers: Sequence[Mover], body: RoverBody) -> None:
        """Put each at the beginning of its path."""
        self._scene, self._movers = scene, tuple(movers)
        self._half = (body.length / 2.0, body.width / 2.0)
        self._first = len(scene.rays.kind) - len(self._movers)
        self._bodies = [self._create(mover) for mover in self._movers]
        self._along = [0.0] * len(self._movers)
        for i in range(len(self._movers)):
            self._place(i)

    def step(self, dt: float, robot: Pose2) -> None:
        """Let each go on by `dt` seconds unless the robot is in its way."""
        for i, mover in enumerate(self._movers):
            ahead = self._along[i] + mover.speed * dt
            here, there = point_along(mover, self._along[i]), point_along(mover, ahead)
            gap_here, gap_there = self._gap(robot, here, mover), self._gap(robot, there, mover)
            if gap_there > STOPS_M or gap_there > gap_here:
                self._along[i] = ahead
                self._place(i)

    def _gap(self, robot: Pose2, point: tuple[float, float], mover: Mover) -> float:
        x, y = robot.inverse().apply(*point)
        return float(rectangle_to_segment(x, y, x, y, *self._half)) - mover.radius

    def _create(self, mover: Mover) -> int:
        size = (mover.radius, _trunk(mover))
        return self._scene.add_moved(Shape(mover.name, "capsule", size, (0.0, 0.0, 0.0), color=mover.color))

    def _place(self, i: int) -> None:
        mover, rays, row = self._movers[i], self._scene.rays, self._first + i
        x, y = point_along(mover, self._along[i])
        z = mover.radius + _trunk(mover) / 2.0
        rays.half[row] = (mover.radius, mover.radius, z)
        rays.move(row, (x, y, z), np.eye(3))
        pybullet.resetBasePositionAndOrientation(
            self._bodies[i], (x, y, z), (0.0, 0.0, 0.0, 1.0), physicsClientId=self._scene.client
        )


def point_along(mover: Mover, along: float) -> tuple[float, float]:
    """Return where a mover is that has walked `along` metres of its line to the end, back, and so on.

    Its pauses count as metres that lead nowhere.
    """
    path, pause = mover.path, mover.pause * mover.speed
    legs = [math.dist(a, b) for a, b in pairwise(path)]
    total = sum(legs)
    if total == 0.0:
        return path[0]
    left = along % (2.0 * (total + pause))
    left = min(left, total) if left <= total + pause else max(2.0 * total + pause - left, 0.0)
    for (ax, ay), (bx, by), leg in zip(path, path[1:], legs, strict=False):
        if left <= leg and leg > 0.0:
            return ax + (bx - ax) * left / leg, ay + (by - ay) * left / leg
        left -= leg
    return path[-1]


def _trunk(mover: Mover) -> float:
    """Return the distance between the centres of the capsule's ends, m."""
    return max(mover.height - 2.0 * mover.radius, 0.01)
