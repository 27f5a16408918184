"""What it costs to be somewhere: distance to obstacles, the cost of crossing a cell, and whether the body fits.

The one idea: one exact distance field answers everything. Below the inscribed radius a cell is lethal, beyond it cost
decays with clearance; the oriented rectangle is checked by circles along its outline against the same field.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robot.bounds import AtLeastOne, AtLeastZero, Positive
from robot.geometry import Pose2
from robot.navigation import costmap_kernels as kernels
from robot.navigation.grid import Frame, Grid
from robot.navigation.mapping import OCCUPIED, UNKNOWN
from robot.near_people import NearPeople

FAR_M = 10.0  # clearance where nothing is occupied
DETAIL_M = 1.0  # nobody asks how far off things are that are farther than this


@dataclass(frozen=True)
class Footprint:
    """A rectangle centred on base_link, m."""

    length: float = 0.42
    width: float = 0.40
    circles_per_side: int = 4

    @property
    def inscribed_m(self) -> float:
        """Return the radius of the largest circle inside."""
        return 0.5 * min(self.length, self.width)

    @property
    def circumscribed_m(self) -> float:
        """Return the radius of the smallest circle around."""
        return 0.5 * math.hypot(self.length, self.width)

    def circles(self) -> NDArray[np.float64]:
        """Return (N, 6), a circle a row: they cover the outline, standing out by about 2 cm. The corners come first.

        Columns: x, y, radius (m), the reach of the whole body, the row of the nearest corner, the distance to that.
        """
        n = self.circles_per_side
        x = (np.arange(n) + 0.5) * self.length / n - self.length / 2.0
        y = (np.arange(n) + 0.5) * self.width / n - self.width / 2.0
        radius = math.hypot(self.length / n, self.width / n) / 2.0
        ends = (0, n - 1)
        corners = list(dict.fromkeys((i, j) for i in ends for j in ends))
        between = [(i, j) for i in range(n) for j in range(n) if (i in ends) != (j in ends)]
        rows = []
        for i, j in corners + between:
            away = [math.hypot(x[i] - x[k], y[j] - y[m]) for k, m in corners]
            nearest = int(np.argmin(away))
            rows.append((x[i], y[j], radius, self.circumscribed_m, nearest, away[nearest]))
        return np.array(rows)


@dataclass(frozen=True)
class Mover:
    """A disc that moves on: position (m), velocity (m/s), radius (m), in odom; and for how long (s) it has stood."""

    x: float
    y: float
    vx: float
    vy: float
    radius: float = 0.3
    stood_s: float = math.inf


@dataclass(frozen=True)
class CostmapConfig:
    """Weights multiply the length of way through a cell; metres."""

    soft_m: AtLeastZero = 0.55  # clearance of the body's centre from which cost no longer rises
    soft_weight: AtLeastZero = 6.0  # added at the inscribed radius
    unknown_weight: AtLeastZero = 4.0  # added where nothing was seen yet: there may be a wall
    mover_weight: AtLeastZero = 8.0  # added where the body would touch a mover that is near
    mover_fades_m: Positive = 1.5  # half of it is left at this distance: far movers will have moved on
    mover_soft_m: AtLeastZero = 0.4  # over which that fades
    mover_ahead_s: AtLeastZero = 0.6
    standing_weight: AtLeastZero = 25.0  # added where safety would hold the body beside someone who stands: go around
    standing_soft_m: AtLeastZero = 0.1
    standing_s: Positive = 4.0  # all of that weight for who has stood so long: who just stopped will soon walk on
    edge_cells: AtLeastZero = 0.5  # from an occupied cell's middle to where things are taken to begin; 0.5: its edge
    bubble_m: AtLeastZero = 0.25  # a robot in lethal cells can leave through those around it, at `bubble_cost`
    bubble_cost: AtLeastOne = 20.0


@dataclass(frozen=True)
class Costmap:
    """Fields over one frame, (H, W) float32 each."""

    frame: Frame
    clearance: NDArray[np.float32]
    """m from a cell's middle to the edge of the nearest occupied cell; 0 inside one, no more than about a metre."""
    cost: NDArray[np.float32]
    """Factor on the length of way through a cell, 1 and more; inf where the body's middle cannot go."""
    lethal: NDArray[np.bool_]
    """Where the body's middle cannot be; around the robot, and what has just closed, may still be planned through."""


