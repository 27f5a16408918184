"""What the rover means: limits, footprint and where its sensors sit and how they err.

Geometry and inertia live in rover.urdf beside this file; a test holds one against the other. base_link is on the
floor, midway between the drive wheels.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DriveLimits:
    """What the base may do."""

    v_max: float = 1.0  # m/s forward
    v_min: float = -0.8  # m/s, backing up: as fast as people walk at it
    omega_max: float = 2.0  # rad/s
    acceleration: float = 1.5  # m/s²
    braking: float = 1.5  # m/s²
    emergency_braking: float = 6.0  # m/s², when the command says brake or the watchdog fires
    angular_acceleration: float = 4.0  # rad/s²
    watchdog_s: float = 0.1  # without a command for this long, the base brakes by itself


@dataclass(frozen=True)
class LidarMount:
    """Planar lidar: pose in base_link and how it errs."""

    x: float = 0.12  # m
    y: float = 0.0
    z: float = 0.18
    rays: int = 360
    angle_min: float = -3.141592653589793  # rad, of the first ray
    fov: float = 6.283185307179586  # rad; less than a full turn: the last ray is at angle_min + fov
    range_min: float = 0.10  # m
    range_max: float = 8.0  # m
    rate_hz: float = 10.0
    noise_std_m: float = 0.010
    dropout: float = 0.005  # share of rays that give no data

    @property
    def increment(self) -> float:
        """Return the angle between two rays, rad."""
        full_turn = self.fov > 6.28
        return self.fov / (self.rays if full_turn else self.rays - 1)


@dataclass(frozen=True)
class DepthMount:
    """A depth sensor: pose in base_link (first turned by yaw, then pitched; positive looks down) and how it errs.

    The defaults are a small time-of-flight module that looks at the floor.
    """

    x: float = 0.0  # m
    y: float = 0.0
    z: float = 0.85
    yaw: float = 0.0  # rad
    pitch: float = 0.62  # rad
    depth_width: int = 48  # px
    depth_height: int = 36  # px
    half_fov: float = 0.70  # rad, half the horizontal field of view (40 degrees)
    range_min: float = 0.10  # m, depth
    range_max: float = 2.0  # m, depth
    rate_hz: float = 10.0
    latency_s: float = 0.025  # from exposure to delivery
    depth_noise: float = 0.004  # standard deviation per m² of distance, m (grows with the square)
    depth_dropout: float = 0.01  # share of pixels without return


@dataclass(frozen=True)
class CameraMount(DepthMount):
    """RGB-D camera on the mast: pose in base_link (pitch positive looks down) and intrinsics."""

    x: float = 0.05  # m
    z: float = 0.90
    pitch: float = 0.08  # rad, about 5 degrees down: heads from 1.3 m on, floor from 1.1 m on
    width: int = 320  # px, colour
    height: int = 240  # px, colour
    depth_width: int = 160  # px
    depth_height: int = 120  # px
    half_fov: float = 0.76  # rad, half the horizontal field of view (87 degrees, as of a RealSense D455)
    range_min: float = 0.15  # m, depth
    range_max: float = 6.0  # m, depth
    depth_noise: float = 0.002  # standard deviation per m² of distance, m (grows with the square)
    depth_dropout: float = 0.002  # share of pixels without return


@dataclass(frozen=True)
class ImuModel:
    """Gyro and accelerometer."""

    rate_hz: float = 60.0
    gyro_std: float = 0.005  # rad/s
    gyro_bias_std: float = 0.002  # rad/s, constant in a run
    accel_std: float = 0.05  # m/s²


@dataclass(frozen=True)
class WheelModel:
    """Drive wheels and their encoders."""

    radius: float = 0.08  # m
    separation: float = 0.34  # m, between contact points
    ticks_per_turn: int = 2048
    slip_std: float = 0.02  # relative error of the angle rolled, per sample
    scale_std: float = 0.005  # relative radius error, constant in a run
    rate_hz: float = 60.0


@dataclass(frozen=True)
class RoverBody:
    """The rover. The footprint is a rectangle in base_link."""

    name: str = "rover"
    length: float = 0.42  # m along x, centred on base_link
    width: float = 0.40  # m along y
    height: float = 0.98  # m, top of the mast
    chassis_height: float = 0.26  # m, top of the chassis; above it only the mast stands
    mast_radius: float = 0.04  # m, at the camera's x, y
    drive: DriveLimits = field(default_factory=DriveLimits)
    lidar: LidarMount = field(default_factory=LidarMount)
    camera: CameraMount = field(default_factory=CameraMount)
    # Before and behind the mast, looking down: the steepest rays pass clear of the chassis' edge and meet the floor
    # 7 cm before and 13 cm behind it, the flattest look 14 and 5 degrees down.
    floor_front: DepthMount = field(default_factory=lambda: DepthMount(x=0.10, pitch=0.79))
    floor_rear: DepthMount = field(default_factory=lambda: DepthMount(x=0.0, yaw=3.141592653589793, pitch=0.62))
    imu: ImuModel = field(default_factory=ImuModel)
    wheels: WheelModel = field(default_factory=WheelModel)

    @property
    def footprint(self) -> tuple[tuple[float, float], ...]:
        """Corners in base_link, counter-clockwise from the front left, m."""
        x, y = self.length / 2.0, self.width / 2.0
        return ((x, y), (-x, y), (-x, -y), (x, -y))
