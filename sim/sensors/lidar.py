"""Planar lidar: one turn of rays through the home and its people; glass is not there for it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from robot.bodies.rover.body import LidarMount
from robot.messages import Scan
from sim.base import BaseState
from sim.raycast import RayScene
from sim.sensors.mounts import lidar_pose


class Lidar:
    """Samples scans with Gaussian range noise, dropouts, and no data nearer than range_min."""

    def __init__(self, mount: LidarMount, rng: Generator, dropout: float | None = None) -> None:
        """Prepare the fan of rays; `dropout` stands in for the mount's own."""
        self._mount, self._rng = mount, rng
        self._dropout = mount.dropout if dropout is None else dropout
        self._increment = mount.increment
        angles = mount.angle_min + self._increment * np.arange(mount.rays)
        self._directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def sample(self, now_ns: int, state: BaseState, rays: RayScene) -> Scan:
        """Return the scan that starts and ends now."""
        mount, rng = self._mount, self._rng
        origin, axes = lidar_pose(state, mount)
        ranges = rays.fan(origin, axes, self._directions, mount.angle_min, self._increment, mount.range_max)
        ranges += rng.normal(0.0, mount.noise_std_m, mount.rays)
        lost = (rng.random(mount.rays) < self._dropout) | (ranges < mount.range_min)
        ranges[lost] = np.nan
        ranges[ranges > mount.range_max] = np.inf
        return Scan(
            stamp_ns=now_ns,
            angle_min=mount.angle_min,
            angle_increment=self._increment,
            range_min=mount.range_min,
            range_max=mount.range_max,
            ranges=np.round(ranges, 3).astype(np.float32),
        )
