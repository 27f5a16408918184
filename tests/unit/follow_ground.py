"""The ground that tests of the follower stand on."""

from __future__ import annotations

import numpy as np

from policies.follow.config import FollowerConfig
from policies.follow.ground import Ground, build_ground
from robot.geometry import Pose2
from robot.messages import LocalMap

CONFIG = FollowerConfig()
ROBOT = Pose2()


def a_ground(*walls: tuple[float, float, float, float], robot: Pose2 = ROBOT) -> Ground:
    """8 x 8 m about the origin with boxes x0, y0, x1, y1 in it."""
    cells = np.zeros((160, 160), dtype=np.uint8)
    for x0, y0, x1, y1 in walls:
        cells[round((y0 + 4) / 0.05) : round((y1 + 4) / 0.05), round((x0 + 4) / 0.05) : round((x1 + 4) / 0.05)] = 100
    local = LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
    return build_ground(local, robot, [], CONFIG.pass_radius_m, CONFIG.person_erase_m)
