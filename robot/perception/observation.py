"""What the tracker is fed with: sightings moved into odom, and what could have been seen at that moment."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from robot.geometry import Pose2, wrap_angle
from robot.messages import Sighting

FARTHEST_M = 15.0  # no camera of ours sees a person beyond
LARGEST_STD_M = 5.0
TALLEST_M = 3.0


def is_sane(sighting: Sighting) -> bool:
    """Whether every number of a sighting is one, and could be true of a person."""
    facing = 0.0 if sighting.facing is None else sighting.facing
    numbers = (sighting.x, sighting.y, sighting.std_m, sighting.height_m, facing, sighting.score, *sighting.bbox)
    if not (all(math.isfinite(n) for n in numbers) and bool(np.isfinite(sighting.appearance).all())):
        return False
    possible = 0.0 < sighting.std_m < LARGEST_STD_M and 0.0 <= sighting.height_m < TALLEST_M
    return possible and math.hypot(sighting.x, sighting.y) < FARTHEST_M and 0.0 <= sighting.score <= 1.0


@dataclass(frozen=True)
class Observation:
    """One sighting in odom (m, rad)."""

    x: float
    y: float
    std_m: float
    height_m: float
    facing: float | None
    appearance: NDArray[np.float32]
    score: float

    @staticmethod
    def of(sighting: Sighting, robot: Pose2) -> Observation:
        """Return a sighting seen from `robot`, the pose of base_link in odom at the frame's stamp."""
        x, y = robot.apply(sighting.x, sighting.y)
        facing = None if sighting.facing is None else wrap_angle(sighting.facing + robot.yaw)
        return Observation(x, y, sighting.std_m, sighting.height_m, facing, sighting.appearance, sighting.score)


@dataclass(frozen=True)
class View:
    """What the camera covered: a wedge about the robot's x axis, less what stood in the way of the lidar."""

    robot: Pose2
    half_fov: float  # rad
    range_m: float
    scan_angles: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # rad from the robot's x axis
    scan_ranges: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # m from base_link

    EDGE: ClassVar[float] = 0.09  # rad: a body this near the edge is cut in half
    NEAR_M: ClassVar[float] = 0.5  # nearer than this only a stomach is in view
    BEHIND_M: ClassVar[float] = 0.5  # a return this much nearer hides what is behind it

    def expects(self, x: float, y: float) -> bool:
        """Whether someone standing at (x, y) of odom should have been seen."""
        distance, bearing = self.robot.distance_to(x, y), self.robot.bearing_to(x, y)
        if abs(bearing) > self.half_fov - self.EDGE or not self.NEAR_M < distance < self.range_m:
            return False
        return not self._hidden(distance, bearing)

    def _hidden(self, distance: float, bearing: float) -> bool:
        """Whether the lidar was stopped well before (distance, bearing) over most of a body's width."""
        if not len(self.scan_angles):
            return False
        half_width = math.atan2(0.2, distance)
        near = np.abs(np.angle(np.exp(1j * (self.scan_angles - bearing)))) <= half_width
        if not near.any():
            return False
        return float(np.mean(self.scan_ranges[near] < distance - self.BEHIND_M)) > 0.5
