"""The profile `tabletop`: a display that keeps one person in view and nods when they nod."""

from __future__ import annotations

from launch.spec import RunSpec, emulated, pixels, row
from robot.motion.node import ArmConfig
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.scenes import scene_names

SCENES = tuple(scene_names())


def sim_config(run: RunSpec) -> TabletopSimConfig:
    """The scene and its seed. Short runs are the beginning of the same scene as long ones."""
    return TabletopSimConfig(scene=run.world, seed=run.seed, seconds=max(120.0, run.duration_s))


TABLETOP_ROWS = (
    row("sim", "sim.tabletop.node:PixelTabletop", when=pixels, config=sim_config),
    row("sim", "sim.tabletop.node:EmulatedTabletop", when=emulated, config=sim_config),
    row("faces", "robot.perception.faces.node:FaceNode", when=pixels),
    row("arm", "robot.motion.node:ArmNode", config=lambda run: ArmConfig()),
    row("safety", "robot.safety.joints:JointSafety"),
)
