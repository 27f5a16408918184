"""The tap that serves Foxglove, and says where once it does."""

from __future__ import annotations

from functools import partial

from launch.dashboard.controls import PACE, post
from launch.recording import scenery
from launch.spec import RunSpec
from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.recording.foxglove_live import SOURCES, LiveViews
from robot.recording.foxglove_scene import Solid
from robot.runtime.table import Graph
from robot.runtime.tap import Tap

TAP = "foxglove"


class FoxgloveTap(LiveViews):
    """LiveViews that tells the run its address."""

    def __init__(
        self, run: str, port: int, home: tuple[Solid, ...], body: RoverBody | None, odom_in_map: Pose2
    ) -> None:
        """As LiveViews; `run` is the name of the run's controls."""
        super().__init__(port, home, body, odom_in_map)
        post(run, PACE, {"foxglove": self.url})


def foxglove_tap(run: str, port: int, spec: RunSpec, graph: Graph, odom_in_map: Pose2) -> Tap:
    """Return the tap. Ground truth does not reach it."""
    shown = frozenset(topic.name for topic in graph.topics()) & SOURCES
    return Tap(TAP, partial(FoxgloveTap, run, port, *scenery(spec), odom_in_map), shown, glances=True)
