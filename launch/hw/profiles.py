"""What runs on hardware: the nodes of the simulation, word for word, with drivers where the simulator was."""

from __future__ import annotations

from firmware_bridge.camera import CameraConfig
from launch.errors import unknown
from launch.hw.board import drive_config, operator_config, port_config
from launch.hw.scorer import HardwareScorer
from launch.profiles import PROFILES, Profile
from launch.spec import RunSpec, row
from launch.tabletop import TABLETOP_ROWS
from robot.perception.faces.node import FaceNodeConfig
from robot.voice.commands import CommandConfig

TICK_HZ = 600  # of 30, 100 and 120 Hz; on the wall clock nothing else depends on it
SKILLS = ("commands", "voice", "language", "behaviour", "arm", "safety")
"""Rows of the simulated display that run on hardware as they are."""


def camera_config(run: RunSpec) -> CameraConfig:
    """The camera that was named."""
    return CameraConfig(source=run.devices.camera)


def faces_config(run: RunSpec) -> FaceNodeConfig:
    """A video was not taken by the camera that the servos turn."""
    return FaceNodeConfig(fixed_camera=not run.devices.camera.isdecimal())


def commands_config(run: RunSpec) -> CommandConfig:
    """`launch say` reaches it."""
    return CommandConfig(listen=True, name="rover")


HW_TABLETOP = Profile(
    name="hw_tabletop",
    summary="the display on a desk: servos at a port, a camera",
    world="desk",
    duration_s=60.0,
    tick_hz=TICK_HZ,
    rows=(
        row("camera", "firmware_bridge.camera:CameraNode", config=camera_config),
        row("faces", "robot.perception.faces.node:FaceNode", config=faces_config),
        *(r for r in TABLETOP_ROWS if r.name in SKILLS),
        row("servos", "firmware_bridge.node:ServoNode", config=port_config),
        row("operator", "firmware_bridge.operator:Operator", config=operator_config),
    ),
    scenes=("desk",),
    scorer=lambda run: HardwareScorer(),
)

HW_ROVER = Profile(
    name="hw_rover",
    summary="a rover's wheels at a port, driven by what it is told; there are no drivers of sensors yet",
    world="floor",
    duration_s=60.0,
    tick_hz=TICK_HZ,
    rows=(
        row("commands", "robot.voice.commands:CommandSource", config=commands_config),
        row("language", "policies.language.node:LanguageNode"),
        row("pilot", "policies.dead_reckoning:DeadReckoning"),
        row("safety", "robot.safety.unseeing:UnseeingSafety"),
        row("wheels", "firmware_bridge.drive:DriveNode", config=drive_config),
        row("operator", "firmware_bridge.operator:Operator", config=operator_config),
    ),
    scenes=("floor",),
    scorer=lambda run: HardwareScorer(),
)

HARDWARE = {profile.name: profile for profile in (HW_TABLETOP, HW_ROVER)}


def profile_of(name: str) -> Profile:
    """Return the profile of a simulation or of hardware. Raises CallError for no such name."""
    found = PROFILES.get(name) or HARDWARE.get(name)
    if found is None:
        raise unknown("profile", name, [*PROFILES, *HARDWARE])
    return found
