"""What a run's log holds besides its commits: the table that ran, and the home drawn once."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from pathlib import Path

from launch.hw.profiles import profile_of
from launch.profiles import RunSpec
from robot.bodies.rover.body import RoverBody
from robot.recording.foxglove_scene import Solid
from robot.recording.recorder import Recorder
from robot.runtime.table import Graph
from robot.runtime.tap import Tap
from worlds.catalog import load_world
from worlds.shapes import shapes_of

TAP = "recorder"


WALL_CLOCK = "wall"  # the "clock" of a log whose steps fell between ticks


def recorder_tap(path: Path, spec: RunSpec, graph: Graph, live: bool = False) -> Tap:
    """Return the tap that writes `path`. Its result is the recorder's."""
    home, body = scenery(spec)
    logged = frozenset(topic.name for topic in graph.topics() if topic.log)
    return Tap(TAP, partial(Recorder, path, metadata(spec, graph, live), home, body), logged)


def scenery(spec: RunSpec) -> tuple[tuple[Solid, ...], RoverBody | None]:
    """Return what stands around a run's robot and how the robot looks; nothing where that is no home."""
    if profile_of(spec.profile).scenes:
        return (), None
    shapes = shapes_of(load_world(spec.world))
    return tuple(Solid(s.name, s.kind, s.size, s.position, s.orientation, s.color) for s in shapes), RoverBody()


def metadata(spec: RunSpec, graph: Graph, live: bool = False) -> dict[str, str]:
    """Return what makes a log self-contained: the run's spec and its rows with every setting."""
    rows = [
        {
            "name": slot.row.name,
            "node": slot.row.node,
            "config": None if slot.row.config is None else dataclasses.asdict(slot.row.config),
            "rate_hz": slot.row.rate_hz,
            "latency_s": slot.row.latency_s,
            "renames": {own.name: run.name for own, run in slot.row.renames},
        }
        for slot in graph.slots
    ]
    return {
        "profile": spec.profile,
        "world": spec.world,
        "seed": str(spec.seed),
        "perception": spec.perception,
        "duration_s": f"{spec.duration_s:g}",
        "overrides": json.dumps(spec.overrides),
        "nodes": json.dumps(spec.nodes),
        "operator": spec.operator,
        "devices": json.dumps(dataclasses.asdict(spec.devices)),
        "clock": WALL_CLOCK if live else "ticks",
        "tick_hz": str(graph.ticks.hz),
        "table": json.dumps(rows),
    }
