"""The local map: what stands around the robot at any height its body occupies, in odom, from lidar and depth.

The one idea: each sensor keeps a layer of its own. Lidar rays clear only what the lidar saw, and a depth column is
cleared only when the camera sees through it at the very heights where it was hit, so a table's edge or a shoe outlives
the free lidar ray beneath or above it. What the lidar calls free but no camera nor wheel has been over is told apart:
a shoe may lie there. Cells of tracked people are kept out of both layers: they are movers. All depth sensors write into
one layer; each knows only where it sits and how far it reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robot.bounds import AtLeastOne, AtLeastZero, Positive, Whole
from robot.geometry import Pose2
from robot.navigation import mapping_kernels as kernels
from robot.navigation.grid import Grid, RollingWindow, rolled

FLOOR_COLUMNS = 26  # of a depth image, at least so many tell where the floor is

FREE, UNSEEN, OCCUPIED, UNKNOWN = 0, 50, 100, 255  # unseen: free for the lidar, the floor never looked at


@dataclass(frozen=True)
class MappingConfig:
    """Metres and seconds. Defaults fit the rover."""

    size_m: AtLeastOne = 8.0
    resolution_m: Positive = 0.05
    lidar_hit: AtLeastZero = 0.85  # log-odds
    lidar_miss: AtLeastZero = 0.4
    lidar_lowest: float = -1.0
    lidar_highest: AtLeastZero = 2.4  # five crossing scans clear a cell
    lidar_occupied: AtLeastZero = 0.5
    lidar_clear_m: AtLeastZero = 6.0  # how far a ray without return clears
    depth_max_m: AtLeastZero = 3.5
    obstacle_low_m: AtLeastZero = 0.015  # lower things are floor
    obstacle_low_per_m: AtLeastZero = 0.003  # depth noise grows with distance
    obstacle_high_m: AtLeastZero = 1.1  # higher things pass over the mast
    drop_m: float = -0.05
    drop_per_m: float = -0.02
    depth_hit_px: Positive = 28.0  # evidence of a pixel is this over the focal length; a frame gives a cell at most 1
    depth_miss: AtLeastZero = 0.5  # taken away by a frame that sees through
    depth_occupied: AtLeastZero = 1.5
    depth_highest: AtLeastZero = 4.0
    depth_margin_m: AtLeastZero = 0.15  # how far behind a column the camera must see to clear it
    depth_forget_s: AtLeastZero = 25.0
    cliff_forget_s: AtLeastZero = 90.0
    bumper_forget_s: AtLeastZero = 15.0  # it may have been somebody
    mark_radius_m: AtLeastZero = 0.06
    person_radius_m: AtLeastZero = 0.35
    inside_radius_m: AtLeastZero = 0.18  # cells under the robot itself are free
    known_radius_m: AtLeastZero = 0.35  # about where it was put down, the floor is known
    floor_known_m: AtLeastZero = 2.0  # from the robot
    floor_spacing_m: Positive = 0.08  # where a frame's pixels lie farther apart it may miss what lies there
    floor_reach_cells: Whole = 1  # a floor pixel speaks for cells this near


@dataclass(frozen=True)
class Mount:
    """Where a sensor sits on base_link. Pitch is positive looking down (rotation about y, REP 103)."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    reach_m: float = math.inf  # of a depth sensor: what it says beyond is not used


@dataclass
class _Columns:
    """The depth layer: evidence per cell, the span of heights that was hit, and when."""

    evidence: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    seen_s: NDArray[np.float32]

    def roll(self, moved: tuple[int, int]) -> None:
        for name in ("evidence", "low", "high", "seen_s"):
            setattr(self, name, rolled(getattr(self, name), moved, 0.0))


