"""Legs by lidar alone: who walks up is told from furniture and gets more air; unseen floor is backed over slowly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from robot.bodies.rover.body import LidarMount
from robot.geometry import Pose2
from robot.messages import LocalMap, Scan
from robot.safety import SafetyConfig
from robot.safety.arrivals import Arrivals
from robot.safety.limits import Twist
from robot.safety.obstacles import UNSEEN, map_points
from robot.safety.share import limb_margin, share_backing, share_near_limbs

LIDAR = LidarMount()
CONFIG = SafetyConfig()
Discs = list[tuple[float, float, float]]  # x, y, radius, odom


def scan_of(discs: Discs, pose: Pose2, t_s: float) -> Scan:
    """A scan of discs, and of a wall all along y = 2."""
    at = pose * Pose2(LIDAR.x, LIDAR.y)
    angles = at.yaw - math.pi + np.arange(360) * math.pi / 180
    dx, dy = np.cos(angles), np.sin(angles)
    with np.errstate(divide="ignore"):
        ranges = np.where(dy > 0.0, (2.0 - at.y) / dy, np.inf)
    for x, y, radius in discs:
        along = (x - at.x) * dx + (y - at.y) * dy
        beside = (x - at.x) * dy - (y - at.y) * dx
        depth = np.sqrt(np.maximum(radius**2 - beside**2, 0.0))
        ranges = np.where((np.abs(beside) < radius) & (along > 0.0), np.minimum(ranges, along - depth), ranges)
    ranges[ranges > 8.0] = np.inf
    return Scan(
        stamp_ns=round(t_s * 1e9),
        angle_min=-math.pi,
        angle_increment=math.pi / 180,
        range_min=0.1,
        range_max=8.0,
        ranges=ranges.astype(np.float32),
    )


def watch(arrivals: Arrivals, scenes: list[tuple[Discs, Pose2]], start_s: float = 0.0) -> list[NDArray[np.float64]]:
    return [arrivals.update(scan_of(discs, pose, start_s + 0.1 * i), pose) for i, (discs, pose) in enumerate(scenes)]


def legs(x: float, y: float) -> Discs:
    return [(x, y - 0.1, 0.05), (x, y + 0.1, 0.05)]


def test_legs_that_walk_up_are_found_and_stay_found_while_they_stand() -> None:
    way = [(legs(-1.4 + 0.06 * min(i, 10), 0.0), Pose2()) for i in range(60)]
    found = watch(Arrivals(LIDAR), way)
    for points in found[8:]:
        assert len(points) > 3
    assert np.abs(found[-1] - [-0.8, 0.0]).max() < 0.2


def test_what_arrived_and_stays_put_for_long_is_furniture() -> None:
    way = [(legs(-1.4 + 0.06 * min(i, 10), 0.0), Pose2()) for i in range(120)]
    found = watch(Arrivals(LIDAR), way)
    assert len(found[12]) > 3
    assert len(found[-1]) == 0


def test_what_appears_out_of_nothing_is_furniture_that_rays_had_missed() -> None:
    way = [([], Pose2())] * 10 + [(legs(-0.9, 0.0), Pose2())] * 30
    found = watch(Arrivals(LIDAR), way)
    assert all(len(points) == 0 for points in found)


def test_whoever_stood_for_long_and_walks_off_is_found_again() -> None:
    way = [(legs(-1.4 + 0.06 * min(i, 10), 0.0), Pose2()) for i in range(120)]
    way += [(legs(-0.8 + 0.08 * i, 0.5), Pose2()) for i in range(8)]
    found = watch(Arrivals(LIDAR), way)
    assert all(len(points) > 2 for points in found[123:])


def test_chairs_and_walls_are_no_legs_however_the_robot_moves_and_odometry_drifts() -> None:
    chair = [(x, y, 0.025) for x in (0.6, 1.0) for y in (-0.9, -0.5)]
    scenes = []
    for i in range(100):
        drift = 0.0008 * i
        pose = Pose2(0.4 * math.sin(0.05 * i), 0.0, 0.15 * i)
        scenes.append(([(x + drift, y, r) for x, y, r in chair], pose))
    found = watch(Arrivals(LIDAR), scenes)
    assert sum(len(points) > 0 for points in found) <= 2


def test_one_who_stood_there_from_the_start_is_found_on_walking_off() -> None:
    scenes = [(legs(-1.0, -0.5), Pose2()) for _ in range(20)]
    scenes += [(legs(-1.0 + 0.07 * i, -0.5), Pose2()) for i in range(12)]
    found = watch(Arrivals(LIDAR), scenes)
    assert all(len(points) == 0 for points in found[:20])
    assert all(len(points) > 0 for points in found[-5:])


def test_legs_that_left_are_forgotten() -> None:
    arrivals = Arrivals(LIDAR)
    watch(arrivals, [(legs(-1.4 + 0.06 * min(i, 10), 0.0), Pose2()) for i in range(30)])
    assert all(len(points) == 0 for points in watch(arrivals, [([], Pose2())] * 5, start_s=3.0))


@pytest.mark.parametrize("lateral", [0.45, 0.6])
def test_legs_beside_the_way_are_passed_the_slower_the_nearer(lateral: float) -> None:
    foot = np.array([[0.5, lateral]])
    share = share_near_limbs(foot, Twist(1.0, 0.0), CONFIG)
    passing = lateral - CONFIG.body.width / 2
    assert 0.0 < share < 1.0
    assert limb_margin(Twist(share, 0.0), CONFIG) <= passing + 0.06
    assert share_near_limbs(foot + np.array([0.0, 0.3]), Twist(1.0, 0.0), CONFIG) == 1.0


def test_a_foot_by_the_bumper_forbids_only_what_comes_nearer() -> None:
    foot = np.array([[0.3, 0.0]])
    assert share_near_limbs(foot, Twist(0.3, 0.0), CONFIG) < 0.05
    assert share_near_limbs(foot, Twist(-0.3, 0.0), CONFIG) == 1.0
    heel = np.array([[-0.3, 0.1]])
    assert share_near_limbs(heel, Twist(-0.15, 0.0), CONFIG) < 0.05
    assert share_near_limbs(heel, Twist(0.3, 0.0), CONFIG) == 1.0


def test_unseen_floor_is_backed_over_slowly_and_seen_floor_as_asked() -> None:
    cells = np.zeros((80, 80), np.uint8)
    cells[:, :30] = UNSEEN
    local = LocalMap(stamp_ns=0, origin_x=-2.0, origin_y=-2.0, resolution_m=0.05, cells=cells)
    unseen = map_points(local, Pose2(), UNSEEN)
    assert unseen[:, 0].max() == pytest.approx(-0.525)
    touching = unseen + np.array([0.31, 0.0])
    assert share_backing(touching, Twist(-0.6, 0.0), CONFIG) * 0.6 == pytest.approx(CONFIG.unseen_reverse_speed)
    assert share_backing(touching, Twist(-0.1, 0.0), CONFIG) == 1.0
    assert share_backing(touching, Twist(0.6, 0.0), CONFIG) == 1.0
    assert share_backing(unseen - np.array([0.6, 0.0]), Twist(-0.6, 0.0), CONFIG) == 1.0
