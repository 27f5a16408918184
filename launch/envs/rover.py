"""What the two environments of the rover share: its twist as action, its scan and speed as observation, touches."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from launch.envs.base import Arrays, HousemateEnv
from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.messages import Scan, WorldTruth

SECTORS = 72
BODY = RoverBody()
TOUCH_REWARD = -10.0


class RoverEnv(HousemateEnv):
    """A rover at home. Action: forward speed and turn rate, as shares of 1 m/s and 2 rad/s; 10 a second."""

    hands = "launch.envs.hands:Driver"
    period_s = 0.1
    truth = topics.TRUTH
    limits = (BODY.drive.v_max, BODY.drive.omega_max)

    def __init__(self, world: str | None = None, render_mode: str | None = None) -> None:
        """As HousemateEnv."""
        boxes = {
            "scan": spaces.Box(0.0, BODY.lidar.range_max, (SECTORS,), np.float32),
            "twist": spaces.Box(-5.0, 5.0, (2,), np.float32),
        }
        super().__init__(boxes | self.more_boxes(), world, render_mode)
        self._film: Any = None
        self._last: WorldTruth | None = None

    @abstractmethod
    def more_boxes(self) -> dict[str, spaces.Box]:
        """Return what is observed besides scan and twist."""

    @abstractmethod
    def more(self, robot: Pose2) -> Arrays:
        """Return the observations besides scan and twist of a robot that believes to be here in odom."""

    @abstractmethod
    def reward(self, truth: WorldTruth) -> tuple[float, bool]:
        """Return the reward for ending a step like this, and whether the job is done."""

    def observe(self) -> Arrays:
        """Return scan, twist and what the job adds."""
        odom, scan = self._newest.get(topics.ODOM), self._newest.get(topics.SCAN)
        robot = Pose2() if odom is None else Pose2(odom.x, odom.y, odom.yaw)
        twist = (0.0, 0.0) if odom is None else (odom.v, odom.omega)
        return self.shown({"scan": nearest(scan), "twist": np.array(twist, np.float32), **self.more(robot)})

    def judge(self, truths: list[Any]) -> tuple[float, bool, dict[str, Any]]:
        """Punish touches, which end the episode; else let the job say."""
        touched = [contact for truth in truths for contact in truth.contacts]
        self._last = truths[-1] if truths else self._last
        assert self._last is not None
        if touched:
            return TOUCH_REWARD, True, {"touched": f"{touched[0].kind} '{touched[0].name}'"}
        reward, done = self.reward(self._last)
        return reward, done, {}

    def render(self) -> NDArray[np.uint8]:
        """Return the home from above, (480, 640, 3) RGB."""
        from launch.report.film_map import FilmMap
        from launch.report.moment import Moment

        truth = self._last or self._newest.get(topics.TRUTH)
        assert truth is not None, "reset() comes before render()"
        if self._film is None:
            self._film = FilmMap(self._world, truth, 640, 480)
        moment = Moment()
        for commit in self._newest.commits():
            moment.on_commit(commit)
        picture: NDArray[np.uint8] = self._film.draw(moment, truth)
        return picture

    def forget_film(self) -> None:
        """Begin a new picture with the next frame."""
        self._film, self._last = None, self._newest.get(topics.TRUTH)


def nearest(scan: Scan | None) -> NDArray[np.float32]:
    """Return the (SECTORS,) nearest return of each sector (m), counter-clockwise from behind; range_max where none."""
    free = np.full(SECTORS, BODY.lidar.range_max, np.float32)
    if scan is None:
        return free
    ranges = np.where(np.isfinite(scan.ranges), scan.ranges, BODY.lidar.range_max).astype(np.float32)
    least: NDArray[np.float32] = ranges.reshape(SECTORS, -1).min(axis=1)
    return least
