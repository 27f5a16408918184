"""What can go wrong between a host and the firmware's image on an emulated board, one test each.

In none may a joint pass a limit or move faster than allowed; the board holds within 250 ms of the last setpoint; the
link comes back within 1 s of its cause ending; whoever operates it is told; every frame is accounted for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import Bench, fastest, nod, wild

from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.emulator.sizes import used
from firmware_bridge.joints import TABLETOP
from firmware_bridge.link.link import ProtocolMismatch
from firmware_bridge.protocol.framing import frame
from firmware_bridge.transports.faulty import LineFaults
from robot.rng import spawn

HOLD_S = 0.25
RECOVER_S = 1.0


@pytest.fixture
def bench(firmware_build: Path) -> Iterator[Bench]:
    bench = Bench("uno", firmware_build)
    yield bench
    bench.close()
    bench.check_limits()


def still_after(bench: Bench, time_s: float) -> bool:
    """Whether the pulses asked for no movement from then on, but for the emulator's grain."""
    late = [[m.position for m in moments if m.time_s >= time_s] for moments in bench.rig.asked]
    return all(max(positions) - min(positions) < 0.002 for positions in late if positions)


def sent_is_accounted_for(bench: Bench) -> None:
    """Every frame sent was read by the board, or dropped by it and counted, or missed and counted by the host."""
    bench.line.faults = LineFaults()
    bench.run(0.5)
    counts = bench.device.link.counts
    assert counts.sent == counts.answered + counts.unanswered + len(bench.device.link._waiting)
    assert counts.board["accepted"] <= counts.sent
    assert counts.never_read <= counts.unanswered + 1
    assert bench.health.lost_to_device == counts.unanswered


@pytest.mark.parametrize("kind", ["uno", "mega"])
def test_a_good_line_loses_nothing_and_the_joints_follow(firmware_build: Path, kind: str) -> None:
    bench = Bench(kind, firmware_build)
    bench.start()
    bench.run(3.0, nod)
    bench.check_limits()
    counts = bench.device.link.counts
    assert counts.unanswered <= 1  # the Hello that came while the board was booting
    assert (counts.missed, counts.bad_received, counts.stale_received, counts.reopened) == (0, 0, 0, 0)
    for joint, (measured, wanted) in enumerate(zip(bench.readings[-1].measured, nod(bench.now_s), strict=True)):
        assert abs(measured - wanted) < 0.1, TABLETOP[joint].name
    assert len([r for r in bench.readings if r.stamp_ns > 1e9]) == pytest.approx((bench.now_s - 1.0) * 100, abs=3)
    stamps = [reading.stamp_ns for reading in bench.readings]
    assert stamps == sorted(stamps)
    bench.close()


def test_the_mega_s_own_pins(firmware_build: Path) -> None:
    bench = Bench("mega", firmware_build)
    bench.start(wild)
    bench.board.set_supply(4_200)
    bench.run(0.2, wild)
    assert bench.health.faults == ("supply",)
    bench.board.set_supply(6_000)
    bench.run(0.1)
    bench.device.clear_faults()
    bench.run(0.1)
    bench.start(wild)
    bench.board.set_estop(open_circuit=True)
    pressed = bench.now_s
    bench.run(0.3, wild)
    assert bench.health.faults == ("estop",)
    assert all(moments[-1].time_s < pressed + 0.05 for moments in bench.rig.asked)
    bench.close()
    bench.check_limits()


def test_data_and_stack_leave_room_in_the_uno(bench: Bench) -> None:
    """After a flood on the line, faults and commands: what the stack ever needed, on top of what is static."""
    assert isinstance(bench.board, EmulatedBoard)
    bench.start(wild)
    bench.board.write(spawn(6, "garbage").integers(0, 256, 20_000, dtype="uint8").tobytes())
    bench.run(1.0, wild)
    bench.board.set_estop(open_circuit=True)
    bench.run(0.5, wild)
    static = used(bench.board.image.with_suffix(".elf"))[1]
    assert 60 < bench.board.stack_bytes < 400
    assert static + bench.board.stack_bytes < 0.6 * 2048


@pytest.mark.parametrize("fault", ["drop", "corrupt", "repeat", "reorder"])
def test_one_byte_in_a_hundred_goes_wrong(bench: Bench, fault: str) -> None:
    bench.start()
    bench.line.faults = LineFaults(**{fault: 0.01})
    bench.run(4.0, nod)
    assert bench.line.harmed > 50
    assert bench.health.state in ("running", "holding", "starting"), bench.words
    moved = [reading.commanded for reading in bench.readings[-300:]]
    assert max(m[0] for m in moved) > 0.2  # the nod goes on
    counts = bench.device.link.counts
    assert counts.unanswered > 5
    assert counts.board["bad_frames"] > 5
    assert counts.bad_received > 5
    assert bench.health.lost_from_device == counts.missed > 0
    sent_is_accounted_for(bench)


