"""The profile `tabletop`: a display that keeps one person in view and nods when they nod."""

from __future__ import annotations

from launch.hw.board import LOOP_ROWS, calibration
from launch.spec import RunSpec, both, emulated, in_loop, pixels, row, without
from robot.motion.node import ArmConfig
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.scenes import scene_names

SCENES = tuple(scene_names())


def sim_config(run: RunSpec) -> TabletopSimConfig:
    """The scene and its seed. Short runs are the beginning of the same scene as long ones."""
    return TabletopSimConfig(run.world, run.seed, max(120.0, run.duration_s), calibration(run).payload_kg)


def arm_config(run: RunSpec) -> ArmConfig:
    """What the boom carries, as calibrated, decides what the stand bears."""
    return ArmConfig(payload_kg=calibration(run).payload_kg)


told = without(in_loop)


TABLETOP_ROWS = (
    row("sim", "sim.tabletop.node:PixelTabletop", when=both(pixels, told), config=sim_config),
    row("sim", "sim.tabletop.node:EmulatedTabletop", when=both(emulated, told), config=sim_config),
    row("sim", "sim.tabletop.hil:PixelTabletopOnPins", when=both(pixels, in_loop), config=sim_config),
    row("sim", "sim.tabletop.hil:EmulatedTabletopOnPins", when=both(emulated, in_loop), config=sim_config),
    row("faces", "robot.perception.faces.node:FaceNode", when=pixels),
    row("arm", "robot.motion.node:ArmNode", config=arm_config),
    row("safety", "robot.safety.joints:JointSafety"),
    *LOOP_ROWS,
)
