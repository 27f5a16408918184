"""The local map: rays and depth mark and clear each their own layer; bad data and people leave no trace."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from robot.geometry import Pose2
from robot.navigation.grid import Grid, RollingWindow, rolled
from robot.navigation.mapping import FREE, OCCUPIED, UNKNOWN, UNSEEN, LocalMapper
from robot.navigation.poses import PoseBuffer

RAYS = 360
NOBODY = np.zeros((0, 2))
HEIGHT, WIDTH = 120, 160
FOCAL = WIDTH / 2 / math.tan(0.61)
LENS = (FOCAL, FOCAL, (WIDTH - 1) / 2, (HEIGHT - 1) / 2)


def scan(mapper: LocalMapper, ranges: NDArray[np.float32], pose: Pose2, times: int = 1) -> None:
    for _ in range(times):
        mapper.add_scan(ranges, -math.pi, 2 * math.pi / RAYS, (0.1, 8.0), pose)


def circle(radius: float) -> NDArray[np.float32]:
    return np.full(RAYS, radius, np.float32)


def depth_of(
    mapper: LocalMapper,
    boxes: list[tuple[float, float, float, float, float]],
    floor: float = 0.0,
    floor_ends: float = 100.0,
    tilt: float = 0.0,
) -> NDArray[np.uint16]:
    """Return what the camera at the origin sees: a floor, and boxes x0, x1, y0, y1, height on it.

    Beyond `floor_ends` the floor lies at `floor`; `tilt` is added to the mount's pitch.
    """
    p, z0 = mapper.camera.pitch + tilt, mapper.camera.z
    v, u = np.mgrid[:HEIGHT, :WIDTH]
    a, b = (u - LENS[2]) / FOCAL, (v - LENS[3]) / FOCAL
    rays = np.stack([math.cos(p) - math.sin(p) * b, -a, -math.sin(p) - math.cos(p) * b], -1)  # per metre of depth
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = -z0 / rays[..., 2]
        upper[(upper < 0) | (upper * rays[..., 0] > floor_ends)] = np.inf
        lower = (floor - z0) / rays[..., 2]
        lower[lower < 0] = np.inf
        depth = np.minimum(upper, lower if math.isfinite(floor_ends) else np.inf)
        for x0, x1, y0, y1, height in boxes:
            low, high = np.zeros(depth.shape), np.full(depth.shape, np.inf)
            for axis, (lo, hi) in enumerate(((x0, x1), (y0, y1), (-z0, height - z0))):
                t0, t1 = lo / rays[..., axis], hi / rays[..., axis]
                low, high = np.maximum(low, np.minimum(t0, t1)), np.minimum(high, np.maximum(t0, t1))
            depth = np.where((low < high) & (low > 0), np.minimum(depth, low), depth)
    return np.where(depth < 6.0, np.round(depth * 1000), 0).astype(np.uint16)


def look(mapper: LocalMapper, depth: NDArray[np.uint16], t_s: float = 0.0, times: int = 5) -> None:
    for i in range(times):
        mapper.add_depth(depth, LENS, Pose2(), t_s + 0.1 * i)


def near(grid: Grid, x: float, y: float, reach: int = 1) -> bool:
    row, column = grid.frame.cell(x, y)
    patch = grid.data[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return bool((patch == OCCUPIED).any())


def mapper_at(pose: Pose2 = Pose2(), people: NDArray[np.float64] = NOBODY) -> LocalMapper:  # noqa: B008
    mapper = LocalMapper()
    mapper.move_to(pose, people)
    return mapper


def test_a_scan_marks_its_ends_and_frees_what_lies_before() -> None:
    pose = Pose2(1.0, -2.0, 0.7)
    mapper = mapper_at(pose)
    scan(mapper, circle(2.0), pose)
    grid = mapper.grid(0.0)
    for bearing in np.linspace(0, 2 * math.pi, 12):
        c, s = math.cos(bearing), math.sin(bearing)
        assert near(grid, 1.0 + 2.0 * c, -2.0 + 2.0 * s)
        assert grid.at(1.0 + 1.0 * c, -2.0 + 1.0 * s, None) == UNSEEN
    assert grid.at(1.0 + 3.0, -2.0, None) == UNKNOWN


def test_nan_rays_change_nothing_and_infinite_ones_clear() -> None:
    mapper = mapper_at()
    scan(mapper, np.full(RAYS, np.nan, np.float32), Pose2(), 5)
    untouched = mapper.grid(0.0).data
    assert (untouched[untouched != FREE] == UNKNOWN).all()
    scan(mapper, circle(np.inf), Pose2(), 1)
    assert mapper.grid(0.0).at(1.5, 0.01, None) == UNSEEN


def test_floor_is_free_once_a_camera_or_a_wheel_has_been_over_it() -> None:
    mapper = mapper_at()
    scan(mapper, circle(3.0), Pose2())
    assert mapper.grid(0.0).at(1.8, 0.01, None) == UNSEEN
    look(mapper, depth_of(mapper, []), times=1)
    grid = mapper.grid(0.0)
    assert grid.at(1.8, 0.01, None) == FREE
    assert grid.at(2.5, 0.01, None) == UNSEEN
    assert grid.at(-1.0, 0.01, None) == UNSEEN
    for x in np.arange(0.0, -1.5, -0.1):
        mapper.move_to(Pose2(float(x), 0.0), NOBODY)
    assert mapper.grid(0.0).at(-1.0, 0.01, None) == FREE
    assert mapper.grid(0.0).at(-1.0, 0.5, None) == UNSEEN


def test_what_walks_away_is_cleared_within_a_second() -> None:
    mapper = mapper_at()
    scan(mapper, circle(2.0), Pose2(), 20)
    scan(mapper, circle(3.0), Pose2(), 10)
    grid = mapper.grid(0.0)
    assert not near(grid, 2.0, 0.0)
    assert near(grid, 3.0, 0.0)


def test_cells_of_people_are_kept_free() -> None:
    mapper = mapper_at(people=np.array([[2.0, 0.0]]))
    scan(mapper, circle(2.0), Pose2(), 3)
    grid = mapper.grid(0.0)
    assert not near(grid, 2.0, 0.0)
    assert near(grid, 0.0, 2.0)


def test_depth_sees_a_shoe_and_a_table_edge_that_the_lidar_clears() -> None:
    mapper = mapper_at()
    shoe, table = (1.6, 1.9, -0.3, -0.2, 0.08), (2.0, 2.6, 0.2, 0.8, 0.75)
    look(mapper, depth_of(mapper, [shoe, table]))
    scan(mapper, circle(4.0), Pose2(), 20)
    grid = mapper.grid(0.5)
    assert near(grid, 1.62, -0.25)
    assert near(grid, 2.02, 0.5)
    assert grid.at(1.4, 0.0, None) == FREE


def test_depth_clears_what_the_camera_sees_through() -> None:
    mapper = mapper_at()
    box = (1.6, 1.9, -0.2, 0.2, 0.5)
    look(mapper, depth_of(mapper, [box]))
    assert near(mapper.grid(0.5), 1.62, 0.0)
    look(mapper, depth_of(mapper, []), 0.5, times=10)
    assert not (mapper.grid(1.5).data == OCCUPIED).any()


def test_what_is_out_of_view_is_forgotten_late() -> None:
    mapper = mapper_at()
    look(mapper, depth_of(mapper, [(1.6, 1.9, -0.2, 0.2, 0.1)]))
    away = np.zeros((HEIGHT, WIDTH), np.uint16)
    look(mapper, away, 10.0)
    assert near(mapper.grid(10.5), 1.62, 0.0)
    look(mapper, away, 40.0)
    assert not near(mapper.grid(40.5), 1.62, 0.0)


def test_a_step_down_is_an_obstacle_at_its_edge() -> None:
    mapper = mapper_at()
    look(mapper, depth_of(mapper, [], floor=-0.15, floor_ends=2.0))
    grid = mapper.grid(0.5)
    assert near(grid, 2.05, 0.0)
    assert grid.at(1.7, 0.0, None) != OCCUPIED


@pytest.mark.parametrize("tilt", [-0.02, 0.02])
def test_a_floor_seen_by_a_tilted_body_is_no_obstacle(tilt: float) -> None:
    mapper = mapper_at()
    look(mapper, depth_of(mapper, [], tilt=tilt))
    assert not (mapper.grid(0.5).data == OCCUPIED).any()


def test_marks_last_for_their_time_and_the_window_rolls_by_whole_cells() -> None:
    mapper = mapper_at()
    mapper.mark(0.6, 0.0, 5.0)
    mapper.move_to(Pose2(1.0, 0.33), NOBODY)
    assert near(mapper.grid(1.0), 0.6, 0.0)
    assert not near(mapper.grid(6.0), 0.6, 0.0)


@pytest.mark.parametrize("moved", [(0, 0), (3, -2), (-50, 0), (7, 7)])
def test_rolling_keeps_what_stays_and_fills_what_enters(moved: tuple[int, int]) -> None:
    data = np.arange(64, dtype=np.float32).reshape(8, 8)
    result = rolled(data, moved, -1.0)
    for row in range(8):
        for column in range(8):
            old = row + moved[0], column + moved[1]
            kept = 0 <= old[0] < 8 and 0 <= old[1] < 8
            assert result[row, column] == (data[old] if kept else -1.0)


def test_world_and_cell_agree() -> None:
    window = RollingWindow(4.0, 0.05)
    window.centre_on(-3.21, 7.77)
    frame = window.frame
    row, column = frame.cell(-3.21, 7.77)
    x, y = frame.centre(row, column)
    assert abs(x + 3.21) <= 0.025 + 1e-9
    assert abs(y - 7.77) <= 0.025 + 1e-9
    assert (row, column) == (40, 40)


def test_poses_are_interpolated_across_the_turn_of_the_angle() -> None:
    buffer = PoseBuffer()
    buffer.append(0, Pose2(0.0, 0.0, math.pi - 0.1))
    buffer.append(100, Pose2(1.0, 2.0, -math.pi + 0.1))
    middle = buffer.at(50)
    assert middle is not None
    assert (middle.x, middle.y) == (0.5, 1.0)
    assert abs(abs(middle.yaw) - math.pi) < 1e-9
    assert buffer.at(-1) is None
    assert buffer.at(500) == Pose2(1.0, 2.0, -math.pi + 0.1)
