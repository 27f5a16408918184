"""Which topic is also written in which of Foxglove's schemas, and how often: one row per view.

Views are for eyes. They may be thinner than the native channel beside them, which holds everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foxglove import messages as f

from robot import topics
from robot.clock import NS_PER_S
from robot.node import Topic
from robot.recording import foxglove_grid, foxglove_images, foxglove_joints, foxglove_log, foxglove_scan, foxglove_scene
from robot.recording import foxglove_transforms as transforms
from robot.recording.channels import Schema
from robot.recording.fixed_views import TRANSFORMS
from robot.recording.foxglove_plots import plain
from robot.recording.native import schema_of


@dataclass(frozen=True)
class View:
    """One channel for eyes."""

    source: Topic[Any]
    channel: str
    schema: Callable[[], Schema]
    convert: Callable[[Any, int], bytes]
    """(message, commit time in ns) to the bytes of one MCAP message."""
    encoding: str = "protobuf"
    every_s: float = 0.0
    """At most once in this time; 0 = all, inf = the first only."""


class Paced:
    """A view that is not made more often than its row says."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._next_ns = 0.0

    def due(self, t_ns: int) -> bool:
        """Return whether to make it now, and take it as made."""
        if t_ns < self._next_ns:
            return False
        self._next_ns = t_ns + self.view.every_s * NS_PER_S
        return True


def foxglove_view(
    source: Topic[Any], channel: str, schema: Any, convert: Callable[[Any, int], Any], every_s: float = 0.0
) -> View:
    """Return a view in one of Foxglove's protobuf schemas."""

    def encoded(message: Any, t_ns: int) -> bytes:
        data: bytes = convert(message, t_ns).encode()
        return data

    return View(source, channel, schema.get_schema, encoded, "protobuf", every_s)


def plot_view(source: Topic[Any]) -> View:
    """Return a view of plain numbers as JSON, ten a second."""
    return View(source, f"view/{source.name}", lambda: schema_of(source.type), plain, "json", 0.1)


VIEWS: tuple[View, ...] = (
    foxglove_view(topics.CAMERA, "view/camera", f.CompressedImage, foxglove_images.camera),
    foxglove_view(topics.CAMERA, "view/camera/calibration", f.CameraCalibration, foxglove_images.calibration, 1.0),
    foxglove_view(topics.SIGHTINGS, "view/camera/people", f.ImageAnnotations, foxglove_images.sightings),
    foxglove_view(topics.DISPLAY_CAMERA, "view/display/camera", f.CompressedImage, foxglove_images.camera),
    foxglove_view(topics.DISPLAY_FACES, "view/display/camera/faces", f.ImageAnnotations, foxglove_images.faces),
    foxglove_view(topics.FACES, "view/camera/faces", f.ImageAnnotations, foxglove_images.faces),
    foxglove_view(topics.JOINT_STATES, "view/joints", f.JointStates, foxglove_joints.joints, 0.05),
    foxglove_view(topics.DEPTH, "view/depth", f.RawImage, foxglove_images.depth, 0.2),
    foxglove_view(topics.SCAN, "view/scan", f.LaserScan, foxglove_scan.scan),
    foxglove_view(topics.SCAN, "view/scan/points", f.PointCloud, foxglove_scan.points, 0.2),
    foxglove_view(topics.LOCAL_MAP, "view/local_map", f.Grid, foxglove_grid.grid, 0.5),
    foxglove_view(topics.TRUTH, TRANSFORMS, f.FrameTransforms, transforms.odom_in_map, float("inf")),
    foxglove_view(topics.ODOM, TRANSFORMS, f.FrameTransforms, transforms.base_in_odom, 0.05),
    foxglove_view(topics.TRUTH, "view/scene/truth", f.SceneUpdate, foxglove_scene.truth, 0.1),
    foxglove_view(topics.PEOPLE, "view/scene/tracks", f.SceneUpdate, foxglove_scene.tracks, 0.2),
    foxglove_view(topics.LOCK, "view/scene/lock", f.SceneUpdate, foxglove_scene.lock, 0.1),
    foxglove_view(topics.NAV_PATH, "view/scene/path", f.SceneUpdate, foxglove_scene.path),
    foxglove_view(topics.NAV_GOAL, "view/scene/goal", f.SceneUpdate, foxglove_scene.goal),
    foxglove_view(topics.LOG, "view/log", f.Log, foxglove_log.log_line),
    foxglove_view(topics.COMMAND_TEXT, "view/log", f.Log, foxglove_log.heard),
    plot_view(topics.ODOM),
    plot_view(topics.LOCK),
    plot_view(topics.FOLLOW_STATE),
    plot_view(topics.NAV_STATE),
    plot_view(topics.CMD_VEL_WANTED),
    plot_view(topics.SAFETY),
    plot_view(topics.CONTACTS),
    plot_view(topics.ARM_STATE),
    plot_view(topics.JOINT_SAFETY),
    plot_view(topics.WHEEL_SPEEDS),
    plot_view(topics.DEVICE_HEALTH),
    plot_view(topics.BEHAVIOUR),
    plot_view(topics.DISPLAY_BEHAVIOUR),
)
