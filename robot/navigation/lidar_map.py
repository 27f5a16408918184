"""The local map of a body that has a lidar and no camera: what the lidar's plane shows, and a floor taken for flat."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import LocalMap
from robot.navigation.mapping import FREE, UNSEEN, LocalMapper, MappingConfig, Mount
from robot.navigation.poses import PoseBuffer
from robot.node import Inbox, Node, Outbox

NOBODY = np.zeros((0, 2))


@dataclass(frozen=True)
class LidarMapNodeConfig:
    """Body and map."""

    body: RoverBody = field(default_factory=RoverBody)
    map: MappingConfig = field(default_factory=MappingConfig)


class LidarMapNode(Node):
    """Keep the rolling map of what the lidar sees around the robot."""

    inputs = (topics.SCAN, topics.ODOM)
    outputs = (topics.LOCAL_MAP,)
    rate_hz = 10

    def __init__(self, config: LidarMapNodeConfig, rng: Generator) -> None:
        lidar = config.body.lidar
        self._poses = PoseBuffer()
        self._mapper = LocalMapper(config.map, Mount(lidar.x, lidar.y, lidar.z))

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the map after what came since the last step; nothing before the first odometry."""
        odom = inbox.latest(topics.ODOM)
        if odom is None:
            return Outbox()
        pose = Pose2(odom.x, odom.y, odom.yaw)
        self._poses.append(odom.stamp_ns, pose)
        self._mapper.move_to(pose, NOBODY)
        scan = inbox.fresh(topics.SCAN)
        if scan is not None and (taken_at := self._poses.at(scan.stamp_ns)) is not None:
            limits = (scan.range_min, scan.range_max)
            self._mapper.add_scan(scan.ranges, scan.angle_min, scan.angle_increment, limits, taken_at)
        grid = self._mapper.grid(now_ns / NS_PER_S)
        cells = np.where(grid.data == UNSEEN, np.uint8(FREE), grid.data)
        frame = grid.frame
        message = LocalMap(
            stamp_ns=odom.stamp_ns,
            origin_x=frame.origin_x,
            origin_y=frame.origin_y,
            resolution_m=frame.resolution_m,
            cells=cells,
        )
        return Outbox().put(topics.LOCAL_MAP, message)