@dataclass
class LocalMapper:
    """Rolling occupancy. Add readings with the robot's pose in odom at their stamp, then take `grid()`."""

    config: MappingConfig = field(default_factory=MappingConfig)
    lidar: Mount = field(default_factory=lambda: Mount(z=0.18))
    camera: Mount = field(default_factory=lambda: Mount(z=0.9, pitch=math.radians(12.0)))
    """The depth sensor that `add_depth` means when no other is named."""

    def __post_init__(self) -> None:
        c = self.config
        self.window = RollingWindow(c.size_m, c.resolution_m)
        shape = (self.window.cells, self.window.cells)
        self._log_odds = np.zeros(shape, np.float32)
        self._columns = _Columns(*(np.zeros(shape, np.float32) for _ in range(4)))
        self._marked_until_s = np.full(shape, -np.inf, np.float32)
        self._blocked = np.zeros(shape, np.uint8)
        self._touched = np.zeros(shape, np.uint8)
        self._floor_known: NDArray[np.uint8] | None = None
        self._pose = Pose2()
        self._lidar_model = np.array([c.lidar_hit, c.lidar_miss, c.lidar_lowest, c.lidar_highest])
        self._heights = np.array([c.obstacle_low_m, c.obstacle_low_per_m, c.obstacle_high_m, c.drop_m, -c.drop_per_m])
        self._depth_model = np.array([0.0, c.depth_miss, c.depth_highest, c.depth_margin_m, c.depth_forget_s])

    def move_to(self, pose: Pose2, people: NDArray[np.float64]) -> None:
        """Centre the window on the robot and take note of people, (P, 2) odom x and y (m), seen just now."""
        self._pose = pose
        moved = self.window.centre_on(pose.x, pose.y)
        self._log_odds = rolled(self._log_odds, moved, 0.0)
        self._columns.roll(moved)
        self._marked_until_s = rolled(self._marked_until_s, moved, -np.inf)
        if self._floor_known is None:
            self._floor_known = np.zeros(self._log_odds.shape, np.uint8)
            self._floor_known[self._disc(pose.x, pose.y, self.config.known_radius_m)] = 1
        self._floor_known = rolled(self._floor_known, moved, 0)
        self._blocked[:] = 0
        for x, y in people:
            self._blocked[self._disc(x, y, self.config.person_radius_m)] = 1
        own = self._disc(pose.x, pose.y, self.config.inside_radius_m)
        self._blocked[own] = 1
        self._floor_known[own] = 1
        self._log_odds[own] = self.config.lidar_lowest

    def add_scan(
        self,
        ranges: NDArray[np.float32],
        angle_min: float,
        angle_increment: float,
        range_limits: tuple[float, float],
        pose: Pose2,
    ) -> int:
        """Add one lidar turn, taken at `pose`. Returns the number of rays with a return in range."""
        frame = self.window.frame
        at = pose * Pose2(self.lidar.x, self.lidar.y, self.lidar.yaw)
        return int(
            kernels.integrate_scan(
                self._log_odds,
                self._touched,
                self._blocked,
                np.ascontiguousarray(ranges, np.float32),
                at.yaw + angle_min + angle_increment * np.arange(len(ranges)),
                at.x - frame.origin_x,
                at.y - frame.origin_y,
                range_limits[0],
                range_limits[1],
                self.config.lidar_clear_m,
                frame.resolution_m,
                self._lidar_model,
            )
        )

    def add_depth(
        self,
        depth_mm: NDArray[np.uint16],
        intrinsics: tuple[float, float, float, float],
        pose: Pose2,
        t_s: float,
        mount: Mount | None = None,
    ) -> None:
        """Add one depth image (H, W) mm with (fx, fy, cx, cy) px, taken at `pose` and time `t_s` from `mount`."""
        mount = self.camera if mount is None else mount
        depth = np.ascontiguousarray(depth_mm, np.uint16)
        rotation, position = self._sensor_in_grid(pose, mount)
        lens = np.array(intrinsics, np.float64)
        farthest = min(self.config.depth_max_m, mount.reach_m)
        rows, columns = self._within(position, farthest)
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        if min(shape) <= 0:
            return
        resolution = self.config.resolution_m
        position -= (columns.start * resolution, rows.start * resolution, 0.0)
        hits, floor, drops = (np.zeros(shape, np.uint16) for _ in range(3))
        low, high = np.empty(shape, np.float32), np.empty(shape, np.float32)
        stride = max(depth.shape[1] // FLOOR_COLUMNS, 1)
        plane = kernels.fit_floor(depth, lens, rotation, position, farthest, stride)
        kernels.bin_depth(
            depth, lens, rotation, position, plane, resolution, farthest, self._heights, hits, low, high, floor, drops
        )
        self._learn_floor(floor, (rows, columns), pose, self._dense_to(mount.z, intrinsics[1]))
        model = self._depth_model.copy()
        model[0] = self.config.depth_hit_px / intrinsics[0]  # coarse pixels are fewer and count for more
        own = self._columns
        kernels.update_columns(
            own.evidence, own.low, own.high, own.seen_s, self._blocked,
            (rows.start, columns.start), hits, low, high, floor, drops,
            depth, lens, rotation, position, plane, resolution, t_s, model,
        )  # fmt: skip

    def _within(self, position: NDArray[np.float64], reach_m: float) -> tuple[slice, slice]:
        """Return the rows and columns of the grid that a sensor at `position` (m, grid axes) can speak of."""
        size, cells = self.config.resolution_m, self.window.cells
        column, row, reach = math.floor(position[0] / size), math.floor(position[1] / size), math.ceil(reach_m / size)
        return (
            slice(max(row - reach, 0), min(row + reach + 1, cells)),
            slice(max(column - reach, 0), min(column + reach + 1, cells)),
        )

    def _dense_to(self, height_m: float, focal_px: float) -> float:
        """Return how far (m) from the sensor's foot its pixels lie near enough together on the floor."""
        square = self.config.floor_spacing_m * height_m * focal_px - height_m**2  # spacing: (r² + h²) / (h f)
        return min(self.config.floor_known_m, math.sqrt(max(square, 0.0)))

    def _learn_floor(self, floor: NDArray[np.uint16], part: tuple[slice, slice], pose: Pose2, reach_m: float) -> None:
        """Take note of the cells whose floor this frame shows, and those just beside them."""
        if self._floor_known is None:
            return
        frame, (rows, columns) = self.window.frame, part
        kernels.learn_floor(
            self._floor_known, floor, frame.origin_x, frame.origin_y, frame.resolution_m,
            (rows.start, columns.start), pose.x, pose.y, reach_m**2, self.config.floor_reach_cells,
        )  # fmt: skip

    def mark(self, x: float, y: float, until_s: float) -> None:
        """Make a small disc lethal until `until_s`: something was felt here (odom, m) that no ray shows."""
        self._marked_until_s[self._disc(x, y, self.config.mark_radius_m)] = until_s

    def grid(self, t_s: float) -> Grid:
        """Return uint8 occupancy (0 free, 50 free but its floor unseen, 100 occupied, 255 unknown), in odom."""
        c = self.config
        known = np.ones_like(self._blocked) if self._floor_known is None else self._floor_known
        cells: NDArray[np.uint8] = kernels.occupancy(
            self._log_odds, self._columns.evidence, self._blocked, known, self._marked_until_s,
            np.float32(t_s), c.lidar_occupied, c.depth_occupied, (FREE, UNSEEN, OCCUPIED, UNKNOWN),
        )  # fmt: skip
        own = self._disc(self._pose.x, self._pose.y, c.inside_radius_m)
        cells[own] = np.where(self._log_odds[own] == 0.0, UNKNOWN, np.where(known[own] == 0, UNSEEN, FREE))
        return Grid(self.window.frame, cells)

    def _disc(self, x: float, y: float, radius_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        frame = self.window.frame
        reach = math.ceil(radius_m / frame.resolution_m)
        row0, column0 = frame.cell(x, y)
        rows = np.arange(max(row0 - reach, 0), min(row0 + reach + 1, frame.rows))
        columns = np.arange(max(column0 - reach, 0), min(column0 + reach + 1, frame.columns))
        dy = frame.origin_y + (rows + 0.5) * frame.resolution_m - y
        dx = frame.origin_x + (columns + 0.5) * frame.resolution_m - x
        inside = dy[:, None] ** 2 + dx[None, :] ** 2 <= radius_m**2
        i, j = np.nonzero(inside)
        return rows[i], columns[j]

    def _sensor_in_grid(self, pose: Pose2, mount: Mount) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the optical axes as columns (3, 3) and the place (3,) of a sensor in the grid's axes."""
        frame = self.window.frame
        at = pose * Pose2(mount.x, mount.y, mount.yaw)
        c, s = math.cos(at.yaw), math.sin(at.yaw)
        cp, sp = math.cos(mount.pitch), math.sin(mount.pitch)
        rotation = np.array([[s, -sp * c, cp * c], [-c, -sp * s, cp * s], [0.0, -cp, -sp]])
        return rotation, np.array([at.x - frame.origin_x, at.y - frame.origin_y, mount.z])