@pytest.mark.parametrize("reads", [3, 8])
def test_bytes_that_come_late(bench: Bench, reads: int) -> None:
    """30 ms each way goes on; at 80 ms each way the answers still come, and what is too old is not done."""
    bench.start()
    bench.line.faults = LineFaults(delay_reads=reads)
    bench.run(3.0, nod)
    bench.line.faults = LineFaults()
    assert bench.recovered(RECOVER_S, nod)
    sent_is_accounted_for(bench)


def test_bytes_that_come_far_too_late_are_not_obeyed(bench: Bench) -> None:
    bench.start()
    begin = bench.now_s
    bench.line.faults = LineFaults(delay_reads=20)
    bench.run(1.5, wild)
    assert still_after(bench, begin + 0.2 + HOLD_S)
    bench.line.faults = LineFaults()
    assert bench.run(RECOVER_S, nod, lambda b: b.health.state == "running"), bench.words


def test_the_cable_is_pulled_for_5_s(bench: Bench) -> None:
    bench.start(wild)
    bench.cable.plugged = False
    pulled = bench.now_s
    bench.run(5.0, wild)
    assert still_after(bench, pulled + HOLD_S)
    assert not bench.rig.powered  # held, then relaxed
    assert bench.health.state == "absent"
    assert any("cable is pulled" in word for word in bench.words)
    bench.cable.plugged = True
    assert bench.recovered(RECOVER_S, wild), bench.words
    bench.run(0.3, wild)
    assert bench.health.faults == ("link_lost",)
    assert not bench.rig.powered  # nobody has cleared the fault
    assert bench.health.reconnects == 1
    bench.device.clear_faults()
    bench.run(0.2)
    bench.start(nod)


def test_a_short_break_is_held_and_goes_on_by_itself(bench: Bench) -> None:
    bench.start()
    bench.cable.plugged = False
    bench.run(1.0, nod)
    assert bench.rig.powered
    bench.cable.plugged = True
    assert bench.run(RECOVER_S, nod, lambda b: b.health.state in ("starting", "running")), bench.words
    assert any("holds" in word for word in bench.words)


def test_the_host_is_killed_and_started_again(bench: Bench, firmware_build: Path) -> None:
    bench.start(wild)
    killed = bench.now_s
    bench.rig.advance(4_000_000_000)
    assert still_after(bench, killed + HOLD_S)
    assert not bench.rig.powered
    bench.device = type(bench.device)(bench._plug)
    assert bench.recovered(RECOVER_S), bench.words
    bench.run(0.1)
    assert bench.health.faults == ("link_lost",)


def test_the_host_is_killed_and_at_once_started_again(bench: Bench) -> None:
    """The board still holds: the new host must enable by itself."""
    bench.start()
    bench.rig.advance(500_000_000)
    bench.device = type(bench.device)(bench._plug)
    assert bench.recovered(RECOVER_S, nod)
    bench.run(0.2, nod)
    assert bench.health.state == "holding"
    bench.start()


def test_the_firmware_is_reset(bench: Bench) -> None:
    bench.start(wild)
    bench.reset()
    assert bench.recovered(RECOVER_S, wild)
    bench.run(0.5, wild)
    assert bench.health.state == "relaxed"
    assert not bench.rig.powered
    assert any("was reset" in word for word in bench.words)
    assert any("limp until somebody enables" in word for word in bench.words)
    bench.start()


def test_a_brown_out_reset_is_a_fault(bench: Bench) -> None:
    bench.start()
    bench.reset(brown_out=True)
    assert bench.recovered(RECOVER_S, nod)
    bench.run(0.2, nod)
    assert (bench.health.state, bench.health.faults) == ("faulted", ("brown_out",))


def test_a_sagging_supply_relaxes_and_tells(bench: Bench) -> None:
    bench.start()
    bench.board.set_supply(4_200)
    bench.run(0.3, nod)
    assert (bench.health.state, bench.health.faults) == ("faulted", ("supply",))
    assert bench.health.supply_v == pytest.approx(4.2, abs=0.05)
    assert any("supply" in word for word in bench.words)
    assert not bench.rig.powered


def test_the_program_of_the_board_hangs(bench: Bench) -> None:
    """Its own watchdog resets it, and says so."""
    assert isinstance(bench.board, EmulatedBoard)
    bench.start(wild)
    bench.board.hang()
    bench.run(0.15, wild)
    bench.board.heal()
    assert bench.run(RECOVER_S, wild, lambda b: b.health.faults == ("watchdog",)), bench.words
    bench.run(0.3, wild)
    assert not bench.rig.powered


