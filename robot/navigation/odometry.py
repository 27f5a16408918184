"""Where the robot is in odom: wheels and gyro count the way, lidar scans correct it.

The one idea: dead reckoning is never touched; a correction stands in front of it (pose = correction * dead reckoning),
and each matched scan renews the correction at the time the scan was taken. Scans are matched against surfels (mean
point and normal per 0.1 m cell) that stay while the robot is near, so returning to a room removes drift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robot.bounds import AtLeastOne, AtLeastZero, Count, Positive, Share
from robot.geometry import Pose2, wrap_angle
from robot.navigation import odometry_kernels as kernels
from robot.navigation.grid import RollingWindow, rolled
from robot.navigation.poses import PoseBuffer


@dataclass(frozen=True)
class OdometryConfig:
    """Metres, radians, seconds. Defaults fit the rover."""

    window_m: AtLeastOne = 24.0
    window_slack_m: AtLeastZero = 2.0  # so far the robot may be from its middle
    cell_m: Positive = 0.1
    normal_reach: Count = 3  # rays to each side
    sigma_m: Positive = 0.03  # residual at which a point counts half
    point_information: AtLeastZero = 200.0  # 1/m², per point: less than 1/sigma² because errors of neighbours agree
    iterations: Count = 12
    share_min: Share = 0.25  # of points that must fit for a match to count
    points_min: Count = 30
    way_std_share: AtLeastZero = 0.2  # of the distance between scans
    way_std_m: Positive = 0.01
    turn_std_share: AtLeastZero = 0.03
    turn_std: Positive = 0.004
    keyframe_m: AtLeastZero = 0.15
    keyframe_turn: AtLeastZero = 0.15
    surfel_most: AtLeastOne = 30.0
    bias_gain: Share = 0.02  # per scan
    rest_bias_gain: Share = 0.01  # per sample at rest
    slip_smoothing: Share = 0.3


@dataclass(frozen=True)
class DriveGeometry:
    """Differential drive, m."""

    wheel_radius: float = 0.08
    separation: float = 0.34  # between the wheels' contact points


@dataclass(frozen=True)
class Estimate:
    """Pose of base_link in odom, its twist, and how well wheels and scans agree."""

    pose: Pose2 = field(default_factory=Pose2)
    v: float = 0.0
    omega: float = 0.0
    slip: float = 0.0
    match: float = 0.0


class DeadReckoning:
    """Wheels give the distance, the gyro gives the turn (wheels do where there is no gyro)."""

    def __init__(self, geometry: DriveGeometry, rest_bias_gain: float) -> None:
        self._geometry = geometry
        self._rest_bias_gain = rest_bias_gain
        self.pose = Pose2()
        self.v = 0.0
        self.omega = 0.0
        self.distance = 0.0  # m, signed, since start
        self.bias = 0.0  # rad/s
        self._last: tuple[int, float, float] | None = None
        self._rates: list[float] = []

    def gyro(self, rate: float) -> None:
        """Add a sample of the yaw rate, rad/s."""
        if math.isfinite(rate):
            self._rates.append(rate)

    def wheels(self, left_rad: float, right_rad: float, t_ns: int) -> None:
        """Advance by what the wheels turned since the last call."""
        if not (math.isfinite(left_rad) and math.isfinite(right_rad)):
            return
        last, self._last = self._last, (t_ns, left_rad, right_rad)
        if last is None or t_ns <= last[0]:
            return
        dt = (t_ns - last[0]) * 1e-9
        left = (left_rad - last[1]) * self._geometry.wheel_radius
        right = (right_rad - last[2]) * self._geometry.wheel_radius
        way = 0.5 * (left + right)
        rate = self._turn_rate((right - left) / (self._geometry.separation * dt), at_rest=left == right == 0.0)
        turn = rate * dt
        middle = self.pose.yaw + 0.5 * turn
        self.pose = Pose2(
            self.pose.x + way * math.cos(middle),
            self.pose.y + way * math.sin(middle),
            wrap_angle(self.pose.yaw + turn),
        )
        self.distance += way
        smoothing = min(dt / 0.05, 1.0)  # encoders are coarse
        self.v += smoothing * (way / dt - self.v)
        self.omega += smoothing * (rate - self.omega)

    def _turn_rate(self, wheel_rate: float, at_rest: bool) -> float:
        if not self._rates:
            return wheel_rate
        mean = sum(self._rates) / len(self._rates)
        self._rates.clear()
        if at_rest and abs(mean - self.bias) < 0.03:
            self.bias += self._rest_bias_gain * (mean - self.bias)
        return mean - self.bias


class ScanOdometry:
    """Odometry as values: feed wheels, gyro and scans in the order of time, read `estimate`."""

    def __init__(
        self,
        config: OdometryConfig | None = None,
        geometry: DriveGeometry | None = None,
        lidar: Pose2 | None = None,
    ) -> None:
        self.config = config or OdometryConfig()
        self._lidar = lidar or Pose2()
        self._raw = DeadReckoning(geometry or DriveGeometry(), self.config.rest_bias_gain)
        self._history = PoseBuffer()
        self._correction = Pose2()
        self._window = RollingWindow(self.config.window_m, self.config.cell_m)
        self._surfels = np.zeros((self._window.cells, self._window.cells, 5))
        self._keyframe: Pose2 | None = None
        self._last_scan: tuple[int, Pose2, Pose2, float] | None = None  # time, raw, matched, wheels' distance
        self._slip = 0.0
        self._match = 0.0

    @property
    def estimate(self) -> Estimate:
        """Return what is known now."""
        raw = self._raw
        return Estimate(self._correction * raw.pose, raw.v, raw.omega, self._slip, self._match)

    def gyro(self, rate: float) -> None:
        """Add a sample of the yaw rate, rad/s."""
        self._raw.gyro(rate)

    def wheels(self, left_rad: float, right_rad: float, t_ns: int) -> None:
        """Add wheel angles since start, rad."""
        self._raw.wheels(left_rad, right_rad, t_ns)
        self._history.append(t_ns, self._raw.pose)

    def scan(
        self,
        ranges: NDArray[np.float32],
        angle_min: float,
        angle_increment: float,
        range_limits: tuple[float, float],
        t_ns: int,
    ) -> None:
        """Match a lidar turn taken at `t_ns` and renew the correction; a scan that does not fit changes nothing."""
        raw = self._history.at(t_ns)
        if raw is None:
            return
        points = self._points(ranges, angle_min, angle_increment, range_limits)
        guess = self._correction * raw
        self._surfels = rolled(self._surfels, self._window.centre_on(guess.x, guess.y, self.config.window_slack_m), 0.0)
        pose, self._match = self._aligned(points, guess, raw)
        if self._keyframe is not None and self._match < self.config.share_min:
            self._last_scan = None
            self._start_over_if_lost(len(points))
            return
        self._correction = pose * raw.inverse()
        self._note(t_ns, raw, pose)
        self._remember(points, pose)

    def _points(
        self,
        ranges: NDArray[np.float32],
        angle_min: float,
        angle_increment: float,
        range_limits: tuple[float, float],
    ) -> NDArray[np.float64]:
        """Return (N, 4) points and normals in base_link."""
        angles = angle_min + angle_increment * np.arange(len(ranges))
        found = np.empty((len(ranges), 4))
        values = np.ascontiguousarray(ranges, np.float32)
        count = kernels.points_with_normals(
            values, angles, range_limits[0], range_limits[1], self.config.normal_reach, found
        )
        points = found[:count]
        points[:, :2] = self._lidar.apply_all(points[:, :2])
        points[:, 2:] = Pose2(yaw=self._lidar.yaw).apply_all(points[:, 2:])
        return np.ascontiguousarray(points)

    def _aligned(self, points: NDArray[np.float64], guess: Pose2, raw: Pose2) -> tuple[Pose2, float]:
        if self._keyframe is None or len(points) < self.config.points_min:
            return guess, 0.0
        c, frame = self.config, self._window.frame
        way, turn = 0.1, 0.05
        if self._last_scan is not None:
            before = self._last_scan[1]
            way, turn = before.distance_to(raw.x, raw.y), abs(wrap_angle(raw.yaw - before.yaw))
        way_std, turn_std = c.way_std_m + c.way_std_share * way, c.turn_std + c.turn_std_share * turn
        pose, share = kernels.align(
            points,
            self._surfels,
            frame.origin_x,
            frame.origin_y,
            c.cell_m,
            np.array([guess.x, guess.y, guess.yaw]),
            np.array([way_std**-2, turn_std**-2]),
            c.sigma_m,
            c.point_information,
            c.iterations,
        )
        return Pose2(float(pose[0]), float(pose[1]), wrap_angle(float(pose[2]))), float(share)

    def _note(self, t_ns: int, raw: Pose2, pose: Pose2) -> None:
        """Learn the gyro's bias and the wheels' slip from what the scans say."""
        last, self._last_scan = self._last_scan, (t_ns, raw, pose, self._raw.distance)
        if last is None or self._match < self.config.share_min or t_ns <= last[0]:
            return
        dt = (t_ns - last[0]) * 1e-9
        excess = wrap_angle((raw.yaw - last[1].yaw) - (pose.yaw - last[2].yaw)) / dt
        if abs(excess) < 0.05:
            self._raw.bias += self.config.bias_gain * excess
        wheels = last[1].inverse() * raw
        matched = last[2].inverse() * pose
        slip = min(abs(wheels.x - matched.x) / max(abs(wheels.x), 0.03), 1.0)
        self._slip += self.config.slip_smoothing * (slip - self._slip)

    def _remember(self, points: NDArray[np.float64], pose: Pose2) -> None:
        c, last = self.config, self._keyframe
        moved = last is None or (
            last.distance_to(pose.x, pose.y) > c.keyframe_m or abs(wrap_angle(pose.yaw - last.yaw)) > c.keyframe_turn
        )
        if moved and len(points) >= c.points_min:
            frame = self._window.frame
            at = np.array([pose.x, pose.y, pose.yaw])
            kernels.insert(points, at, self._surfels, frame.origin_x, frame.origin_y, c.cell_m, c.surfel_most)
            self._keyframe = pose

    def _start_over_if_lost(self, points: int) -> None:
        """Where plenty of points fit nothing (carried elsewhere), the surfels are of no use: begin a new set."""
        if points >= self.config.points_min and self._match < 0.05:
            self._surfels[:] = 0.0
            self._keyframe = None
