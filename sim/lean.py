"""The simulator for navigation alone: no frames, no people detector, only what finding a way needs.

`DepthSim` is the rover with its lidar and its three depth sensors, all of them ray-cast; `LidarSim` is a body whose
lidar is all it has.
"""

from __future__ import annotations

from robot import topics
from sim.base import BaseState
from sim.node import SimNode
from sim.sensors.shutter import Frame, Shutter


class DepthSim(SimNode):
    """Lidar and depth, by ray casting."""

    renders = False
    outputs = (
        topics.SCAN, topics.DEPTH, topics.DEPTH_FRONT, topics.DEPTH_REAR, topics.IMU, topics.WHEELS, topics.CONTACTS,
        topics.TRUTH,
    )  # fmt: skip

    def expose(self, now_ns: int, state: BaseState) -> Frame:
        """Return coarse depth."""
        return [(topics.DEPTH, self._depth.cast(now_ns, state, self._scene.rays, self._depth.coarse))]


class LidarSim(SimNode):
    """Lidar, and nothing else that looks around."""

    renders = False
    outputs = (topics.SCAN, topics.IMU, topics.WHEELS, topics.CONTACTS, topics.TRUTH)

    def expose(self, now_ns: int, state: BaseState) -> Frame:
        """Return nothing: there is no camera."""
        return []

    def _all_shutters(self) -> tuple[Shutter, ...]:
        return ()
