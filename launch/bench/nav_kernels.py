"""`launch bench kernels`: our search and controllers beside known ones, on the same grids, in one run.

Search: a way across 400 x 400 weighted cells by networkx (Dijkstra), scikit-image (route_through_array), OMPL
(RRT-Connect, which knows no weights) and our flood. Control: a whole cycle from a scan of 720 beams to a twist, with
MPPI and with our DWA, both as `launch bench nav` sets them. Peers are an extra (`pip install housemate[bench]`); one
that is missing is left out and said so.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launch.bench.bars import bar_line
from launch.bench.nav_peers import PEERS
from launch.navigate import MAP, PLANNER
from robot.geometry import Pose2
from robot.navigation import search_kernels
from robot.navigation.control import Limits, State
from robot.navigation.costmap import Footprint
from robot.navigation.mapping import LocalMapper, Mount
from robot.navigation.navigator import Goal, Navigator
from robot.rng import spawn
from sim.raycast import RayScene
from worlds.shapes import shapes_of
from worlds.suites.clutter import clutter_world

Cost = NDArray[np.float32]
Cell = tuple[int, int]
CELLS = 400
BEAMS = 720
CYCLES = 300
CYCLE_MS, SEARCH_MS = 15.0, 10.0  # the bars
START: Cell = (20, 20)
GOAL: Cell = (CELLS - 21, CELLS - 21)


def grids(count: int) -> list[Cost]:
    """Return weighted grids (400, 400), inf where closed, each with a way from corner to corner."""
    found: list[Cost] = []
    seed = 0
    while len(found) < count:
        rng = spawn(seed, "bench/kernels")
        cost = rng.uniform(1.0, 4.0, (CELLS, CELLS)).astype(np.float32)
        for _ in range(160):
            row, column = rng.integers(0, CELLS - 40, 2)
            tall, wide = rng.integers(5, 40, 2)
            cost[row : row + tall, column : column + wide] = np.inf
        for cell in (START, GOAL):
            cost[cell[0] - 3 : cell[0] + 4, cell[1] - 3 : cell[1] + 4] = 1.0
        seed += 1
        if np.isfinite(_flood(cost)[START]):
            found.append(cost)
    return found


def ours(cost: Cost) -> list[Cell]:
    """Return the way our search finds: a flood from the goal that stops at the start, and down its field."""
    return [(int(r), int(c)) for r, c in search_kernels.descend(_flood(cost), cost, *START)]


def _flood(cost: Cost) -> Cost:
    seed = np.array([GOAL[0] * CELLS + GOAL[1]], np.int32)
    field: Cost = search_kernels.flood(cost, seed, np.zeros(1, np.float32), START[0] * CELLS + START[1], 0.0)
    return field


def way_cost(cost: Cost, way: list[Cell]) -> float:
    """Return the cost of a way of neighbouring cells: length of each step times the mean of its two cells."""
    rows, columns = np.array(way).T
    along = np.hypot(np.diff(rows), np.diff(columns))
    here = cost[rows, columns]
    return float((along * 0.5 * (here[1:] + here[:-1])).sum())


def search_rows(count: int, repeats: int) -> list[dict[str, Any]]:
    """Return one row per searcher: median and worst milliseconds, and cost over the least found."""
    fields = grids(count)
    searchers: dict[str, Callable[[Cost], Callable[[], list[Cell]]]] = {"ours": lambda cost: lambda: ours(cost)}
    missing = []
    for name, prepare in PEERS.items():
        try:
            prepare(fields[0], START, GOAL)
            searchers[name] = lambda cost, prepare=prepare: prepare(cost, START, GOAL)  # type: ignore[misc]
        except ImportError as error:
            missing.append({"what": name, "missing": str(error)})
    ours(fields[0])  # compiled, or loaded
    taken: dict[str, list[float]] = {name: [] for name in searchers}
    costs: dict[str, list[float]] = {name: [] for name in searchers}
    for cost in fields:
        for name, prepared in searchers.items():
            search = prepared(cost)
            for _ in range(repeats if name != "networkx" else 1):
                started = time.perf_counter()
                way = search()
                taken[name].append(1000.0 * (time.perf_counter() - started))
            costs[name].append(way_cost(cost, way) if way else np.inf)
    least = [min(values) for values in zip(*costs.values(), strict=True)]
    rows = [
        {
            "what": name,
            "ms_median": statistics.median(taken[name]),
            "ms_worst": max(taken[name]),
            "cost_over_least": statistics.mean(c / m for c, m in zip(costs[name], least, strict=True)),
        }
        for name in searchers
    ]
    return rows + missing


def bars(search: list[dict[str, Any]], control: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a line per bar: metric, rule, the bar, what was reached, held or not; none for peers that are missing."""
    took = {row["what"]: row["ms_median"] for row in search if "missing" not in row}
    lines = [
        ("control cycle with mppi, 99 % ms", "at most", CYCLE_MS, control[0]["ms_p99"]),
        ("our search, median ms", "at most", SEARCH_MS, took["ours"]),
    ]
    for peer, bar in (("networkx", 100.0), ("scikit-image", 1.0)):
        if peer in took:
            lines.append((f"search, {peer} / ours", "at least", bar, took[peer] / took["ours"]))
    return [bar_line(*line) for line in lines]


def control_rows() -> list[dict[str, Any]]:
    """Return one row per controller: milliseconds of cycles from scan to twist, driving through level-5 clutter."""
    return [_cycles("mppi"), _cycles("dwa")]


def _cycles(controller: str) -> dict[str, Any]:
    """Drive a perfect base: what counts here is the time a cycle takes, not how well it drives."""
    world = clutter_world(5, 0)
    rays = RayScene(shapes_of(world))
    mapper = LocalMapper(MAP, Mount(z=0.18))
    limits = Limits(-0.3, 1.0, 2.0, 1.5, 1.5, 4.0)
    footprint = Footprint(circles_per_side=PLANNER.circles_per_side)
    navigator = Navigator(PLANNER, controller, footprint, limits, spawn(0, "bench"))  # type: ignore[arg-type]
    increment = 2.0 * np.pi / BEAMS
    angles = -np.pi + increment * np.arange(BEAMS)
    fan = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert world.goal is not None
    goal, pose, v, omega = Goal(*world.goal), Pose2(*world.drivers[0].start), 0.0, 0.0
    taken, dt = [], 0.05
    for cycle in range(CYCLES):
        turn = np.array(
            [[np.cos(pose.yaw), -np.sin(pose.yaw), 0], [np.sin(pose.yaw), np.cos(pose.yaw), 0], [0, 0, 1.0]]
        )
        ranges = rays.fan(np.array([pose.x, pose.y, 0.18]), turn, fan, -np.pi, increment, 8.0).astype(np.float32)
        started = time.perf_counter()
        mapper.move_to(pose, np.zeros((0, 2)))
        mapper.add_scan(ranges, -np.pi, increment, (0.1, 8.0), pose)
        decision = navigator.step(
            cycle * dt, State(pose.x, pose.y, pose.yaw, v, omega), mapper.grid(cycle * dt), goal, []
        )
        taken.append(1000.0 * (time.perf_counter() - started))
        v, omega = decision.v, decision.omega
        pose = pose * Pose2(v * dt, 0.0, omega * dt)
    steady = sorted(taken[20:])  # the first cycles load compiled code
    return {
        "what": f"cycle with {controller}",
        "ms_median": statistics.median(steady),
        "ms_p99": float(np.percentile(steady, 99)),
        "ms_worst": steady[-1],
    }
