"""`Housemate/FollowMe-v0`: stay with a person who walks through a furnished home."""

from __future__ import annotations

import math

import numpy as np
from gymnasium import spaces

from launch.envs.base import Arrays
from launch.envs.rover import RoverEnv
from launch.profiles import RunSpec
from launch.scoring.follow import FACING_DOT, FOLLOW_BAND_M
from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import WorldTruth

FAR_COST = 0.25  # reward lost per metre outside the band, at most 1


class FollowMeEnv(RoverEnv):
    """Reward 1 a step at 1 to 2 m and facing the person (Habitat 3.0's following), less the farther from there.

    Observed besides scan (72,) m and twist (2,): "person" (6,): x, y (m) and vx, vy (m/s) of the locked person in
    base_link as the robot's own tracker believes, seconds since they were seen, and whether anybody is locked.
    """

    profile = "follow_me"
    replaced = ("follower", "navigator")

    def more_boxes(self) -> dict[str, spaces.Box]:
        """Return the space of the locked person."""
        high = np.array([20.0, 20.0, 5.0, 5.0, 60.0, 1.0], np.float32)
        return {"person": spaces.Box(high * np.array([-1, -1, -1, -1, 0, 0], np.float32), high)}

    def more(self, robot: Pose2) -> Arrays:
        """Return the locked person."""
        lock = self._newest.get(topics.LOCK)
        if lock is None or lock.state == "none":
            return {"person": np.zeros(6, np.float32)}
        x, y = robot.inverse().apply(lock.x, lock.y)
        vx, vy = Pose2(yaw=-robot.yaw).apply(lock.vx, lock.vy)
        unseen_s = (lock.stamp_ns - lock.seen_ns) / NS_PER_S
        return {"person": np.array([x, y, vx, vy, unseen_s, 1.0], np.float32)}

    def begin(self, spec: RunSpec) -> None:
        """Nothing to prepare but the picture."""
        self.forget_film()

    def reward(self, truth: WorldTruth) -> tuple[float, bool]:
        """Return what distance and heading are worth; following has no end."""
        person, robot = truth.people[0], Pose2(truth.x, truth.y, truth.yaw)
        distance = robot.distance_to(person.x, person.y)
        outside = max(FOLLOW_BAND_M[0] - distance, distance - FOLLOW_BAND_M[1], 0.0)
        facing = math.cos(robot.bearing_to(person.x, person.y)) > FACING_DOT
        return (1.0 if facing and outside == 0.0 else 0.0) - min(1.0, FAR_COST * outside), False
