"""Costmap, search, recovery and rooms: each against what can be worked out by hand or by a plain slow method."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from robot.geometry import Pose2
from robot.navigation import costmap_kernels, search_kernels
from robot.navigation.costmap import CostmapBuilder, Footprint, Mover, clearance_field
from robot.navigation.grid import Grid
from robot.navigation.recovery import Recovery
from robot.navigation.rooms import Door, Room, RoomGraph
from robot.navigation.search import plan


def slow_dijkstra(cost: NDArray[np.float32], seed: tuple[int, int]) -> NDArray[np.float64]:
    field = np.full(cost.shape, np.inf)
    field[seed] = 0.0
    heap = [(0.0, seed)]
    while heap:
        value, (r, c) = heapq.heappop(heap)
        if value > field[r, c]:
            continue
        for i in range(max(r - 1, 0), min(r + 2, cost.shape[0])):
            for j in range(max(c - 1, 0), min(c + 2, cost.shape[1])):
                length = math.hypot(i - r, j - c)
                new = value + length * 0.5 * (float(cost[r, c]) + float(cost[i, j]))
                if new < field[i, j]:
                    field[i, j] = new
                    heapq.heappush(heap, (new, (i, j)))
    return field


@pytest.mark.parametrize("seed", range(3))
def test_flood_equals_dijkstra(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = (1.0 + 5.0 * rng.random((40, 50))).astype(np.float32)
    cost[rng.random(cost.shape) < 0.3] = np.inf
    cost[20, 20] = 1.0
    start = np.array([20 * 50 + 20], np.int32)
    field = search_kernels.flood(cost, start, np.zeros(1, np.float32), -1, 0.0)
    expected = slow_dijkstra(cost, (20, 20))
    assert np.array_equal(np.isfinite(field), np.isfinite(expected))
    reached = np.isfinite(expected)
    assert np.allclose(field[reached], expected[reached], rtol=1e-4)


def occupancy(size: int = 100) -> NDArray[np.uint8]:
    return np.zeros((size, size), np.uint8)


def test_clearance_is_the_distance_to_the_edge_of_the_nearest_cell() -> None:
    occupied = np.zeros((9, 9), np.bool_)
    occupied[4, 4] = True
    field = clearance_field(occupied, 0.1)
    assert field[4, 4] == 0.0
    assert field[4, 6] == pytest.approx(0.15, abs=1e-6)
    assert clearance_field(np.zeros((3, 3), np.bool_), 0.1).min() >= 8.0


@pytest.mark.parametrize("share", [0.002, 0.05, 0.6, 1.0])
@pytest.mark.parametrize("most_m", [0.5, 100.0])
def test_clearance_is_exact_up_to_what_is_asked_for(share: float, most_m: float) -> None:
    occupied = np.random.default_rng(3).random((60, 90)) < share
    occupied[7, 50] = True
    true = np.maximum(0.1 * distance_transform_edt(~occupied) - 0.05, 0.0)
    found = clearance_field(occupied, 0.1, 0.5, most_m)
    assert found == pytest.approx(np.minimum(true, most_m), abs=1e-5)


def test_looking_at_fewer_circles_finds_the_same_margin() -> None:
    cells = (np.random.default_rng(4).random((100, 100)) < 0.01).astype(np.uint8) * 100
    footprint, enough = Footprint(circles_per_side=6), 0.18
    circles, clearance = footprint.circles(), clearance_field(cells == 100, 0.04)
    rng, scratch, near = np.random.default_rng(5), np.empty(len(footprint.circles())), 0
    for x, y, yaw in rng.uniform((0.5, 0.5, -math.pi), (3.5, 3.5, math.pi), (500, 3)):
        pose = (clearance, x, y, math.cos(yaw), math.sin(yaw), 0.04, circles)
        whole = costmap_kernels.body_margin(*pose, math.inf)
        pose = (clearance, x, y, math.cos(yaw), math.sin(yaw), 1.0 / 0.04, circles)
        assert costmap_kernels.near_margin(*pose, enough, scratch) == pytest.approx(min(whole, enough), abs=1e-9)
        near += whole < enough
    assert near > 100


def test_margin_is_that_of_the_oriented_rectangle() -> None:
    cells = occupancy()
    cells[:, 60] = 100  # a wall at x = 3.0
    grid, builder = Grid.of((0.0, 0.0), 0.05, cells), CostmapBuilder(Footprint(0.42, 0.20))
    costmap = builder.build(grid, Pose2(1.0, 1.0), [])
    for yaw, reach in ((0.0, 0.21), (math.pi / 2, 0.10), (math.pi / 4, math.hypot(0.21, 0.10) * math.cos(0.340))):
        margin = builder.margin(costmap, Pose2(2.5, 2.5, yaw))
        assert margin == pytest.approx(0.5 - reach, abs=0.045)
        assert margin <= 0.5 - reach + 0.03  # circles stand out, they never fall short by more than a cell's blur


def test_path_keeps_clear_of_obstacles_where_there_is_room() -> None:
    cells = occupancy()
    cells[48:52, 20:80] = 100
    builder = CostmapBuilder()
    costmap = builder.build(Grid.of((0.0, 0.0), 0.05, cells), Pose2(2.5, 1.5), [])
    way = plan(costmap, (2.5, 1.5), (2.5, 3.5), 0.1)
    assert way.reaches_goal
    assert math.hypot(way.path[-1][0] - 2.5, way.path[-1][1] - 3.5) <= 0.15
    columns, rows = (way.path[:, 0] / 0.05).astype(int), (way.path[:, 1] / 0.05).astype(int)
    assert costmap.clearance[rows, columns].min() > 0.3
    assert 3.0 < way.length_m < 5.0


def test_path_leads_as_near_as_there_is_a_way_and_beyond_the_window() -> None:
    cells = occupancy()
    cells[:, 50] = 100
    costmap = CostmapBuilder().build(Grid.of((0.0, 0.0), 0.05, cells), Pose2(1.0, 2.5), [])
    shut = plan(costmap, (1.0, 2.5), (4.0, 2.5), 0.1)
    assert not shut.reaches_goal
    assert shut.path[-1][0] == pytest.approx(2.5 - 0.2, abs=0.12)
    beyond = plan(costmap, (1.0, 2.5), (-20.0, 2.5), 0.1)
    assert beyond.reaches_goal
    assert beyond.path[-1][0] < 0.1


def test_path_goes_around_people_and_penalised_places() -> None:
    grid, builder = Grid.of((0.0, 0.0), 0.05, occupancy()), CostmapBuilder()
    free = plan(builder.build(grid, Pose2(1.0, 2.5), []), (1.0, 2.5), (4.0, 2.5), 0.1)
    person = Mover(2.0, 2.5, 0.0, 0.0)
    around = plan(builder.build(grid, Pose2(1.0, 2.5), [person]), (1.0, 2.5), (4.0, 2.5), 0.1)
    builder.penalise([(2.0, 2.5, 0.35, 8.0)])
    avoiding = plan(builder.build(grid, Pose2(1.0, 2.5), []), (1.0, 2.5), (4.0, 2.5), 0.1)
    assert free.length_m < 3.0
    assert around.length_m > free.length_m + 0.05
    assert avoiding.length_m > free.length_m + 0.02


def test_who_only_just_stopped_is_less_of_an_obstacle() -> None:
    grid, builder = Grid.of((0.0, 0.0), 0.05, occupancy()), CostmapBuilder()

    def beside(stood_s: float) -> float:
        costmap = builder.build(grid, Pose2(1.0, 2.5), [Mover(2.0, 2.5, 0.0, 0.0, stood_s=stood_s)])
        return float(costmap.cost[grid.frame.nearest_cell(2.0, 2.8)])

    assert beside(0.5) + 15.0 < beside(4.0) == beside(60.0)


def test_a_wedged_body_is_noticed_soon_even_beside_people() -> None:
    def begins(*, wedged: bool) -> float:
        recovery, t = Recovery(), 0.0
        while (
            recovery.update(t, Pose2(), (3.0, 0.0), wants_to_move=True, mover_near=True, wedged=wedged, heading=0.0)
            == "none"
        ):
            t += 0.05
        return t

    assert begins(wedged=True) < 1.5
    assert begins(wedged=False) > 5.0


def test_recovery_counts_up_to_its_bound_and_then_gives_up() -> None:
    recovery, pose, seen = Recovery(), Pose2(), set()
    for i in range(4000):
        seen.add(recovery.update(0.05 * i, pose, (3.0, 0.0), wants_to_move=True, mover_near=False, heading=0.0))
    assert recovery.count == recovery.config.attempts
    assert seen == {"none", "back_out", "turn", "give_up"}
    weights = [p[3] for p in recovery.penalties]
    assert weights == [weights[0] * 2.0**k for k in range(len(weights))]


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_backing_out_leads_back_the_way_the_robot_came_also_when_it_had_reversed(way: float) -> None:
    recovery, t = Recovery(), 0.0
    for x in np.linspace(-way, 0.0, 51):  # heading along x all the time
        recovery.update(t, Pose2(x, 0.0), (way, 0.0), wants_to_move=True, mover_near=False, heading=0.0)
        t += 0.05
    doing = "none"
    while doing == "none":
        doing = recovery.update(t, Pose2(), (way, 0.0), wants_to_move=True, mover_near=False, heading=0.0)
        t += 0.05
    for out in (0.0, 0.2, recovery.config.back_out_m - 0.01):
        doing = recovery.update(
            t, Pose2(-way * out, 0.0), (way, 0.0), wants_to_move=True, mover_near=False, heading=0.0
        )
        back_to = recovery.crumb_back()
        assert doing == "back_out"
        assert back_to is not None
        assert way * (back_to.x - -way * out) < 0.0


def test_recovery_leaves_a_moving_robot_and_a_resting_one_alone() -> None:
    recovery = Recovery()
    for i in range(400):
        doing = recovery.update(
            0.05 * i, Pose2(0.02 * i, 0.0), (30.0, 0.0), wants_to_move=True, mover_near=False, heading=0.0
        )
        assert doing == "none"
    recovery.rest()
    doing = recovery.update(40.0, Pose2(8.0, 0.0), (30.0, 0.0), wants_to_move=True, mover_near=False, heading=0.0)
    assert doing == "none"


def test_recovery_starts_anew_when_the_goal_moves() -> None:
    recovery, pose = Recovery(), Pose2()
    for i in range(4000):
        recovery.update(0.05 * i, pose, (3.0, 0.0), wants_to_move=True, mover_near=False, heading=0.0)
    tried = recovery.penalties
    for i in range(20):
        doing = recovery.update(200.0 + 0.05 * i, pose, (0.0, 3.0), wants_to_move=True, mover_near=False, heading=0.0)
        assert doing == "none"
    assert recovery.penalties == tried  # what could not be passed is not tried at once on the way to another goal
    away = recovery.config.penalty_forget_s + 1.0
    recovery.update(200.0 + away, pose, (0.0, 3.0), wants_to_move=False, mover_near=False, heading=0.0)
    assert recovery.penalties == []


def home() -> RoomGraph:
    rooms = [
        Room("hall", ((0, 0), (6, 0), (6, 2), (0, 2))),
        Room("kitchen", ((0, 2), (3, 2), (3, 5), (0, 5))),
        Room("bedroom", ((3, 2), (6, 2), (6, 5), (3, 5))),
        Room("closet", ((6, 0), (7, 0), (7, 2), (6, 2))),
    ]
    doors = [
        Door(("hall", "kitchen"), 1.5, 2.0),
        Door(("hall", "bedroom"), 4.5, 2.0),
        Door(("kitchen", "bedroom"), 3.0, 4.5),
        Door(("hall", "closet"), 6.0, 1.0, width_m=0.3),
    ]
    return RoomGraph(rooms, doors)


def test_rooms_know_what_is_where_and_through_which_door_to_go() -> None:
    graph = home()
    assert graph.room_of(1.0, 3.0) == "kitchen"
    assert graph.room_of(9.0, 9.0) is None
    route = graph.route("kitchen", "bedroom")
    assert route is not None
    assert [(d.x, d.y) for d in route] == [(3.0, 4.5)]
    assert graph.route("hall", "hall") == []
    assert graph.route("hall", "closet") is None
    assert graph.route("hall", "garden") is None


def test_a_door_to_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room 'attic'"):
        RoomGraph([Room("hall", ((0, 0), (1, 0), (1, 1)))], [Door(("hall", "attic"), 0, 0)])