def test_a_stuck_servo_is_named_and_relaxed(bench: Bench) -> None:
    bench.start()
    bench.rig.servos[1].stuck = True
    assert bench.run(2.0, lambda t: (0.0, 0.6, 0.0, 0.0), lambda b: b.health.state == "faulted")
    assert bench.health.faults == ("stuck",)
    assert bench.health.joints_at_fault == (1,)
    bench.run(0.2)
    assert not bench.rig.powered


def test_the_estop_cuts_the_pulses(bench: Bench) -> None:
    bench.start(wild)
    bench.board.set_estop(open_circuit=True)
    pressed = bench.now_s
    bench.run(0.3, wild)
    assert bench.health.faults == ("estop",)
    assert all(moments[-1].time_s < pressed + 0.05 for moments in bench.rig.asked)
    bench.board.set_estop(open_circuit=False)
    bench.run(0.5, wild)
    assert bench.health.faults == ("estop",)  # until somebody clears it
    assert not bench.rig.powered


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_setpoints_that_are_no_numbers_are_not_sent(bench: Bench, bad: float) -> None:
    bench.start()
    refused, begin = bench.health.refused, bench.now_s
    bench.run(0.5, lambda t: (0.1, bad, 0.1, 0.1))
    assert bench.health.refused == refused + 49  # the last one is still to come
    assert bench.health.state == "holding"
    assert still_after(bench, begin + HOLD_S)


def test_setpoints_outside_the_limits_end_at_the_limits(bench: Bench) -> None:
    bench.start()
    bench.run(4.0, lambda t: (1e9, -1e9, 1e6, 3.3))
    assert bench.readings[-1].commanded == (2.7925, -0.6, 0.8, 0.6)
    bench.run(2.0, wild)
    for limits, moments in zip(TABLETOP, bench.rig.asked, strict=True):
        assert fastest(moments) > 0.9 * limits.rate  # the limit was really tried


def test_setpoints_for_other_joints_are_not_sent(bench: Bench) -> None:
    bench.start()
    assert not bench.device.aim(bench.rig.now_ns, (0.1, 0.1, 0.1))
    assert not bench.device.aim(bench.rig.now_ns, (0.1,) * 5)


def test_a_flood_of_garbage_on_the_line(bench: Bench) -> None:
    """As many bytes as the line carries: the board's loop keeps its period, and the watchdog holds the joints."""
    bench.start(wild)
    rng, begin = spawn(5, "garbage"), bench.now_s
    for _ in range(100):
        bench.board.write(rng.integers(0, 256, 250, dtype="uint8").tobytes())
        bench.rig.advance(10_000_000)
    assert still_after(bench, begin + HOLD_S)
    assert bench.recovered(RECOVER_S, nod), bench.words
    assert bench.run(RECOVER_S, nod, lambda b: b.health.state == "running"), bench.words
    counts = bench.device.link.counts.board
    assert counts["bad_frames"] > 20
    assert "overrun" not in bench.health.faults
    assert bench.health.loop_s < 0.005


def test_a_flood_of_good_frames_is_answered_or_counted(bench: Bench) -> None:
    bench.start()
    for n in range(2000):
        bench.cable.write(frame(bytes((2, n & 255, n >> 8))))  # Ping
    bench.run(1.0, nod)
    assert bench.recovered(RECOVER_S, nod)
    counts = bench.device.link.counts
    assert 2000 + counts.sent - counts.board["accepted"] <= 2  # the first Hello, and one on its way
    assert counts.board["lost_bytes"] == 0
    assert counts.board["unsent"] <= counts.missed


def test_a_host_of_another_version_is_told_what_mends_it(bench: Bench) -> None:
    protocol = bench.device.link._codec.protocol
    other = type(bench.device.link._codec)(type(protocol)(**{**_fields(protocol), "joints": 5}))
    bench.device.link._codec = other
    with pytest.raises(ProtocolMismatch, match=r"make firmware, then launch flash --board uno --port"):
        bench.run(1.0)
    assert not bench.rig.powered


def _fields(protocol: object) -> dict[str, object]:
    return {name: getattr(protocol, name) for name in protocol.__struct_fields__}  # type: ignore[attr-defined]


def test_two_runs_are_equal_to_the_byte(firmware_build: Path) -> None:
    def run() -> tuple[list[object], list[object]]:
        bench = Bench("uno", firmware_build, LineFaults(drop=0.01, corrupt=0.01))
        bench.device.enable(True)
        bench.run(2.0, nod)
        bench.close()
        return [repr(r) for r in bench.readings], [moment for moments in bench.rig.asked for moment in moments]

    first = run()
    assert first == run()
    assert len(first[0]) > 40  # of 200: a telemetry of 52 bytes rarely gets through
    assert first[1]