@dataclass
class CostmapBuilder:
    """Turns occupancy into a costmap for one body."""

    footprint: Footprint = field(default_factory=Footprint)
    config: CostmapConfig = field(default_factory=CostmapConfig)
    near_people: NearPeople = field(default_factory=NearPeople)

    def __post_init__(self) -> None:
        self._circles = self.footprint.circles()
        self._penalties: list[tuple[float, float, float, float]] = []

    def penalise(self, places: list[tuple[float, float, float, float]]) -> None:
        """Set places to avoid from now on: x, y, radius (m, odom) and added weight."""
        self._penalties = places

    def build(self, occupancy: Grid, robot: Pose2, movers: list[Mover]) -> Costmap:
        """Return the costmap of uint8 occupancy (0 free, 100 occupied, 255 unknown)."""
        c, frame = self.config, occupancy.frame
        most = max(c.soft_m, DETAIL_M)
        clearance = clearance_field(occupancy.data == OCCUPIED, frame.resolution_m, c.edge_cells, most)
        cost: NDArray[np.float32] = kernels.soft_cost(
            clearance,
            np.ascontiguousarray(occupancy.data, np.uint8),
            UNKNOWN,
            self.footprint.inscribed_m,
            c.soft_m,
            np.array([c.soft_weight, c.unknown_weight]),
        )
        for mover in movers:
            self._add_mover(cost, frame, mover, robot)
        for x, y, radius, weight in self._penalties:
            _add_bump(cost, frame, x, y, radius, radius, weight)
        lethal = clearance < self.footprint.inscribed_m
        cost[lethal] = np.inf
        self._open_around(cost, lethal & (clearance > 0.0), frame, robot)
        return Costmap(frame, clearance, cost, lethal)

    def margin(self, costmap: Costmap, pose: Pose2) -> float:
        """Return the distance (m) from the body at `pose` to the nearest occupied cell, negative when they overlap."""
        frame = costmap.frame
        x, y = pose.x - frame.origin_x, pose.y - frame.origin_y
        c, s = math.cos(pose.yaw), math.sin(pose.yaw)
        return float(kernels.body_margin(costmap.clearance, x, y, c, s, frame.resolution_m, self._circles, FAR_M))

    def _add_mover(self, cost: NDArray[np.float32], frame: Frame, mover: Mover, robot: Pose2) -> None:
        if math.hypot(mover.vx, mover.vy) < self.near_people.stands_speed:
            held = self.near_people.pass_gap_m + self.footprint.inscribed_m
            weight = self.config.standing_weight * min(1.0, mover.stood_s / self.config.standing_s)
            _add_bump(cost, frame, mover.x, mover.y, held, held + self.config.standing_soft_m, weight)
        inner = mover.radius + self.footprint.inscribed_m
        nearness = 1.0 / (1.0 + (robot.distance_to(mover.x, mover.y) / self.config.mover_fades_m) ** 2)
        for t in (0.0, self.config.mover_ahead_s):
            x, y = mover.x + t * mover.vx, mover.y + t * mover.vy
            weight = nearness * self.config.mover_weight * (0.5 if t > 0.0 else 1.0)
            _add_bump(cost, frame, x, y, inner, inner + self.config.mover_soft_m, weight)

    def _open_around(self, cost: NDArray[np.float32], closed: NDArray[np.bool_], frame: Frame, robot: Pose2) -> None:
        if not closed[frame.nearest_cell(robot.x, robot.y)]:
            return
        rows, columns, near = patch(frame, robot.x, robot.y, self.config.bubble_m)
        open_now = closed[rows, columns] & (near <= self.config.bubble_m)
        cost[rows, columns][open_now] = self.config.bubble_cost


def clearance_field(
    occupied: NDArray[np.bool_], resolution_m: float, edge_cells: float = 0.5, most_m: float = FAR_M
) -> NDArray[np.float32]:
    """Return (H, W) float32, m from each cell's middle to the edge of the nearest occupied cell, `most_m` at most.

    A thing is somewhere in the cell it occupies: `edge_cells` 0.5 takes the worst for granted, 0 the mean.
    0 in occupied cells.
    """
    steps = kernels.distances(np.ascontiguousarray(occupied), float(most_m / resolution_m + edge_cells))
    steps -= np.float32(edge_cells)
    steps *= np.float32(resolution_m)
    metres: NDArray[np.float32] = np.maximum(steps, np.float32(0.0), out=steps)
    return metres


def patch(frame: Frame, x: float, y: float, radius: float) -> tuple[slice, slice, NDArray[np.float64]]:
    """Return the rows and columns within `radius` of a point, and their distances from it, m."""
    row0, column0 = frame.nearest_cell(x - radius, y - radius)
    row1, column1 = frame.nearest_cell(x + radius, y + radius)
    xs = frame.origin_x + (np.arange(column0, column1 + 1) + 0.5) * frame.resolution_m - x
    ys = frame.origin_y + (np.arange(row0, row1 + 1) + 0.5) * frame.resolution_m - y
    return slice(row0, row1 + 1), slice(column0, column1 + 1), np.hypot(xs[None, :], ys[:, None])


def _add_bump(
    cost: NDArray[np.float32], frame: Frame, x: float, y: float, inner: float, outer: float, weight: float
) -> None:
    """Add `weight` within `inner`, fading to nothing at `outer`."""
    at_x, at_y = float(x - frame.origin_x), float(y - frame.origin_y)
    kernels.add_bump(cost, at_x, at_y, float(inner), float(outer), float(weight), frame.resolution_m)
