"""What the Jackal means: the base of the BARN challenge (Perille et al., 2020), which drives by lidar alone.

It is the rover's kind of body with other numbers, so every node takes it as it is. Footprint, speed and lidar are the
challenge's; four skid-steered wheels are modelled as two driven ones and casters, which turns like their mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from robot.bodies.rover.body import DriveLimits, LidarMount, RoverBody, WheelModel


@dataclass(frozen=True)
class JackalBody(RoverBody):
    """A Clearpath Jackal. Nothing but the lidar looks around: it has no camera, and its floor is taken for flat."""

    name: str = "jackal"
    length: float = 0.42
    width: float = 0.33
    height: float = 0.24
    chassis_height: float = 0.24
    mast_radius: float = 0.0
    drive: DriveLimits = field(
        default_factory=lambda: DriveLimits(
            v_max=2.0,
            v_min=-0.5,
            omega_max=3.0,
            acceleration=3.0,
            braking=3.0,
            emergency_braking=6.0,
            angular_acceleration=8.0,
        )
    )
    lidar: LidarMount = field(
        default_factory=lambda: LidarMount(
            x=0.12,
            z=0.21,
            rays=720,
            angle_min=-2.356194490192345,
            fov=4.71238898038469,
            range_max=30.0,
        )
    )
    wheels: WheelModel = field(default_factory=lambda: WheelModel(radius=0.098, separation=0.28))
