"""Every limit and timeout of the firmware's core, by its behaviour; tools/mutate_firmware.py expects each to show."""

from __future__ import annotations

import pytest
from core_harness import Core, calibrate

from firmware_bridge.joints import (
    DEFAULT_CALIBRATION,
    PULSE_MAX_US,
    PULSE_MIN_US,
    TABLETOP,
    US_PER_RAD_MAX,
    ServoCalibration,
)
from firmware_bridge.protocol.framing import frame

JOINTS = range(4)


@pytest.mark.parametrize("joint", JOINTS)
def test_the_firmware_has_the_limits_that_the_host_knows(core: Core, joint: int) -> None:
    core.hello()
    (info, _) = core.say("Describe", joint=joint)
    limits, default = TABLETOP[joint], DEFAULT_CALIBRATION[joint]
    said = {name: info.number(name) for name in info.fields}
    assert said == {
        "joint": joint,
        "position_min": round(limits.min_rad * 1e4),
        "position_max": round(limits.max_rad * 1e4),
        "rate_max": round(limits.rate * 1e3),
        "pulse_min_us": PULSE_MIN_US,
        "pulse_max_us": PULSE_MAX_US,
        "centre_us": default.centre_us,
        "us_per_rad": default.us_per_rad,
        "range_min": round(limits.min_rad * 1e4),
        "range_max": round(limits.max_rad * 1e4),
        "feedback_centre_mv": default.feedback_centre_mv,
        "feedback_mv_per_rad": default.feedback_mv_per_rad,
    }


@pytest.mark.parametrize("sign", [-1, 1])
def test_no_setpoint_moves_a_joint_past_its_limit(core: Core, sign: int) -> None:
    core.run()
    assert core.setpoint((sign * 32_000,) * 4) == "clamped"
    core.keep(600, (sign * 32_767,) * 4)
    limits = [limit.max_rad if sign > 0 else limit.min_rad for limit in TABLETOP]
    assert core.commanded == tuple(round(limit * 1e4) for limit in limits)
    pulses = [c.pulse_us(limit) for c, limit in zip(DEFAULT_CALIBRATION, limits, strict=True)]
    assert [pulse / 2 for pulse in core.pulses] == pytest.approx(pulses, abs=0.5)


@pytest.mark.parametrize("joint", JOINTS)
def test_no_joint_moves_faster_than_its_rate_and_none_is_slower(core: Core, joint: int) -> None:
    core.run()
    far = tuple(round(limit.max_rad * 1e4) if n == joint else 0 for n, limit in enumerate(TABLETOP))
    before = core.commanded[joint]
    core.keep(40, far)  # 0.2 s, and the way is longer at any rate
    assert core.commanded[joint] - before == pytest.approx(
        TABLETOP[joint].rate * 0.2 * 1e4, abs=TABLETOP[joint].rate * 50
    )


def test_setpoints_that_stop_are_held_after_200_ms(core: Core) -> None:
    core.run()
    core.keep(20, (20_000, 0, 0, 0))
    core.setpoint((20_000, 0, 0, 0))
    core.step(38)
    assert core.state == "running"
    core.step(2)
    assert core.state == "holding"
    held = core.commanded
    core.step(100)
    assert core.commanded == held
    assert held[0] < 20_000
    assert core.pulses[0]


def test_a_hold_ends_with_the_next_setpoint(core: Core) -> None:
    core.run()
    core.step(60)
    assert core.state == "holding"
    core.keep(40, (3_000, 0, 0, 0))
    assert core.state == "running"
    assert core.commanded[0] == 3_000


def test_a_hold_of_two_seconds_relaxes_and_latches(core: Core) -> None:
    core.run()
    core.setpoint()
    core.step(40 + 398)
    assert core.state == "holding"
    core.step(4)
    assert (core.state, core.faults, core.pulses) == ("faulted", ("link_lost",), [0, 0, 0, 0])
    assert core.setpoint() == "not_enabled"
    assert core.status("Enable", on=1) == "refused"
    assert core.status("ClearFaults", faults=16) == "ok"
    core.step(2)
    assert core.state == "relaxed"
    assert core.status("Enable", on=1) == "ok"


