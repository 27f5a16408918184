"""What does not change during a run, as Foxglove draws it: the home, the robot and where its sensors sit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from robot.bodies.rover.body import RoverBody
from robot.recording import foxglove_scene, foxglove_transforms
from robot.recording.foxglove_scene import Solid

TRANSFORMS = "view/transforms"
HOME = "view/scene/home"
ROBOT = "view/scene/robot"


def fixed_views(home: Sequence[Solid], body: RoverBody | None) -> list[tuple[str, Any]]:
    """Return channel and Foxglove message of each; nothing of a home or a rover that is not there."""
    fixed: list[tuple[str, Any]] = [(HOME, foxglove_scene.home(home))] if home else []
    if body is not None:
        fixed += [(ROBOT, foxglove_scene.robot(body)), (TRANSFORMS, foxglove_transforms.mounts(body))]
    return fixed
