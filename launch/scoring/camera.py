"""Where a display's camera truly points, from its joints."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from robot.bodies.tabletop.body import TabletopBody
from robot.messages import HeadTruth

BODY = TabletopBody()


def aside(joints: Sequence[float], person: HeadTruth) -> float:
    """Return the direction of somebody's eyes in the camera, rad to the left of the picture's middle."""
    eye, axes = BODY.camera_pose(joints)
    right, _, ahead = axes.T @ (np.array([person.x, person.y, person.z]) - eye)
    return -math.atan2(float(right), float(ahead))
