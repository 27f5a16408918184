"""How a person appears to the camera, by geometry alone: the box around them, how much of them shows, from which side.

The emulated detector errs around this, and `tools/measure_detector.py` measures the real detector against it, so both
mean the same by every word.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.people_stage import PeopleStage
from sim.raycast import Pinhole, RayScene
from sim.sight import clear, in_frame, limb_middles

FRONT_WITHIN, BACK_BEYOND = math.radians(60.0), math.radians(120.0)
HEAD_ROW = 3  # of a person's capsules
Floats = NDArray[np.float64]


class Look(NamedTuple):
    """How a person appears to the camera."""

    box: tuple[float, float, float, float]  # px: x, y, width, height
    fraction: float  # of the limbs that can be seen
    bare: float  # of the limbs inside the frame, those that nothing hides
    top: float  # m, map z of the crown
    top_in_view: bool


def looks_of(rays: RayScene, stage: PeopleStage, camera: Pinhole, origin: Floats, axes: Floats) -> list[Look]:
    """Return how each person on stage appears to a camera at `origin` (map) with the columns of `axes` as its axes."""
    if not stage.actors:
        return []
    limbs, middles = stage.capsules(), limb_middles(stage)
    framed = in_frame(camera, origin, axes, middles)
    seen = clear(rays, origin, middles) & framed
    bare = seen.sum(axis=1) / np.maximum(framed.sum(axis=1), 1)
    tops = (np.maximum(limbs[:, :, 2], limbs[:, :, 5]) + limbs[:, :, 6]).max(axis=1)
    crowns = np.stack([middles[:, HEAD_ROW, 0], middles[:, HEAD_ROW, 1], tops], axis=1)
    crowns_in_view = in_frame(camera, origin, axes, crowns)
    return [
        Look(
            box=_box(camera, origin, axes, limbs[i]),
            fraction=float(seen[i].mean()),
            bare=float(bare[i]),
            top=float(tops[i]),
            top_in_view=bool(crowns_in_view[i]),
        )
        for i in range(len(limbs))
    ]


def view_of(angle: float) -> str:
    """Return the side from which the camera sees a person whose chest is `angle` off the line to it."""
    if abs(angle) < FRONT_WITHIN:
        return "front"
    return "back" if abs(angle) > BACK_BEYOND else "side"


def _box(camera: Pinhole, origin: Floats, axes: Floats, capsules: Floats) -> tuple[float, float, float, float]:
    """Return the box around what of the capsules is before the camera and inside the image, px."""
    ends = (capsules[:, :6].reshape(-1, 3) - origin) @ axes
    radius = np.repeat(capsules[:, 6], 2)
    ahead = ends[:, 2] > 0.1
    if not ahead.any():
        return 0.0, 0.0, 0.0, 0.0
    x, y, z = ends[ahead].T
    spread = camera.fx * radius[ahead] / z
    u, v = camera.cx + camera.fx * x / z, camera.cy + camera.fy * y / z
    left, right = np.clip([(u - spread).min(), (u + spread).max()], 0.0, camera.width)
    top, bottom = np.clip([(v - spread).min(), (v + spread).max()], 0.0, camera.height)
    return float(left), float(top), float(right - left), float(bottom - top)
