"""Distances in the plane from the rover to what stands around it, for scorers.

The rover is two things seen from above: the chassis, a rectangle that matters up to its own height, and the mast, a
disc that matters above it. So a table whose edge overhangs the chassis is near only once the mast gets there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from sim.scene import DRIVABLE_M
from worlds.shape import Shape

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@njit(cache=True)
def _point_to_segment(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    t = 0.0 if length2 == 0.0 else min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / length2))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


@njit(cache=True)
def _crosses(ax: float, ay: float, bx: float, by: float, hx: float, hy: float) -> bool:
    """Return whether the segment meets the centred rectangle of half sides hx, hy."""
    enter, leave = 0.0, 1.0
    for a, d, h in ((ax, bx - ax, hx), (ay, by - ay, hy)):
        if d == 0.0:
            if abs(a) > h:
                return False
            continue
        s, t = (-h - a) / d, (h - a) / d
        enter, leave = max(enter, min(s, t)), min(leave, max(s, t))
    return enter <= leave


@njit(cache=True)
def rectangle_to_segment(ax: float, ay: float, bx: float, by: float, hx: float, hy: float) -> float:
    """Return the distance (m) from the centred rectangle of half sides hx, hy to the segment ab; 0 when they meet."""
    if _crosses(ax, ay, bx, by, hx, hy):
        return 0.0
    best = math.inf
    for x, y in ((ax, ay), (bx, by)):
        best = min(best, math.hypot(max(0.0, abs(x) - hx), max(0.0, abs(y) - hy)))
    for x, y in ((hx, hy), (-hx, hy), (-hx, -hy), (hx, -hy)):
        best = min(best, _point_to_segment(x, y, ax, ay, bx, by))
    return best


@njit(cache=True)
def capsules_gap(capsules: Floats, x: float, y: float, yaw: float, hx: float, hy: float, top: float) -> float:
    """Return the least planar distance (m) from a rectangle at (x, y, yaw) to the (N, 7) capsules that reach below
    z = top; 0 when they overlap, inf when there are none."""
    c, s = math.cos(yaw), math.sin(yaw)
    best = math.inf
    for i in range(capsules.shape[0]):
        ax, ay, az, bx, by, bz, radius = capsules[i]
        if min(az, bz) - radius > top:
            continue
        ax, ay = c * (ax - x) + s * (ay - y), -s * (ax - x) + c * (ay - y)
        bx, by = c * (bx - x) + s * (by - y), -s * (bx - x) + c * (by - y)
        best = min(best, rectangle_to_segment(ax, ay, bx, by, hx, hy) - radius)
    return max(0.0, best)


@njit(cache=True)
def _outlines_gap(
    points: Floats,
    counts: Counts,
    bounds: Floats,
    heights: Floats,
    x: float,
    y: float,
    yaw: float,
    hx: float,
    hy: float,
    low: float,
    high: float,
) -> float:
    c, s = math.cos(yaw), math.sin(yaw)
    reach = math.hypot(hx, hy)
    best = math.inf
    for i in range(counts.shape[0]):
        if heights[i, 0] > high or heights[i, 1] < low:
            continue
        if math.hypot(bounds[i, 0] - x, bounds[i, 1] - y) - bounds[i, 2] - reach > best:
            continue
        n = counts[i]
        inside = True
        px, py = points[i, n - 1]
        ax, ay = c * (px - x) + s * (py - y), -s * (px - x) + c * (py - y)
        for k in range(n):
            px, py = points[i, k]
            bx, by = c * (px - x) + s * (py - y), -s * (px - x) + c * (py - y)
            best = min(best, rectangle_to_segment(ax, ay, bx, by, hx, hy))
            if bx * ay - by * ax > 0.0:  # the rectangle's centre is right of this edge
                inside = False
            ax, ay = bx, by
        if inside:
            return 0.0
    return best


class Surroundings:
    """Outlines of all fixed solid shapes with the heights they span."""

    def __init__(self, shapes: Sequence[Shape], body: RoverBody) -> None:
        """Prepare the outlines; loose things, which move, are left out."""
        self._body = body
        fixed = [s for s in shapes if s.solid and s.mass == 0.0]
        outlines = [s.footprint() for s in fixed]
        widest = max((len(o) for o in outlines), default=1)
        self._points = np.zeros((len(fixed), widest, 2))
        for i, outline in enumerate(outlines):
            self._points[i, : len(outline)] = outline
        self._counts = np.array([len(o) for o in outlines], dtype=np.int64)
        self._bounds = np.array([_circle(o) for o in outlines]).reshape(-1, 3)
        self._heights = np.array([s.z_range() for s in fixed]).reshape(-1, 2)

    def clearance(self, pose: Pose2, z: float) -> float:
        """Return the least distance (m) from chassis and mast to anything fixed, the base standing at height z.

        What is low enough to pass under the chassis does not count. inf in an empty world.
        """
        body = self._body
        chassis = self._gap(pose, body.length / 2.0, body.width / 2.0, z + DRIVABLE_M, z + body.chassis_height)
        mast = pose * Pose2(body.camera.x, body.camera.y)
        above = self._gap(mast, 0.0, 0.0, z + body.chassis_height, z + body.height)
        return min(chassis, max(0.0, above - body.mast_radius))

    def _gap(self, pose: Pose2, hx: float, hy: float, low: float, high: float) -> float:
        found: float = _outlines_gap(
            self._points, self._counts, self._bounds, self._heights, pose.x, pose.y, pose.yaw, hx, hy, low, high
        )
        return found


def _circle(outline: Floats) -> tuple[float, float, float]:
    center = outline.mean(axis=0)
    return float(center[0]), float(center[1]), float(np.hypot(*(outline - center).T).max())
