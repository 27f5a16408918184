"""A short run of every profile that there is, what its log must hold, and a weight that its replay must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from launch.execute import RunOptions, execute
from launch.hw.profiles import HARDWARE
from launch.profiles import PROFILES, RunSpec
from launch.spec import Devices
from tools.make_desk_video import make

Logs = Callable[[str], Path]
"""Gives the log of a run by its name in RUNS."""


@dataclass(frozen=True)
class ProfileRun:
    """What is run, and what is known of its log beforehand."""

    spec: RunSpec
    weight: str
    """`row.key=value`: a setting that changes what its node says"""
    topic: str
    """on which that shows"""
    views: tuple[str, ...]
    """Channels for eyes, beside those of the topics"""

    @property
    def emulates_a_board(self) -> bool:
        """Whether the firmware's image must be there."""
        return bool(self.spec.devices.hil) or self.spec.devices.port.startswith("emulated:")


CAMERA = ("view/camera", "view/camera/calibration")
ROVER = (
    *("view/scan", "view/scan/points", "view/local_map", "view/transforms", "view/scene/home", "view/scene/robot"),
    *("view/scene/truth", "view/scene/tracks", "view/odom", "view/safety", "view/contacts", "view/nav/state"),
)
DESK = ("view/camera/faces", "view/joints", "view/arm/state", "view/joints/safety")
FOLLOW = ("view/scene/lock", "view/follow/state", "view/scene/goal")
SAID = "go to the kitchen"
CARELESS = "navigator.planner.costmap.soft_weight=0"

RUNS = {
    "follow_me": ProfileRun(
        RunSpec("follow_me", "studio", 1, 2.0),
        *("follower.standoff_m=1.2", "nav/goal", (*CAMERA, *ROVER, *FOLLOW, "view/camera/people", "view/depth")),
    ),
    "follow_me_emulated": ProfileRun(
        RunSpec("follow_me", "studio", 1, 3.0, "emulated", ("follower.standoff_m=1.5",)),
        *("follower.standoff_m=1.2", "nav/goal", (*ROVER, *FOLLOW)),
    ),
    "follow_naive": ProfileRun(
        RunSpec("follow_naive", "studio", 1, 1.0, "emulated"), "follower.stop_m=1.0", "cmd_vel", ("view/scene/truth",)
    ),
    "follow_told": ProfileRun(
        RunSpec("follow_told", "studio", 1, 1.5, "emulated"), "follower.standoff_m=1.2", "nav/goal", (*ROVER, *FOLLOW)
    ),
    "navigate": ProfileRun(RunSpec("navigate", "studio", 1, 2.0, "emulated"), CARELESS, "cmd_vel/wanted", ROVER),
    "tabletop": ProfileRun(
        RunSpec("tabletop", "nodder", 1, 2.0), "arm.mimic.gain=0.5", "joints/wanted", (*CAMERA, *DESK)
    ),
    "tabletop_told": ProfileRun(
        RunSpec(
            *("tabletop", "meeting", 1, 2.0, "emulated", ("commands.script=[{at_s: 0.2, text: look left then nod}]",)),
            devices=Devices(listens=True),
        ),
        *("arm.gaze.boom=0.1", "joints/wanted", ("view/joints", "view/arm/state", "view/behaviour/state")),
    ),
    "tabletop_in_loop": ProfileRun(
        RunSpec("tabletop", "nodder", 1, 2.0, "emulated", devices=Devices(hil="uno")),
        *("arm.mimic.gain=0.5", "joints/wanted", ("view/joints", "view/arm/state", "view/device/health")),
    ),
    "home": ProfileRun(
        RunSpec("home", "studio", 1, 2.0, "pixels", (f"commands.script=[{{at_s: 0.2, text: {SAID}}}]",)),
        *(CARELESS, "cmd_vel/wanted", (*CAMERA, *ROVER, "view/behaviour/state", "view/log", "view/camera/people")),
    ),
    "hw_tabletop": ProfileRun(
        RunSpec("hw_tabletop", "desk", 0, 2.0, devices=Devices(port="emulated:uno", camera="desk.mp4")),
        *("arm.mimic.gain=0.5", "joints/wanted", (*CAMERA, *DESK, "view/device/health")),
    ),
    "hw_rover": ProfileRun(
        RunSpec(
            *("hw_rover", "floor", 0, 2.0, "pixels", ("commands.script=[{at_s: 1.0, text: go back 20 cm}]",)),
            devices=Devices(port="emulated:uno_rover"),
        ),
        *("pilot.v=0.1", "cmd_vel/wanted", ("view/safety", "view/log", "view/device/health")),
    ),
}

MISSING = {*PROFILES, *HARDWARE} - {run.spec.profile for run in RUNS.values()}
assert not MISSING, f"profiles without a run here: {MISSING}"


def made(run: ProfileRun, folder: Path) -> None:
    """Make the run in `folder`; a display on hardware gets a film of a caller who nods."""
    spec = run.spec
    if spec.devices.camera:
        film = folder / spec.devices.camera
        make(film, "nodder", 1, spec.duration_s)
        spec = replace(spec, devices=replace(spec.devices, camera=str(film)))
    summary, _ = execute(spec, RunOptions("lockstep", fast=True, out=folder / "run", report=False))
    assert summary["failed"] is None
    assert summary["sim_seconds"] == spec.duration_s
