"""The rover in physics: geometry against the body, driving, braking, touching, falling."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from robot.bodies.rover.body import RoverBody
from robot.messages import CmdVel
from robot.rng import spawn
from robot.safety.config import SafetyConfig
from sim.base import BODIES, BaseState, RoverBase
from sim.scene import PHYSICS_HZ, Scene
from sim.sensors.contacts import TouchSensors, bumper_segment
from sim.sensors.wheels import WheelEncoders
from worlds.shape import Shape

BODY = RoverBody()
FLOOR = Shape("floor", "box", (20.0, 20.0, 0.1), (0.0, 0.0, -0.05), semantic="floor")


class Track:
    """A rover in a small world, driven by twists."""

    def __init__(self, *shapes: Shape, yaw: float = 0.0) -> None:
        self.scene = Scene(shapes or (FLOOR,), visible=False)
        self.base = RoverBase(self.scene.client, BODY, 0.0, 0.0, 0.0, yaw)
        self.tick = 0

    def drive(self, seconds: float, v: float | None, omega: float = 0.0) -> BaseState:
        """Drive for a while; v None sends no commands."""
        for _ in range(round(seconds * PHYSICS_HZ)):
            now = self.tick * 1_000_000_000 // PHYSICS_HZ
            self.base.command(now, None if v is None else CmdVel(stamp_ns=now, v=v, omega=omega))
            self.base.drive()
            self.scene.step()
            self.tick += 1
        return self.base.state()


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split()]


def test_urdf_is_the_body() -> None:
    root = ElementTree.parse(BODIES / "rover" / "rover.urdf").getroot()
    base = next(link for link in root.findall("link") if link.get("name") == "base_link")
    parts = {part.get("name"): part for part in (*base.findall("visual"), *base.findall("collision"))}
    origins = {name: part.find("origin") for name, part in parts.items()}
    assert numbers(origins["lidar"].get("xyz")) == [BODY.lidar.x, BODY.lidar.y, BODY.lidar.z]
    assert numbers(origins["camera"].get("xyz")) == [BODY.camera.x, BODY.camera.y, BODY.camera.z]
    assert numbers(origins["camera"].get("rpy")) == [0.0, BODY.camera.pitch, 0.0]
    for name, mount in (("floor_front", BODY.floor_front), ("floor_rear", BODY.floor_rear)):
        assert numbers(origins[name].get("xyz")) == [mount.x, mount.y, mount.z]
        assert numbers(origins[name].get("rpy")) == [0.0, mount.pitch, mount.yaw]
    length, width, tall = numbers(parts["chassis"].find("geometry/box").get("size"))
    assert (length, width) == (BODY.length, BODY.width)
    assert numbers(origins["chassis"].get("xyz"))[2] + tall / 2.0 == pytest.approx(BODY.chassis_height)
    mast = parts["mast"].find("geometry/cylinder")
    x, _, z = numbers(origins["mast"].get("xyz"))
    assert (x, float(mast.get("radius"))) == (BODY.camera.x, BODY.mast_radius)
    assert z + float(mast.get("length")) / 2.0 == pytest.approx(BODY.height)
    left = next(j for j in root.findall("joint") if j.get("name") == "left_wheel_joint")
    assert numbers(left.find("origin").get("xyz")) == [0.0, BODY.wheels.separation / 2.0, BODY.wheels.radius]
    masses = [float(mass.get("value")) for mass in root.iter("mass")]
    assert 10.0 < sum(masses) < 15.0


def test_drives_a_metre_straight() -> None:
    track = Track()
    track.drive(2.0, 0.5)
    state = track.drive(1.0, 0.0)
    # 2 s at 0.5 m/s, less the way lost to speeding up at 1 m/s² and gained in braking at 1.5 m/s²
    limits = BODY.drive
    expected = 2.0 * 0.5 - 0.5**2 / 2.0 / limits.acceleration + 0.5**2 / 2.0 / limits.braking
    assert state.position[0] == pytest.approx(expected, abs=0.02)
    assert abs(state.position[1]) < 0.01
    assert abs(state.forward_speed) < 0.005


def test_turns_a_right_angle_on_the_spot() -> None:
    track = Track()
    track.drive(math.pi / 2.0, 0.0, 1.0)
    state = track.drive(1.0, 0.0)
    assert state.yaw == pytest.approx(math.pi / 2.0, abs=0.04)
    assert np.hypot(*state.position[:2]) < 0.02


def test_limits_speed_and_acceleration() -> None:
    track = Track()
    assert track.drive(0.25, 5.0).forward_speed < BODY.drive.acceleration * 0.25 + 0.02
    assert track.drive(2.0, 5.0).forward_speed == pytest.approx(BODY.drive.v_max, abs=0.02)
    assert track.drive(3.0, -5.0).forward_speed == pytest.approx(BODY.drive.v_min, abs=0.02)


def test_watchdog_brakes_when_commands_stop_or_are_no_numbers() -> None:
    for silence in (None, math.nan):
        track = Track()
        track.drive(1.5, 0.8)
        still_going = track.drive(BODY.drive.watchdog_s - 0.05, silence)
        assert still_going.forward_speed > 0.75
        stopped = track.drive(0.1 + 0.8 / BODY.drive.braking, silence)
        assert abs(stopped.forward_speed) < 0.02


def test_slippery_floor_costs_distance_that_encoders_do_not_see() -> None:
    track = Track()
    track.base.slip(True)
    state = track.drive(2.0, 1.0)
    rolled = (state.wheel_left + state.wheel_right) / 2.0 * BODY.wheels.radius
    assert rolled > state.position[0] + 0.2


def test_encoders_tell_whole_ticks_with_small_errors() -> None:
    track, tick = Track(), 2.0 * math.pi / BODY.wheels.ticks_per_turn
    encoders = WheelEncoders(BODY.wheels, spawn(1, "wheels"))
    for _ in range(120):
        state = track.drive(1.0 / 60.0, 0.5)
        told = encoders.sample(0, state)
    for angle, true in ((told.left_rad, state.wheel_left), (told.right_rad, state.wheel_right)):
        assert angle / tick == pytest.approx(round(angle / tick), abs=1e-6)
        assert angle == pytest.approx(true, rel=0.03)
        assert angle != pytest.approx(true, abs=tick / 100.0)


def test_bumper_segments() -> None:
    assert [bumper_segment(*xy) for xy in ((0.2, 0.15), (0.21, 0.0), (0.2, -0.15), (-0.21, 0.1))] == [0, 1, 2, 3]


def test_cliff_sensors_see_a_step_down() -> None:
    high = Shape("high", "box", (2.0, 4.0, 0.1), (-0.82, 0.0, -0.05), semantic="floor")
    low = Shape("low", "box", (2.0, 4.0, 0.1), (1.18, 0.0, -0.23), semantic="floor")
    track, sensors = Track(high, low), TouchSensors(BODY)
    assert sensors.sample(0, track.drive(0.1, 0.0), track.scene.rays, ()).cliff == (True, True, False, False)
    assert not any(sensors.sample(0, track.drive(3.0, -0.1), track.scene.rays, ()).cliff)


@pytest.mark.parametrize(("speed", "stays"), [(SafetyConfig().unseen_reverse_speed, True), (0.8, False)])
def test_backing_over_unseen_floor_the_cliff_sensors_stop_it_in_time(speed: float, stays: bool) -> None:
    high = Shape("high", "box", (2.0, 4.0, 0.1), (0.2, 0.0, -0.05), semantic="floor")
    low = Shape("low", "box", (2.0, 4.0, 0.1), (-1.8, 0.0, -0.20), semantic="floor")
    track, sensors = Track(high, low), TouchSensors(BODY)
    told: list[float] = [-speed, -speed]  # sensor, safety and wheels: two periods of 60 Hz
    for _ in range(6 * 60):
        state = track.drive(1.0 / 60.0, told[-2])
        gone = any(sensors.sample(0, state, track.scene.rays, ()).cliff) or told[-1] == 0.0
        told.append(0.0 if gone else -speed)
    assert told[-1] == 0.0
    assert (float(state.position[2]) > -0.02) == stays


def test_falls_down_a_step() -> None:
    high = Shape("high", "box", (2.0, 4.0, 0.1), (-0.5, 0.0, -0.05), semantic="floor")
    low = Shape("low", "box", (2.0, 4.0, 0.1), (1.5, 0.0, -0.23), semantic="floor")
    track = Track(high, low)
    assert track.drive(1.0, 0.4).tilt < math.radians(2.0)
    assert track.drive(1.5, 0.4).tilt > math.radians(25.0)


def test_wheels_do_not_touch_what_stands_beside_the_chassis() -> None:
    wall = Shape("wall", "box", (4.0, 0.1, 1.0), (0.0, 0.27, 0.5), semantic="wall")  # 2 cm beside the chassis
    state = Track(FLOOR, wall).drive(2.0, 0.5)
    assert state.position[0] > 0.8
    assert abs(state.position[1]) < 0.005


def test_low_things_lift_the_wheels_and_high_ones_stop_the_chassis() -> None:
    cable = Shape("cable", "box", (0.02, 2.0, 0.01), (0.4, 0.0, 0.005), semantic="clutter")
    shoe = Shape("shoe", "box", (0.3, 0.1, 0.10), (1.5, 0.0, 0.05), semantic="clutter")
    track = Track(FLOOR, cable, shoe)
    assert track.drive(2.0, 0.5).position[0] > 0.7
    assert track.drive(4.0, 0.5).position[0] == pytest.approx(1.35 - BODY.length / 2.0, abs=0.03)
