"""Who can see whom in a home, and for how long a robot that walks behind a person would lose them.

Two plain models of a follower bound the truth: a patient one keeps 1.5 m behind on the person's own trail and stands
while it sees nobody; an eager one then drives on along the trail until it does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.grid import CELL_M, opaque_of
from worlds.grid_kernels import sees
from worlds.schema import World

BEHIND_M = 1.5
ROBOT_SPEED = 1.0
EAGER_SPEED = 0.8
EAGER_GAP_M = 0.8
STEP_S = 0.1
HALF_BODY_M = 0.12
Track = NDArray[np.float64]


@dataclass(frozen=True)
class Loss:
    """One stretch of time, s, during which the follower saw nothing of the person."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start


def in_sight(world: World, eye: tuple[float, float], person: tuple[float, float]) -> bool:
    """Whether some of a person's upper body can be seen: their middle, or 0.2 m to either side of it."""
    opaque = opaque_of(world)
    west, south, _, _ = world.bounds
    dx, dy = person[0] - eye[0], person[1] - eye[1]
    distance = math.hypot(dx, dy)
    if distance < HALF_BODY_M:
        return True
    nx, ny = -dy / distance * HALF_BODY_M, dx / distance * HALF_BODY_M
    row, column = (eye[1] - south) / CELL_M, (eye[0] - west) / CELL_M
    return any(
        sees(opaque, row, column, (person[1] + k * ny - south) / CELL_M, (person[0] + k * nx - west) / CELL_M)
        for k in (0.0, 1.0, -1.0)
    )


def losses(world: World, robot: tuple[float, float], track: Track, eager: bool = False) -> tuple[Loss, ...]:
    """When a follower would lose sight of a person.

    Args:
        world: the home.
        robot: where the follower starts, map, m.
        track: (N, 2) the person's position every 0.1 s, map, m.
        eager: which of the two models.

    Returns:
        The stretches without sight, in order; one that lasts to the end ends there.
    """
    trail = np.concatenate([np.array([robot]), track])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(trail, axis=0).T))])
    at, lost_since, found = 0.0, -1.0, []
    for i in range(len(track)):
        gap = along[i + 1] - at
        hunting = eager and lost_since >= 0.0
        want, speed = (EAGER_GAP_M, EAGER_SPEED) if hunting else (BEHIND_M, ROBOT_SPEED)
        at += min(max(gap - want, 0.0), speed * STEP_S)
        eye = (float(np.interp(at, along, trail[:, 0])), float(np.interp(at, along, trail[:, 1])))
        seen = in_sight(world, eye, (float(track[i, 0]), float(track[i, 1])))
        now = i * STEP_S
        if seen and lost_since >= 0.0:
            found.append(Loss(lost_since, now))
            lost_since = -1.0
        elif not seen and lost_since < 0.0:
            lost_since = now
    if lost_since >= 0.0:
        found.append(Loss(lost_since, len(track) * STEP_S))
    return tuple(found)
