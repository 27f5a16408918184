"""Who can be seen from the camera: lines of sight to points on people, past everything but their own body."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.people_stage import PeopleStage
from sim.raycast import Pinhole, RayScene
from sim.raycast_kernels import clear_lines
from sim.scene import PERSON_CAPSULES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def limb_middles(stage: PeopleStage) -> Floats:
    """Return (P, PERSON_CAPSULES, 3) middles of all limbs of everybody on stage, map."""
    ends = stage.capsules()
    middles: Floats = (ends[:, :, :3] + ends[:, :, 3:6]) / 2.0
    return middles


def clear(rays: RayScene, origin: Floats, points: Floats) -> Flags:
    """Return for (P, K, 3) map points on people, in stage order, whether the line from `origin` to each is free.

    Glass does not hide anybody.
    """
    found: Flags = clear_lines(
        origin, points, rays.fixed, PERSON_CAPSULES, rays.kind, rays.center, rays.rotation, rays.half, rays.depth_rows
    )
    return found


def in_frame(camera: Pinhole, origin: Floats, axes: Floats, points: Floats) -> Flags:
    """Return for (..., 3) map points whether they fall inside the image."""
    seen = (points - origin) @ axes
    depth = np.maximum(seen[..., 2], 1e-6)
    u = camera.cx + camera.fx * seen[..., 0] / depth
    v = camera.cy + camera.fy * seen[..., 1] / depth
    inside = (u >= 0.0) & (u <= camera.width - 1) & (v >= 0.0) & (v <= camera.height - 1)
    framed: Flags = inside & (seen[..., 2] > 0.0)
    return framed