@pytest.mark.parametrize(
    ("ahead_ms", "status"), [(-100, "ok"), (-100.1, "too_old"), (80, "ok"), (80.1, "too_far"), (10_000, "too_far")]
)
def test_setpoints_must_be_due_about_now(core: Core, ahead_ms: float, status: str) -> None:
    core.run()
    late = core.number("late")
    assert core.setpoint(ahead_ms=ahead_ms) == status
    core.step(2)
    assert core.number("late") - late == (status != "ok")


def test_a_setpoint_waits_for_its_time_even_when_the_clock_wraps(core: Core) -> None:
    core.run()
    core.step(1, 2**32 - core.now_us % 2**32 - 20_000)  # 20 ms before the wrap; the pause is an overrun
    core.step()
    core.status("ClearFaults", faults=core.codec.protocol.mask("fault"))
    core.status("Enable", on=1)
    assert core.setpoint((1_000, 0, 0, 0), ahead_ms=50) == "ok"
    core.step(9)
    assert core.commanded[0] == 0
    core.step(3)
    assert core.commanded[0] > 0


def test_more_setpoints_than_fit_are_refused_and_none_is_lost(core: Core) -> None:
    core.run()
    core.step(2)
    answers = [core.setpoint((100 * n, 0, 0, 0), ahead_ms=40 + n) for n in range(10)]
    assert answers == ["ok"] * 8 + ["too_far"] * 2
    core.keep(30, (700, 0, 0, 0))
    assert core.commanded[0] == 700


def test_soft_start_begins_where_the_servos_are_and_is_slow(core: Core) -> None:
    core.hello()
    core.place(0, 1.0)
    core.place(1, -0.5)
    core.step(2)
    assert core.status("Enable", on=1) == "ok"
    core.step(2)
    assert core.commanded[:2] == (10_000, -5_000)
    core.keep(80)  # 0.4 s at 0.3 rad/s
    assert core.state == "starting"
    assert core.commanded[0] == pytest.approx(10_000 - 0.4 * 3_000, abs=20)
    core.keep(76)
    assert core.state == "starting"
    core.keep(4)
    assert core.state == "running"
    assert core.commanded[0] == pytest.approx(10_000 - 0.8 * 3_000, abs=260)  # and two steps at the full rate


def test_a_joint_found_beyond_its_limit_only_ever_moves_back(core: Core) -> None:
    core.hello()
    core.place(1, 1.2)  # the limit is 0.9
    core.step(2)
    core.status("Enable", on=1)
    core.step(2)
    assert core.commanded[1] == 12_000
    core.keep(1000, (0, 32_000, 0, 0))
    assert core.commanded[1] == 9_000


@pytest.mark.parametrize(("end", "pulse"), [(2.0, 2 * PULSE_MAX_US), (-2.0, 2 * PULSE_MIN_US)])
def test_no_pulse_is_ever_outside_what_servos_take(core: Core, end: float, pulse: int) -> None:
    """Also not where the feedback claims an impossible position to start from."""
    core.hello()
    core.place(1, end)
    core.step(2)
    core.status("Enable", on=1)
    core.follow = False
    core.step(2)
    assert core.pulses[1] == pulse


def test_the_estop_latches_after_10_ms_and_a_spike_does_not(core: Core) -> None:
    core.run()
    core.board.set_estop(open_circuit=True)
    core.step()
    core.board.set_estop(open_circuit=False)
    core.keep(4)
    assert core.faults == ()
    core.board.set_estop(open_circuit=True)
    core.step(2)
    assert core.pulses == [0, 0, 0, 0]
    core.step(2)
    assert (core.state, core.faults) == ("faulted", ("estop",))
    assert core.status("ClearFaults", faults=1) == "refused"  # still pressed
    core.board.set_estop(open_circuit=False)
    core.step(50)
    assert core.faults == ("estop",)  # released is not cleared
    assert core.status("Enable", on=1) == "refused"
    assert core.status("ClearFaults", faults=1) == "ok"
    core.step(2)
    assert (core.state, core.faults) == ("relaxed", ())


def test_the_estop_latches_while_relaxed_too(core: Core) -> None:
    core.hello()
    core.board.set_estop(open_circuit=True)
    core.step(4)
    assert core.faults == ("estop",)


