"""What an episode of navigation is: a world, a start, a goal, and what makes it hard. World and seed decide it all.

Worlds of the suites have names with colons (`clutter:3:17`, `hazards:shoe:4`, `barn:FILE:12`); every other name is a
home or a home file, whose goal stands in the file or is drawn from the seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from robot.rng import spawn
from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.grid import ROVER, grid_of
from worlds.routes import RouteError, length, routes_from
from worlds.schema import World
from worlds.suites.barn import path_length

Pose = tuple[float, float, float]
Point = tuple[float, float]

TURNING_M = 0.32  # radius that starts and goals keep free: room to turn
WIDTH_M = {"rover": 0.40, "jackal": 0.33}
SHORTEST_M = 4.0  # of ways drawn by chance
ATTEMPTS = 400
BARN_LIMIT_S, BARN_RADIUS_M = 100.0, 1.0  # the challenge's own rules


@dataclass(frozen=True)
class Conditions:
    """What else makes an episode hard. Seconds; shares."""

    slippery: bool = False
    slip_from_s: float | None = None  # wheels on soap for `slip_s` from here
    slip_s: float = 3.0
    delay_s: float = 0.0  # scans and depth come so much later
    lidar_dropout: float | None = None


@dataclass(frozen=True)
class Task:
    """One episode of navigation. Map frame, m, rad, s."""

    world: str
    seed: int
    robot: str
    start: Pose
    goal: Point
    reference_m: float
    """Length of the shortest way that the body fits through."""
    radius_m: float
    """How near to the goal counts as there."""
    limit_s: float
    conditions: Conditions = Conditions()


@lru_cache(maxsize=64)
def task_of(name: str, seed: int) -> Task:
    """Return the episode that a world's name and a seed stand for.

    Raises:
        WorldError: no such world, no robot in it, or no way for the robot.
    """
    world = load_world(name)
    robot = world.drivers[0] if world.drivers else None
    if world.goal is None:
        start, goal = drawn(world, seed)
        kind = "rover"
    elif robot is None:
        raise WorldError(f"{name}: has a goal, but no robot in 'robots' that starts from somewhere")
    else:
        start, goal, kind = (*robot.start, math.radians(robot.yaw_deg)), world.goal, robot.kind
    if name.startswith("barn:"):
        file, _, index = name[5:].rpartition(":")
        reference = path_length(file, int(index))
    else:
        reference = reference_length(world, start, goal, WIDTH_M.get(kind, 0.40))
    if kind == "jackal":
        return Task(name, seed, kind, start, goal, reference, BARN_RADIUS_M, BARN_LIMIT_S)
    return Task(name, seed, kind, start, goal, reference, 0.35, 20.0 + 6.0 * reference, conditions_of(name))


def conditions_of(name: str) -> Conditions:
    """Return what a hazard's name adds to its world."""
    from worlds.suites.hazards import CONDITIONS

    return CONDITIONS.get(name.split(":")[1], Conditions()) if name.startswith("hazards:") else Conditions()


def drawn(world: World, seed: int) -> tuple[Pose, Point]:
    """Return start and goal in a home, both with room to turn, some way apart, by chance.

    Raises:
        WorldError: no such pair was found.
    """
    rng = spawn(seed, f"nav/{world.name}")
    grid = grid_of(world, ROVER, 0.0)
    rows, columns = np.nonzero(grid.clearance >= TURNING_M)
    for _ in range(ATTEMPTS if rows.size else 0):
        first, second = (grid.points(rows[i : i + 1], columns[i : i + 1])[0] for i in rng.integers(rows.size, size=2))
        start, goal = (float(first[0]), float(first[1])), (float(second[0]), float(second[1]))
        yaw = float(rng.uniform(-math.pi, math.pi))
        if math.dist(start, goal) < 0.5 * SHORTEST_M:
            continue
        way = routes_from(world, start, TURNING_M - 0.03, ROVER).raw(goal)
        if length(way) >= SHORTEST_M and math.dist(way[-1], goal) < 0.1:
            return (*start, yaw), goal
    raise WorldError(f"world '{world.name}': no two places {SHORTEST_M:g} m apart that the robot could drive between")


def reference_length(world: World, start: Pose, goal: Point, width: float) -> float:
    """Return the length (m) of the shortest way of a body so wide."""
    try:
        return length(routes_from(world, start[:2], width / 2.0, ROVER, comfort=0.02).to(goal))
    except RouteError as error:
        raise WorldError(f"world '{world.name}': {error}") from error
