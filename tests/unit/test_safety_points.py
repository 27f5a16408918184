"""The compiled passes over safety's points give what the plain arithmetic they stand for gives."""

from __future__ import annotations

import math

import numpy as np

from robot.geometry import Pose2
from robot.rng import spawn
from robot.safety.points import around, circles_outside, middles, narrow_fronts

CIRCLE = np.array([(math.cos(a), math.sin(a)) for a in np.arange(16) * math.pi / 8])


def test_points_of_odom_are_seen_from_the_robot_without_those_deep_inside_it() -> None:
    rng = spawn(3, "points")
    scan, cells, near = (rng.uniform(-1.5, 1.5, (n, 2)) for n in (40, 200, 16))
    pose = Pose2(0.3, -0.2, 2.5)
    odom = pose.inverse()
    found = around(scan, cells, near, odom.x, odom.y, math.cos(odom.yaw), math.sin(odom.yaw), 0.2, 0.15)
    seen = odom.apply_all(cells)
    kept = seen[~((np.abs(seen[:, 0]) < 0.2) & (np.abs(seen[:, 1]) < 0.15))]
    assert 0 < len(kept) < len(cells)
    np.testing.assert_allclose(found, np.concatenate((odom.apply_all(scan), kept, near)), rtol=0.0, atol=1e-12)


def test_cells_of_either_value_are_found_in_the_window_only() -> None:
    cells = np.zeros((6, 8), np.uint8)
    cells[1, 2], cells[4, 7], cells[5, 0] = 50, 255, 50
    found = middles(cells, (1, 5), (0, 8), (10.0, 20.0), 0.5, (50, 255))
    assert found.tolist() == [[11.25, 20.75], [13.75, 22.25]]
    assert middles(cells, (3, 3), (0, 8), (10.0, 20.0), 0.5, (50, 255)).shape == (0, 2)


def test_outlines_leave_out_what_the_footprint_already_touches() -> None:
    centres = np.array([(0.6, 0.0), (3.0, 3.0)])
    found = circles_outside(centres, CIRCLE, 0.4, 0.21, 0.2, 0.02)
    every = (centres[:, None] + 0.4 * CIRCLE).reshape(-1, 2)
    gaps = np.hypot(np.maximum(np.abs(every[:, 0]) - 0.21, 0.0), np.maximum(np.abs(every[:, 1]) - 0.2, 0.0))
    assert 16 < len(found) < 32
    np.testing.assert_allclose(found, every[gaps > 0.02], rtol=0.0, atol=1e-12)


def test_legs_are_narrow_fronts_and_a_wall_is_none() -> None:
    angles = np.linspace(-math.pi / 2.0, math.pi / 2.0, 181)
    ranges = np.where(np.abs(angles) < 0.6, 1.5, 5.0)  # a wall 1.7 m wide,
    ranges[150:156], ranges[153] = 1.0, np.nan  # a leg with a ray lost in it,
    ranges[10:16] = 1.7  # and another
    points = np.column_stack((ranges * np.cos(angles), ranges * np.sin(angles)))
    narrow = narrow_fronts(ranges, points, 1.8, 0.15, 0.75)
    assert np.flatnonzero(narrow).tolist() == [10, 11, 12, 13, 14, 15, 150, 151, 152, 154, 155]
