"""`Housemate/Navigate-v0`: drive from start to goal through a home, clutter or hazard."""

from __future__ import annotations

import math

import numpy as np
from gymnasium import spaces

from launch.envs.base import Arrays
from launch.envs.rover import RoverEnv
from launch.errors import CallError
from launch.profiles import RunSpec
from robot.geometry import Pose2
from robot.messages import WorldTruth
from worlds.catalog import load_world
from worlds.grid import ROVER
from worlds.routes import Routes, routes_from
from worlds.suites.task import Task, task_of

THERE_REWARD, STEP_COST = 10.0, 0.01
HALF_WIDTH_M = 0.20


class NavigateEnv(RoverEnv):
    """Reward: metres of the shortest way gained in a step, 10 at the goal, -0.01 a step.

    Observed besides scan (72,) m and twist (2,): "goal" (2,): x, y (m) of the goal in base_link, by odometry.
    """

    profile = "navigate"
    replaced = ("navigator", "goal")
    _ways: Routes
    _left = 0.0

    def more_boxes(self) -> dict[str, spaces.Box]:
        """Return the space of the goal."""
        return {"goal": spaces.Box(-50.0, 50.0, (2,), np.float32)}

    def more(self, robot: Pose2) -> Arrays:
        """Return where the goal is."""
        if self.spec_of_run is None:
            return {"goal": np.zeros(2, np.float32)}
        task = self._task()
        in_odom = Pose2(*task.start).inverse().apply(*task.goal)
        return {"goal": np.array(robot.inverse().apply(*in_odom), np.float32)}

    def begin(self, spec: RunSpec) -> None:
        """Find all ways to the goal.

        Raises:
            CallError: a world of another robot.
        """
        task = self._task()
        if task.robot != "rover":
            raise CallError(f"world '{spec.world}': is for the {task.robot}; Housemate/Navigate-v0 drives the rover")
        self.forget_film()
        self._ways = routes_from(load_world(spec.world), task.goal, HALF_WIDTH_M, ROVER, comfort=0.02)
        self._left = 0.0
        assert self._last is not None
        self._left = self._length(self._last)

    def reward(self, truth: WorldTruth) -> tuple[float, bool]:
        """Return what the step gained, and whether the robot is there."""
        before, self._left = self._left, self._length(truth)
        task = self._task()
        if math.dist((truth.x, truth.y), task.goal) <= task.radius_m:
            return before - self._left + THERE_REWARD, True
        return before - self._left - STEP_COST, False

    def _task(self) -> Task:
        assert self.spec_of_run is not None
        return task_of(self.spec_of_run.world, self.spec_of_run.seed)

    def _length(self, truth: WorldTruth) -> float:
        """Return the metres left, by the price of the cheapest way; where no way is known, as they were."""
        left = self._ways.price((truth.x, truth.y))
        return left if math.isfinite(left) else self._left
