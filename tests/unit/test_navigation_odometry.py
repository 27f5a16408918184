"""Odometry: dead reckoning alone drifts, scans hold it; people, dropout and slipping wheels do not pull it away."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robot.geometry import Pose2, wrap_angle
from robot.navigation.odometry import DeadReckoning, DriveGeometry, ScanOdometry

TICK = 2 * math.pi / 2048
GEOMETRY = DriveGeometry()


def walls() -> NDArray[np.float64]:
    """Return (N, 4) segments of two rooms and some furniture."""
    boxes = [(-2, -2, 8, 4), (0, 2, 1, 3), (5, -1, 5.6, 0), (2.5, -1.5, 3.3, -1)]
    rows = [
        s for x0, y0, x1, y1 in boxes for s in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0))
    ]
    return np.array([*rows, (4, -2, 4, 0.5), (4, 1.7, 4, 4)], np.float64)


WALLS = walls()


def cast(pose: Pose2, people: list[tuple[float, float]], rng: np.random.Generator) -> NDArray[np.float32]:
    angles = pose.yaw - math.pi + np.arange(360) * 2 * math.pi / 360
    direction = np.stack([np.cos(angles), np.sin(angles)], 1)
    start, along = WALLS[:, :2] - (pose.x, pose.y), WALLS[:, 2:] - WALLS[:, :2]
    cross = direction[:, None, 0] * along[None, :, 1] - direction[:, None, 1] * along[None, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (start[:, 0] * along[:, 1] - start[:, 1] * along[:, 0])[None, :] / cross
        u = (start[None, :, 0] * direction[:, None, 1] - start[None, :, 1] * direction[:, None, 0]) / cross
    ranges = np.where((t > 0) & (u >= 0) & (u <= 1), t, np.inf).min(1)
    for x, y in people:
        centre = np.array([x - pose.x, y - pose.y])
        b = direction @ centre
        root = b * b - (centre @ centre - 0.15**2)
        ranges = np.minimum(ranges, np.where((root > 0) & (b > 0), b - np.sqrt(np.maximum(root, 0)), np.inf))
    ranges += rng.normal(0, 0.01, 360)
    ranges[rng.random(360) < 0.02] = np.nan
    return np.where(ranges > 8, np.inf, ranges).astype(np.float32)


@dataclass
class Tour:
    """A base that drives a loop; `slip(t)` is how much too far the wheels turn."""

    odometry: ScanOdometry = field(default_factory=lambda: ScanOdometry(geometry=GEOMETRY))
    pose: Pose2 = field(default_factory=Pose2)
    errors: list[float] = field(default_factory=list)
    yaw_errors: list[float] = field(default_factory=list)
    slips: list[float] = field(default_factory=list)
    distance: float = 0.0

    def drive(
        self, seconds: float, slips_at: tuple[float, float] = (0.0, 0.0), dead: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        rng = np.random.default_rng(3)
        left = right = 0.0
        goals = [(2.0, 1.0), (3.5, 1.1), (5.0, 1.1), (7.0, 2.5), (7.0, 0.0), (4.5, 1.1), (2.0, 0.5), (-1.0, 1.0)]
        at, dt = 0, 1 / 60
        for i in range(round(seconds * 60)):
            t = i * dt
            if self.pose.distance_to(*goals[at]) < 0.2:
                at = (at + 1) % len(goals)
            bearing = self.pose.bearing_to(*goals[at])
            v, omega = 0.7 * max(0.0, math.cos(bearing)), max(-1.5, min(1.5, 2.0 * bearing))
            half = omega * dt / 2
            self.pose = self.pose * Pose2(v * dt * math.cos(half), v * dt * math.sin(half), omega * dt)
            self.distance += v * dt
            rolled = v * (1.7 if slips_at[0] < t < slips_at[1] else 1.01) * (1 + rng.normal(0, 0.02))
            left += (rolled - omega * GEOMETRY.separation / 2) * dt / GEOMETRY.wheel_radius
            right += (rolled + omega * GEOMETRY.separation / 2) * dt / GEOMETRY.wheel_radius
            now = round(t * 1e9)
            self.odometry.gyro(omega + 0.01 + rng.normal(0, 0.005))
            self.odometry.wheels(round(left / TICK) * TICK, round(right / TICK) * TICK, now)
            if i % 6 == 0:
                self.look(t, now, rng, is_dead=dead[0] < t < dead[1])

    def look(self, t: float, now: int, rng: np.random.Generator, is_dead: bool) -> None:
        ahead = self.pose.apply(1.2, 0.0)
        ranges = cast(self.pose, [ahead, (2 + 2 * math.sin(t), 1.0)], rng)
        if is_dead:
            ranges[:] = np.nan
        self.odometry.scan(ranges, -math.pi, 2 * math.pi / 360, (0.1, 8.0), now)
        estimate = self.odometry.estimate
        self.errors.append(estimate.pose.distance_to(self.pose.x, self.pose.y))
        self.yaw_errors.append(abs(wrap_angle(estimate.pose.yaw - self.pose.yaw)))
        self.slips.append(estimate.slip)


def test_drift_stays_within_one_percent_and_two_degrees_among_walking_people() -> None:
    tour = Tour()
    tour.drive(60.0)
    assert tour.distance > 25.0
    assert max(tour.errors) < 0.01 * tour.distance
    assert max(tour.yaw_errors) < math.radians(2.0)
    assert max(tour.slips) < 0.3


def test_slipping_wheels_are_noticed_and_corrected() -> None:
    tour = Tour()
    tour.drive(20.0, slips_at=(8.0, 10.0))
    assert max(tour.errors) < 0.2
    assert max(tour.slips) > 0.3
    assert tour.slips[-1] < 0.2


def test_a_blind_lidar_leaves_dead_reckoning_and_recovers() -> None:
    tour = Tour()
    tour.drive(20.0, dead=(5.0, 10.0))
    assert all(math.isfinite(e) for e in tour.errors)
    assert max(tour.errors) < 0.3
    assert tour.errors[-1] < 0.15


def test_dead_reckoning_without_a_gyro_turns_by_its_wheels() -> None:
    raw = DeadReckoning(GEOMETRY, 0.01)
    for i in range(101):
        raw.wheels(-0.01 * i, 0.01 * i, i * 10_000_000)
    assert abs(raw.pose.yaw - 2.0 * GEOMETRY.wheel_radius / GEOMETRY.separation) < 1e-6
    assert abs(raw.pose.x) < 1e-9


def test_bad_readings_are_ignored() -> None:
    odometry = ScanOdometry()
    odometry.wheels(0.0, 0.0, 0)
    odometry.gyro(math.nan)
    odometry.wheels(math.nan, 0.1, 10_000_000)
    odometry.wheels(0.1, 0.1, 20_000_000)
    odometry.scan(np.full(360, np.nan, np.float32), -math.pi, 0.0175, (0.1, 8.0), 20_000_000)
    assert abs(odometry.estimate.pose.x - 0.1 * DriveGeometry().wheel_radius) < 1e-9
