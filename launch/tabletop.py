"""The profile `tabletop`: a display that keeps one person in view and nods when they nod, and does what it is told."""

from __future__ import annotations

from pathlib import Path

from launch.errors import CallError
from launch.hw.board import LOOP_ROWS, calibration
from launch.listening import COMMANDS, LANGUAGE, VOICE, listens, where_listening
from launch.spec import MIMIC_WORDS, RunSpec, both, emulated, in_call, in_loop, pixels, row, without
from policies.display.node import DisplayConfig
from robot.motion.mimicry import MimicConfig
from robot.motion.node import ArmConfig
from robot.perception.faces.call import CallConfig
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.scenes import scene_names

SCENES = tuple(scene_names())


def sim_config(run: RunSpec) -> TabletopSimConfig:
    """The scene and its seed. Short runs are the beginning of the same scene as long ones."""
    return TabletopSimConfig(run.world, run.seed, max(120.0, run.duration_s), calibration(run).payload_kg)


def arm_config(run: RunSpec) -> ArmConfig:
    """What the boom carries, as calibrated, decides what the stand bears."""
    mimic = MimicConfig(on=run.devices.mimic != "off")
    return ArmConfig(mimic=mimic, payload_kg=calibration(run).payload_kg, copies_call=in_call(run))


def call_config(run: RunSpec) -> CallConfig:
    """The video of the other end."""
    return CallConfig(video=run.devices.mimic)


def display_config(run: RunSpec) -> DisplayConfig:
    """What the arm does before anybody speaks."""
    return DisplayConfig(mimics=run.devices.mimic != "off")


def checked_mimic(profile: str, mimic: str) -> str:
    """Return whom the display copies, a video by its whole path.

    Raises:
        CallError: the profile copies nobody, or the video cannot be read.
    """
    if mimic == "camera":
        return mimic
    if profile != "tabletop":
        raise CallError(f"--mimic: {profile} copies nobody; there is: tabletop")
    if mimic in MIMIC_WORDS:
        return mimic
    from launch.track.source import STILLS, FrameSource

    path = Path(mimic)
    if path.suffix.lower() in STILLS or mimic.isdecimal():
        raise CallError(f"--mimic {mimic}: must be camera, off, or a video file")
    try:
        with FrameSource(mimic):
            return str(path.resolve())
    except CallError as error:
        raise CallError(f"--mimic: {str(error).removeprefix('track: ')}") from error


told = without(in_loop)


TABLETOP_ROWS = (
    where_listening(COMMANDS),
    where_listening(VOICE),
    row("sim", "sim.tabletop.node:PixelTabletop", when=both(pixels, told), config=sim_config),
    row("sim", "sim.tabletop.node:EmulatedTabletop", when=both(emulated, told), config=sim_config),
    row("sim", "sim.tabletop.hil:PixelTabletopOnPins", when=both(pixels, in_loop), config=sim_config),
    row("sim", "sim.tabletop.hil:EmulatedTabletopOnPins", when=both(emulated, in_loop), config=sim_config),
    row("faces", "robot.perception.faces.node:FaceNode", when=pixels),
    row("call", "robot.perception.faces.call:CallSource", when=in_call, config=call_config),
    where_listening(LANGUAGE),
    row("behaviour", "policies.display.node:DisplayBehaviour", when=listens, config=display_config),
    row("arm", "robot.motion.node:ArmNode", config=arm_config),
    row("safety", "robot.safety.joints:JointSafety"),
    *LOOP_ROWS,
)