@pytest.mark.parametrize(("millivolts", "steps", "fault"), [(4_799, 10, True), (4_799, 9, False), (4_800, 400, False)])
def test_a_sagging_supply_latches(core: Core, millivolts: int, steps: int, fault: bool) -> None:
    core.run()
    core.board.set_supply(millivolts)
    core.keep(steps)
    core.board.set_supply(6_000)
    core.keep(2)
    assert core.faults == (("supply",) if fault else ())


def test_a_low_supply_refuses_enable(core: Core) -> None:
    core.hello()
    core.board.set_supply(4_000)
    core.step(12)
    assert core.status("Enable", on=1) == "refused"
    assert core.faults == ()  # nothing was powered: nothing to latch


@pytest.mark.parametrize(
    ("error", "steps", "stuck"), [(0.2, 400, False), (0.202, 98, False), (0.202, 102, True), (-0.202, 102, True)]
)
def test_a_joint_that_does_not_follow_latches_and_is_named(core: Core, error: float, steps: int, stuck: bool) -> None:
    core.run()
    core.follow = False
    for joint in JOINTS:
        core.place(joint, error if joint == 2 else 0.0)
    core.keep(steps)
    assert core.faults == (("stuck",) if stuck else ())
    assert core.number("stuck_joints") == (4 if stuck else 0)


@pytest.mark.parametrize(
    ("millivolts", "steps", "broken"),
    [(99, 20, True), (99, 18, False), (100, 90, False), (4_901, 20, True), (4_900, 90, False)],
)
def test_a_feedback_out_of_range_is_a_broken_wire(core: Core, millivolts: int, steps: int, broken: bool) -> None:
    core.run()
    core.follow = False
    core.board.set_feedback(0, millivolts)
    core.keep(steps)
    assert core.faults == (("feedback",) if broken else ())


@pytest.mark.parametrize(("period_us", "fault"), [(15_000, False), (15_100, True)])
def test_a_late_control_step_latches(core: Core, period_us: int, fault: bool) -> None:
    core.run()
    core.setpoint()
    core.step(1, period_us)
    core.keep(2)
    assert core.faults == (("overrun",) if fault else ())


def test_commands_are_done_once_however_often_they_come(core: Core) -> None:
    core.run()
    core.status("Enable", on=0)
    core.step(2)
    assert core.state == "relaxed"
    assert core.status("Enable", core.seq - 100, on=1) == "repeated"
    assert core.status("Enable", core.seq, on=1) == "repeated"
    core.step(2)
    assert core.state == "relaxed"


def test_an_old_setpoint_does_not_come_back(core: Core) -> None:
    core.run()
    assert core.setpoint((500, 0, 0, 0)) == "ok"
    assert core.setpoint((-500, 0, 0, 0), seq=core.seq) == "too_old"
    assert core.setpoint((-500, 0, 0, 0), seq=core.seq - 3) == "too_old"
    core.keep(20, (500, 0, 0, 0))
    assert core.commanded[0] == 500


def test_a_new_session_holds_until_it_enables_itself(core: Core) -> None:
    core.run()
    core.hello()
    core.step(2)
    assert core.state == "holding"
    assert core.setpoint((1_000, 0, 0, 0)) == "not_enabled"
    assert core.status("Enable", on=1) == "ok"
    assert core.setpoint((1_000, 0, 0, 0)) == "ok"


def test_before_hello_and_with_another_version_nothing_is_done(core: Core) -> None:
    assert core.status("Enable", on=1) == "no_session"
    (welcome,) = core.hello(protocol=1)
    assert welcome.number("protocol") == core.codec.protocol.version
    assert core.status("Enable", on=1) == "no_session"
    core.step(10)
    assert core.telemetry is None


def test_frames_that_mean_nothing_are_answered_and_counted(core: Core) -> None:
    core.hello()
    answers = (
        core.send(frame(b"\x77\x05\x00abc")) + core.send(frame(b"\x20\x06\x00abc")) + core.send(b"\x00\x05junk\x00")
    )
    assert [core.codec.protocol.name("status", a.number("status")) for a in answers] == ["unknown_type", "bad_length"]
    assert core.status("Describe", joint=4) == "bad_value"
    assert core.status("Enable", on=2) == "bad_value"
    core.step(2)
    assert (core.number("accepted"), core.number("rejected"), core.number("bad_frames")) == (5, 4, 1)


