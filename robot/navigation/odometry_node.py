"""Odometry as a node: wheels, gyro and scans in, where base_link is out."""

from __future__ import annotations

from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.messages import Odom
from robot.navigation.odometry import DriveGeometry, OdometryConfig, ScanOdometry
from robot.navigation.scans import scan_values
from robot.node import Inbox, Node, Outbox


@dataclass(frozen=True)
class OdometryNodeConfig:
    """Body and filter."""

    body: RoverBody = field(default_factory=RoverBody)
    filter: OdometryConfig = field(default_factory=OdometryConfig)


class OdometryNode(Node):
    """Say where base_link is in odom, from wheels, gyro and scans."""

    inputs = (topics.WHEELS, topics.IMU, topics.SCAN)
    outputs = (topics.ODOM,)
    rate_hz = 60

    def __init__(self, config: OdometryNodeConfig, rng: Generator) -> None:
        body = config.body
        self._odometry = ScanOdometry(
            config.filter,
            DriveGeometry(body.wheels.radius, body.wheels.separation),
            Pose2(body.lidar.x, body.lidar.y),
        )

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the pose now; nothing before the wheels have spoken, marked bad while they are silent."""
        odometry = self._odometry
        for sample in inbox.new(topics.IMU):
            if sample.envelope.valid:
                odometry.gyro(sample.message.angular_velocity[2])
        wheels, scan = inbox.fresh(topics.WHEELS), inbox.fresh(topics.SCAN)
        if wheels is not None:
            odometry.wheels(wheels.left_rad, wheels.right_rad, wheels.stamp_ns)
        if scan is not None:
            odometry.scan(*scan_values(scan), scan.stamp_ns)
        newest = inbox.stamped(topics.WHEELS)
        if newest is None:
            return Outbox()
        e = odometry.estimate
        stamp_ns = newest.message.stamp_ns
        message = Odom(
            stamp_ns=stamp_ns,
            x=e.pose.x,
            y=e.pose.y,
            yaw=e.pose.yaw,
            v=e.v,
            omega=e.omega,
            slip=e.slip,
            match=e.match,
        )
        return Outbox().put(topics.ODOM, message, valid=not inbox.stale(topics.WHEELS))
