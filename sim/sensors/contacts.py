"""Bumper and cliff sensors of the rover.

The bumper is the chassis itself, in four segments told by where it is touched. Cliff sensors are short downward rays
near the corners, in front of and behind the wheels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from robot.bodies.rover.body import RoverBody
from robot.messages import Contacts
from sim.base import BaseState
from sim.raycast import RayScene

CLIFF_HEIGHT = 0.05  # m, of the sensor above the floor
CLIFF_DROP = 0.04  # m, deeper than this below the wheels is a cliff
CLIFF_X, CLIFF_Y = 0.19, 0.15  # m
FRONT_HALF_ANGLE = math.radians(30.0)  # of the front segment
REAR_HALF_ANGLE = math.radians(100.0)  # beyond it from straight ahead begins the rear segment


def bumper_segment(x: float, y: float) -> int:
    """Return which segment feels a touch at (x, y) of base_link: 0 front left, 1 front, 2 front right, 3 rear."""
    angle = math.atan2(y, x)
    if abs(angle) > REAR_HALF_ANGLE:
        return 3
    if abs(angle) <= FRONT_HALF_ANGLE:
        return 1
    return 0 if angle > 0.0 else 2


class TouchSensors:
    """Makes Contacts messages."""

    def __init__(self, body: RoverBody) -> None:
        """Prepare the cliff rays."""
        corners = [(sx * CLIFF_X, sy * CLIFF_Y) for sx in (1, -1) for sy in (1, -1)]
        self._from = np.array([(x, y, CLIFF_HEIGHT) for x, y in corners])
        self._to = np.array([(x, y, -CLIFF_DROP) for x, y in corners])
        self._bumper_height = body.chassis_height + 0.02

    def sample(self, now_ns: int, state: BaseState, rays: RayScene, touches: Iterable[tuple[float, ...]]) -> Contacts:
        """Return the sensors now; `touches` are points of contact on the chassis in map since the last sample."""
        pressed = [False, False, False, False]
        for point in touches:
            x, y, z = ((np.array(point) - state.position) @ state.rotation).tolist()
            if z <= self._bumper_height:
                pressed[bumper_segment(x, y)] = True
        turn = state.rotation.T
        free, _ = rays.rays(self._from @ turn + state.position, self._to @ turn + state.position)
        return Contacts(stamp_ns=now_ns, bumper=tuple(pressed), cliff=tuple((free == np.inf).tolist()))