def test_frames_that_the_line_does_not_take_are_counted(core: Core) -> None:
    core.hello()
    core.board.busy(True)
    core.step(20)
    core.board.busy(False)
    core.step(2)
    assert core.number("unsent") == 10


@pytest.mark.parametrize("bit", [32, 64])
def test_a_reset_by_brown_out_or_watchdog_is_a_fault(core: Core, bit: int) -> None:
    core.board.reset(reset_faults=bit)
    core.hello()
    core.step(2)
    assert core.state == "faulted"
    assert core.status("Enable", on=1) == "refused"
    assert core.status("ClearFaults", faults=bit) == "ok"
    assert core.status("Enable", on=1) == "ok"


GOOD = ServoCalibration(1480, -600, -0.5, 0.7, 2400, -1100)


def test_a_calibration_counts_and_may_turn_the_servo_round(core: Core) -> None:
    core.hello()
    assert calibrate(core, 1, GOOD) == "ok"
    for joint in JOINTS:
        core.place(joint, 0.0)
    core.board.set_feedback(1, 2_400)
    core.follow = False
    core.step(2)
    core.status("Enable", on=1)
    core.step(2)
    assert core.commanded[1] == 0
    core.status("Enable", on=0)
    core.board.set_feedback(1, 2_400 - 1_100 * 0.5)
    core.step(2)
    core.status("Enable", on=1)
    core.keep(20, (0, 9_000, 0, 0))
    assert 5_000 < core.commanded[1] <= 7_000
    assert core.pulses[1] == pytest.approx(2 * (1_480 - 600 * core.commanded[1] / 1e4), abs=1)


@pytest.mark.parametrize(
    ("calibration", "status"),
    [
        (ServoCalibration(1500, US_PER_RAD_MAX, -0.3, 0.3), "ok"),
        (ServoCalibration(1500, -US_PER_RAD_MAX, -0.3, 0.3), "ok"),
        (ServoCalibration(1500, US_PER_RAD_MAX + 1, -0.3, 0.3), "bad_value"),
        (ServoCalibration(1500, -US_PER_RAD_MAX - 1, -0.3, 0.3), "bad_value"),
        (ServoCalibration(1500, 0, -0.3, 0.3), "bad_value"),
        (ServoCalibration(2000, 1000, -0.5, 0.5), "ok"),  # ends at the longest pulse
        (ServoCalibration(2001, 1000, -0.5, 0.5), "bad_value"),
        (ServoCalibration(1000, 1000, -0.5, 0.5), "ok"),  # ends at the shortest
        (ServoCalibration(999, 1000, -0.5, 0.5), "bad_value"),
        (ServoCalibration(1500, 600, -0.6001, 0.5), "bad_value"),
        (ServoCalibration(1500, 600, -0.5, 0.9001), "bad_value"),
        (ServoCalibration(1500, 600, -0.6, 0.9), "ok"),
        (ServoCalibration(1500, 600, 0.5, 0.5), "bad_value"),
    ],
)
def test_a_calibration_never_passes_a_limit(core: Core, calibration: ServoCalibration, status: str) -> None:
    core.hello()
    assert calibrate(core, 1, calibration) == status


def test_no_calibration_under_power(core: Core) -> None:
    core.run()
    assert calibrate(core, 1, GOOD) == "refused"
    core.step(60)
    assert calibrate(core, 1, GOOD) == "refused"  # holding is powered too


def test_without_feedback_nothing_is_known_and_nothing_is_stuck(core: Core) -> None:
    core.hello()
    for joint, default in enumerate(DEFAULT_CALIBRATION):
        blind = ServoCalibration(default.centre_us, default.us_per_rad, -0.5, 0.5, 2500, 0)
        assert calibrate(core, joint, blind) == "ok"
        core.board.set_feedback(joint, 0)
    core.follow = False
    core.step(2)
    assert core.status("Enable", on=1) == "ok"
    core.keep(400, (5_000,) * 4)
    assert (core.state, core.faults) == ("running", ())
    assert core.telemetry
    assert core.telemetry.numbers("measured") == (core.codec.protocol.unknown["position"],) * 4
