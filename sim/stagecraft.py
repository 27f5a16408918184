"""Turns a world and a configuration into what a run starts from: plans, free space, the robot's place."""

from __future__ import annotations

import math
from collections.abc import Callable

from robot.bodies.jackal.body import JackalBody
from robot.bodies.rover.body import RoverBody
from sim.config import SimConfig
from worlds.episode import episode_script
from worlds.grid import PERSON, Grid, grid_of
from worlds.plan import PersonPlan
from worlds.schema import World
from worlds.scripts import resolve_script

BODY_CLEARANCE = 0.20  # m from walls and furniture to where a person may step aside to


def plans_for(world: World, config: SimConfig) -> tuple[PersonPlan, ...]:
    """Return everybody's plan, the followed person first, then the first `others` of the rest."""
    if config.script == "nobody":
        return ()
    followed = [p for p in world.people if p.role == "followed"]
    rest = [p for p in world.people if p.role != "followed"][: config.others]
    if config.script == "home":
        return tuple(resolve_script(world, person, config.seed) for person in followed + rest)
    return tuple(episode_script(world, person, config.seed, config.seconds) for person in followed + rest)


def free_space(world: World) -> Callable[[float, float], bool]:
    """Return the test whether a person may stand at a map point, as far as walls and furniture go."""
    levels = {room.floor_z for room in world.rooms}
    grids: dict[float, Grid] = {level: grid_of(world, PERSON, level) for level in sorted(levels)}

    def free(x: float, y: float) -> bool:
        room = world.room_at(x, y)
        if room is None:
            return False
        grid = grids[room.floor_z]
        return bool(grid.clearance[grid.cell(x, y)] >= BODY_CLEARANCE)

    return free


def robot_start(world: World, config: SimConfig | None = None) -> tuple[float, float, float, float]:
    """Return x, y, z (m) and yaw (rad) where the robot starts; without a config, the world's first rover.

    Raises:
        ValueError: no such robot starts in this world.
    """
    config = config or SimConfig()
    robot = next((robot for robot in world.robots if robot.kind == config.robot), None)
    if config.start is not None:
        x, y, yaw = config.start
    elif robot is not None:
        x, y, yaw = *robot.start, math.radians(robot.yaw_deg)
    else:
        raise ValueError(f"world '{world.name}': no robot of kind '{config.robot}' starts here")
    room = world.room_at(x, y)
    on = robot.z if robot is not None and config.start is None else 0.0
    return x, y, (0.0 if room is None else room.floor_z) + on, yaw


def body_of(config: SimConfig) -> RoverBody:
    """Return the body that drives."""
    return JackalBody() if config.robot == "jackal" else RoverBody()
