"""What the map stands on: the home drawn once, its rooms and doors as a graph, and where odom lies in it.

The home is drawn for the reader, clutter and all; where robot and people are on it is what the robot believes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import cv2

from launch.floor_plan import floor_plan
from robot.geometry import Pose2
from robot.runtime.table import Graph
from sim.config import SimConfig
from sim.stagecraft import robot_start
from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.picture import draw_map

PIXELS_PER_M = 60.0


@dataclass(frozen=True)
class HomePlan:
    """The ground of the map. Frames: map, m."""

    png: bytes = b""
    """Empty where there is no home."""
    about: dict[str, Any] = field(default_factory=dict)
    """Of the picture: west, north, pixels_per_m; rooms and doors."""
    odom: Pose2 = field(default_factory=Pose2)
    """odom in map: where the robot started"""


def home_plan(graph: Graph) -> HomePlan:
    """Return the plan of the home that a run's simulator simulates; an empty one where it simulates none."""
    config = next((slot.row.config for slot in graph.slots if isinstance(slot.row.config, SimConfig)), None)
    if config is None:
        return HomePlan()
    try:
        world = load_world(config.world)
    except WorldError:
        return HomePlan()
    x, y, _, yaw = robot_start(world, config)
    image, transform = draw_map(replace(world, people=(), robots=()), PIXELS_PER_M)
    _, png = cv2.imencode(".png", image[:, :, ::-1])
    about = {
        "west": transform.west,
        "north": transform.north,
        "pixels_per_m": transform.pixels_per_m,
        "size": [image.shape[1], image.shape[0]],
        **_rooms(world),
    }
    return HomePlan(png.tobytes(), about, Pose2(x, y, yaw))


def _rooms(world: Any) -> dict[str, Any]:
    """Return the room graph: middles of rooms, and doors as (room, room, x, y)."""
    try:
        plan = floor_plan(world)
    except ValueError:  # imported and generated worlds need not be made of rooms side by side
        return {"rooms": [], "doors": []}
    rooms = [{"name": r.name, "x": r.x + r.width / 2, "y": r.y + r.depth / 2} for r in plan.rooms]
    doors = [{"between": list(d.rooms), "x": d.x, "y": d.y} for d in plan.doors if math.isfinite(d.x + d.y)]
    return {"rooms": rooms, "doors": doors}
