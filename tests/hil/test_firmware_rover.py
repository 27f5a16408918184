"""The rover's limits in the firmware's core, by its behaviour: wheels brake where joints would hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from boards import CoreBoard
from core_harness import Core

from firmware_bridge.wheels import SPEED_MAX, Wheels
from robot.bodies.rover.body import RoverBody

FULL = round(SPEED_MAX * 1000)  # mrad/s
WHEELS = Wheels()


@pytest.fixture
def rover(firmware_build: Path) -> Iterator[Core]:
    """The rover's core, fresh; nothing measures its wheels."""
    board = CoreBoard(firmware_build, program="core_host_rover")
    yield Core(board, follow=False)
    board.close()


def test_the_firmware_has_the_limits_of_the_body(rover: Core) -> None:
    rover.hello()
    drive, wheel = RoverBody().drive, RoverBody().wheels
    for joint in (0, 1):
        (info, _) = rover.say("Describe", joint=joint)
        assert info.number("position_max") == -info.number("position_min") == FULL
        turning = drive.omega_max * wheel.separation / 2.0
        assert info.number("position_max") == pytest.approx((drive.v_max + turning) / wheel.radius * 1e3, abs=1)
        faster = drive.angular_acceleration * wheel.separation / 2.0
        assert info.number("rate_max") == pytest.approx((drive.acceleration + faster) / wheel.radius * 1e2, abs=1)
        assert info.number("us_per_rad") == WHEELS.calibration[joint].us_per_rad == (400, -400)[joint]
    for joint in (2, 3):
        (info, _) = rover.say("Describe", joint=joint)
        assert info.number("position_max") == info.number("position_min") == 0


def test_wheels_turn_as_asked_within_their_limits_and_the_right_one_is_mirrored(rover: Core) -> None:
    rover.run()
    rover.keep(400, (5_000, -5_000, 9_000, 9_000))
    assert rover.commanded == (5_000, -5_000, 0, 0)
    assert [pulse / 2 for pulse in rover.pulses[:2]] == pytest.approx([1700, 1700], abs=0.5)
    assert rover.setpoint((32_000, 32_000, 0, 0)) == "clamped"
    rover.keep(600, (32_000, 32_000, 0, 0))
    assert rover.commanded == (FULL, FULL, 0, 0)
    assert [pulse / 2 for pulse in rover.pulses[:2]] == pytest.approx([1500 + 670, 1500 - 670], abs=0.5)
    assert rover.faults == ()


def test_no_wheel_gathers_speed_faster_than_its_rate_and_none_slower(rover: Core) -> None:
    rover.run()
    before = rover.commanded[0]
    rover.keep(20, (FULL, 0, 0, 0))
    assert rover.commanded[0] - before == pytest.approx(27_250 * 0.1, abs=2 * 27_250 * 0.005)


def test_without_setpoints_the_wheels_brake_after_100_ms_and_hard(rover: Core) -> None:
    rover.run()
    rover.keep(400, (10_000, -10_000, 0, 0))
    rover.setpoint((10_000, -10_000, 0, 0))
    rover.step(18)
    assert rover.state == "running"
    assert rover.commanded[:2] == (10_000, -10_000)
    rover.step(2)
    assert rover.state == "holding"
    begun = rover.commanded[0]
    rover.step(20)
    assert begun - rover.commanded[0] == pytest.approx(75_000 * 0.1, abs=75_000 * 0.006)
    rover.step(20)
    assert rover.commanded == (0, 0, 0, 0)
    assert rover.pulses[:2] == [3000, 3000]
    rover.step(400)
    assert (rover.state, rover.faults, rover.pulses) == ("faulted", ("link_lost",), [0, 0, 0, 0])


def test_wheels_that_were_enabled_anew_stand_still(rover: Core) -> None:
    """Not at the speed at which somebody relaxed them."""
    rover.run()
    rover.keep(400, (10_000, 10_000, 0, 0))
    assert rover.status("Enable", on=0) == "ok"
    rover.step(2)
    assert rover.status("Enable", on=1) == "ok"
    rover.step(2)
    assert rover.commanded == (0, 0, 0, 0)
    assert rover.pulses[:2] == [3000, 3000]


def test_a_new_session_stops_the_wheels(rover: Core) -> None:
    rover.run()
    rover.keep(400, (10_000, 10_000, 0, 0))
    rover.hello()
    rover.step(40)
    assert rover.state == "holding"
    assert rover.commanded == (0, 0, 0, 0)
