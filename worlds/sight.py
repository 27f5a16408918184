"""Who can see whom in a home, and for how long a robot that walks behind a person would lose them.

Two plain models of a follower bound the truth: a patient one keeps 1.5 m behind on the person's own trail and stands
while it sees nobody; an eager one then drives on along the trail until it does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.grid import CELL_M, opaque_of
from worlds.schema import World
from worlds.sight_kernels import sees_body, trail_sight

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
    """Whether some of a person's upper body can be seen: their middle, or 0.12 m to either side of it."""
    spots = _in_cells(world, np.array([eye, person]))
    return bool(sees_body(opaque_of(world), *spots[0], *spots[1], HALF_BODY_M / CELL_M))


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
    trail = _in_cells(world, np.concatenate([np.array([robot]), track]))
    keep, reach = BEHIND_M / CELL_M, ROBOT_SPEED * STEP_S / CELL_M
    hunt = (EAGER_GAP_M / CELL_M, EAGER_SPEED * STEP_S / CELL_M) if eager else (keep, reach)
    seen = trail_sight(opaque_of(world), trail, HALF_BODY_M / CELL_M, keep, reach, *hunt)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], seen, [True]])))
    return tuple(Loss(start * STEP_S, end * STEP_S) for start, end in edges.reshape(-1, 2).tolist())


def _in_cells(world: World, points: Track) -> Track:
    """(N, 2) map points as row and column of the sight grid."""
    west, south, _, _ = world.bounds
    return np.ascontiguousarray((points - np.array([west, south]))[:, ::-1] / CELL_M)
