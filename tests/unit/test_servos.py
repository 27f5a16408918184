"""Bus servos: the makers' own packets against emulators of their servos, with everything a bus does wrong."""

from __future__ import annotations

import math
import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

pytest.importorskip("scservo_sdk", reason="pip install feetech-servo-sdk")
pytest.importorskip("dynamixel_sdk", reason="pip install dynamixel-sdk")

from firmware_bridge.devices.bus_servos import BusServo, BusServos
from firmware_bridge.devices.device import Health, Reading
from firmware_bridge.devices.dynamixel import DynamixelBus
from firmware_bridge.devices.feetech import SCS, FeetechBus
from firmware_bridge.devices.makers import BusMounting
from firmware_bridge.emulator.dynamixel import DynamixelEmulator, crc
from firmware_bridge.emulator.feetech import FeetechEmulator, checksum
from firmware_bridge.emulator.servo_bus import BusTrouble, ServoBusEmulator
from firmware_bridge.joints import TABLETOP
from firmware_bridge.node import ServoConfig, ServoNode
from firmware_bridge.transports.transport import Transport, TransportLost
from robot.messages import DeviceHealth, DeviceRequest, JointSetpoints
from robot.node import Envelope, Inbox, Message, Stamped
from robot.rng import spawn

PERIOD_NS = 10_000_000
IDS = (1, 2, 3, 4)
END = b"end of the test"
OVERHEAT = {"feetech": 2, "dynamixel": 2}
OVERLOAD = {"feetech": 5, "dynamixel": 5}


@contextmanager
def served(emulator: ServoBusEmulator) -> Iterator[str]:
    """The emulated bus behind a pseudo-terminal; its servos move a little whenever somebody speaks."""
    master, slave = os.openpty()
    tty.setraw(slave)

    def serve() -> None:
        while (data := os.read(master, 4096)) != END:
            emulator.write(data)
            emulator.advance(PERIOD_NS / 1e9)
            if answer := emulator.read():
                os.write(master, answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield os.ttyname(slave)
    os.write(slave, END)
    thread.join()
    os.close(master)
    os.close(slave)


def stamped(topic: str, message: Message) -> Stamped[Message]:
    return Stamped(Envelope(topic, 0, 0, "test"), message)


class Clock:
    """A tenth of a millisecond passes each time somebody looks."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1e-4
        return self.now_s


class Desk:
    """A body of bus servos, run at 100 Hz."""

    def __init__(self, maker: str) -> None:
        self.maker = maker
        self.emulator: ServoBusEmulator = FeetechEmulator(IDS) if maker == "feetech" else DynamixelEmulator(IDS)
        self.plugged = True
        self.clock = Clock()
        bus_class = FeetechBus if maker == "feetech" else DynamixelBus
        self.bus = bus_class(self._open, clock_s=self.clock)
        servos = [BusServo(n, limits, 2048, (-1) ** n) for n, limits in zip(IDS, TABLETOP, strict=True)]
        self.device = BusServos(self.bus, servos)
        self.now_ns = 0
        self.readings: list[Reading] = []
        self.words: list[str] = []
        self.health = Health()
        self.goals: list[list[float]] = []

    def _open(self) -> Transport:
        if not self.plugged:
            raise TransportLost("no such adapter")
        return _Cable(self)

    def run(self, seconds: float, aim: tuple[float, ...] | None = None) -> None:
        for _ in range(round(seconds * 1e9 / PERIOD_NS)):
            self.readings += self.device.poll(self.now_ns)
            self.health = self.device.health()
            self.words += self.health.words
            if aim:
                self.device.aim(self.now_ns, aim)
            self.emulator.advance(PERIOD_NS / 1e9)
            self.now_ns += PERIOD_NS

    def start(self) -> None:
        self.run(0.05)
        self.device.enable(True)
        self.run(1.0, (0.0,) * 4)
        assert self.health.state == "running", self.words

    def check_limits(self) -> None:
        """By every goal that any servo was ever sent."""
        for n, (servo, limits) in enumerate(zip(self.emulator.servos.values(), TABLETOP, strict=True)):
            scale, sign = self.emulator.counts_per_rad, (-1) ** IDS[n]
            goals = [sign * (goal - 2048) / scale for goal in servo.goals]
            grain = 1 / scale
            assert min(goals, default=0) >= limits.min_rad - grain
            assert max(goals, default=0) <= limits.max_rad + grain
            steps = [abs(b - a) for a, b in pairwise(goals)]
            assert max(steps, default=0) <= limits.rate * PERIOD_NS / 1e9 + 2 * grain

    @property
    def torque(self) -> list[int]:
        return [servo.table[self.emulator.torque_address] for servo in self.emulator.servos.values()]


class _Cable:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self) -> bytes:
        self._check()
        return self._desk.emulator.read()

    def write(self, data: bytes) -> None:
        self._check()
        self._desk.emulator.write(data)

    def close(self) -> None:
        pass

    def _check(self) -> None:
        if not self._desk.plugged:
            raise TransportLost("unplugged")


@pytest.fixture(params=["feetech", "dynamixel"])
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(request.param)


def test_the_emulators_checks_are_the_makers() -> None:
    """Examples printed on the makers' pages: a ping to servo 1 of each."""
    assert checksum(bytes((1, 2, 1))) == 0xFB
    assert crc(bytes((0xFF, 0xFF, 0xFD, 0, 1, 3, 0, 1))) == 0x4E19


def test_the_joints_go_where_they_are_sent(desk: Desk) -> None:
    desk.start()
    aim = (0.5, 0.3, -0.4, 0.2)
    desk.run(1.5, aim)
    assert desk.readings[-1].measured == pytest.approx(aim, abs=0.01)
    assert desk.readings[-1].commanded == pytest.approx(aim, abs=1e-9)
    assert desk.health.supply_v == pytest.approx(7.4)
    assert desk.health.temperatures_c == (31.0,) * 4
    assert (desk.health.lost_from_device, desk.health.lost_to_device) == (0, 0)
    assert desk.emulator.unreadable == 0
    desk.check_limits()


def test_limits_and_rates_hold_for_any_aim(desk: Desk) -> None:
    desk.start()
    for sign in (1, -1, 1):
        desk.run(2.5, (sign * 9.0,) * 4)
    desk.check_limits()
    assert desk.readings[-1].commanded == tuple(limits.max_rad for limits in TABLETOP)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_aims_that_are_no_numbers_are_refused(desk: Desk, bad: float) -> None:
    desk.start()
    assert not desk.device.aim(desk.now_ns, (0.1, bad, 0.1, 0.1))
    assert not desk.device.aim(desk.now_ns, (0.1,) * 3)
    assert desk.device.health().refused == 2


@pytest.mark.parametrize("kind", ["lose_every", "corrupt_every", "foreign_every", "cut_every"])
def test_one_bad_read_in_a_hundred(desk: Desk, kind: str) -> None:
    desk.start()
    before = desk.emulator.answered
    desk.emulator.trouble = BusTrouble(**{kind: 100})
    desk.run(3.0, (0.4, 0.2, 0.3, 0.1))
    assert desk.health.state == "running"
    assert desk.readings[-1].measured == pytest.approx((0.4, 0.2, 0.3, 0.1), abs=0.01)
    bad = (desk.emulator.answered - before) // 100
    assert bad > 10
    # An answer of another servo is read over: the right one follows. All others are lost, and counted.
    assert desk.health.lost_from_device == pytest.approx(0 if kind == "foreign_every" else bad, abs=2)
    desk.check_limits()


def test_a_servo_that_falls_silent_is_named(desk: Desk) -> None:
    desk.start()
    desk.emulator.trouble.mute = {3}
    desk.run(0.4, (0.1,) * 4)
    assert desk.health.state == "running"
    desk.run(0.3, (0.1,) * 4)
    assert (desk.health.state, desk.health.faults, desk.health.joints_at_fault) == ("faulted", ("silent",), (2,))
    assert desk.torque[0] == 0
    assert any("silent (display_pitch)" in word for word in desk.words)
    desk.emulator.trouble.mute = set()
    desk.run(0.5, (0.1,) * 4)
    assert desk.health.faults == ("silent",)  # until somebody clears it
    desk.device.clear_faults()
    desk.run(0.1)
    assert desk.health.state == "relaxed"
    desk.start()


@pytest.mark.parametrize(("bits", "name"), [(OVERHEAT, "overheat"), (OVERLOAD, "overload")])
def test_what_a_servo_reports_is_latched(desk: Desk, bits: dict[str, int], name: str) -> None:
    desk.start()
    servo = desk.emulator.servos[2]
    servo.faults, servo.celsius = 1 << bits[desk.maker], 78.0
    desk.run(0.05, (0.1,) * 4)
    assert (desk.health.state, desk.health.faults, desk.health.joints_at_fault) == ("faulted", (name,), (1,))
    assert desk.health.temperatures_c[1] == 78.0
    assert desk.torque == [0, 0, 0, 0]
    servo.faults = 0
    desk.run(0.1, (0.1,) * 4)
    assert desk.health.faults == (name,)
    desk.device.enable(True)
    desk.run(0.05, (0.1,) * 4)
    assert desk.health.state == "faulted"
    desk.device.clear_faults()
    desk.run(0.05)
    desk.start()


def test_a_fault_that_stays_comes_back_after_clearing(desk: Desk) -> None:
    desk.start()
    servo = desk.emulator.servos[2]
    servo.faults = 1 << OVERLOAD[desk.maker]
    desk.run(0.05)
    desk.device.clear_faults()
    servo.faults = 1 << OVERLOAD[desk.maker]  # a reboot clears a Dynamixel's flag, and the load brings it back
    desk.run(0.05)
    assert desk.health.faults == ("overload",)


def test_setpoints_that_stop_are_held_then_relaxed(desk: Desk) -> None:
    desk.start()
    desk.run(0.3, (2.0, 0.0, 0.0, 0.0))
    desk.run(0.25)
    held = desk.readings[-1].commanded
    assert desk.health.state == "holding"
    desk.run(1.0)
    assert desk.readings[-1].commanded == held
    assert desk.torque == [1, 1, 1, 1]
    desk.run(1.2)
    assert (desk.health.state, desk.health.faults, desk.torque) == ("faulted", ("link_lost",), [0, 0, 0, 0])


def test_a_hold_ends_with_the_next_setpoint(desk: Desk) -> None:
    desk.start()
    desk.run(0.5)
    assert desk.health.state == "holding"
    desk.run(0.1, (0.1,) * 4)
    assert desk.health.state == "running"


def test_soft_start_begins_where_the_joints_are(desk: Desk) -> None:
    desk.emulator.servos[2].counts = 2048 + 0.5 * desk.emulator.counts_per_rad
    desk.run(0.05)
    desk.device.enable(True)
    desk.run(0.5, (0.0,) * 4)
    assert desk.health.state == "starting"
    assert desk.readings[-1].commanded[1] == pytest.approx(0.5 - 0.3 * 0.49, abs=0.02)
    desk.check_limits()


def test_no_enable_before_every_servo_has_answered(desk: Desk) -> None:
    desk.emulator.trouble.mute = {4}
    desk.run(0.05)
    desk.device.enable(True)
    desk.run(0.05)
    assert desk.health.state == "relaxed"
    assert any("no answer from display_roll" in word for word in desk.words)


def test_the_adapter_is_pulled_out_and_put_back(desk: Desk) -> None:
    desk.start()
    desk.plugged = False
    desk.run(2.0, (0.5,) * 4)
    assert desk.health.state == "absent"
    assert desk.torque == [1, 1, 1, 1]  # nobody can reach them: they stand where their last goal was
    assert any("unplugged" in word or "no such adapter" in word for word in desk.words)
    desk.plugged = True
    desk.run(0.1, (0.5,) * 4)
    assert (desk.health.state, desk.health.faults, desk.torque) == ("faulted", ("link_lost",), [0, 0, 0, 0])
    assert desk.health.reconnects == 1
    desk.check_limits()


def test_dynamixel_servos_stop_by_themselves_when_the_host_dies_and_go_on_when_it_is_back() -> None:
    """The last goal was far away, as a foreign host might leave it: without their watchdog they would go there."""
    desk = Desk("dynamixel")
    desk.start()
    begun = [servo.counts for servo in desk.emulator.servos.values()]
    assert desk.bus.write_goals(dict.fromkeys(IDS, 2048 + 2000))
    for _ in range(30):
        desk.emulator.advance(0.01)
    stopped = [servo.counts for servo in desk.emulator.servos.values()]
    assert max(b - a for a, b in zip(begun, stopped, strict=True)) < 6.0 * 0.23 * desk.bus.counts_per_rad
    for _ in range(100):
        desk.emulator.advance(0.01)
    assert [servo.counts for servo in desk.emulator.servos.values()] == pytest.approx(stopped, abs=1)
    assert all(servo.table[64] for servo in desk.emulator.servos.values())  # with torque
    desk.now_ns += 130_000_000
    desk.run(0.02, (0.0,) * 4)
    assert sum("had stopped by itself" in word for word in desk.words) == len(IDS)
    desk.run(1.5, (0.0,) * 4)
    assert desk.health.state == "running", desk.words
    assert desk.readings[-1].measured == pytest.approx((0.0,) * 4, abs=0.02)


@pytest.mark.parametrize("maker", ["dynamixel", "feetech"])
def test_a_bus_adapter_at_a_port_drives_the_display(maker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the real serial transport, a pseudo-terminal and the maker's package, as `launch hw` would."""
    monkeypatch.setattr("firmware_bridge.devices.sdk_port.ANSWER_S", 5.0)  # the emulator is a thread, and may wait
    emulator = DynamixelEmulator(IDS) if maker == "dynamixel" else FeetechEmulator(IDS)
    with served(emulator) as path:
        mounting = BusMounting(directions=(1, -1, 1, 1))
        node = ServoNode(ServoConfig(port=f"{maker}:{path}", bus=mounting), spawn(0, "servos"))
        said: list[Message] = []
        for n in range(150):
            asked = JointSetpoints(stamp_ns=0, positions=(0.1, 0.1, 0.0, 0.0))
            messages: dict[str, Stamped[Message]] = {"joints/setpoints": stamped("joints/setpoints", asked)}
            if n == 5:
                messages["device/request"] = stamped("device/request", DeviceRequest(stamp_ns=0, action="enable"))
            box = Inbox(n * PERIOD_NS, messages, {name: [message] for name, message in messages.items()})
            said += [message for _, message, _ in node.step(n * PERIOD_NS, box).items]
        node.close()
    states = [message.state for message in said if isinstance(message, DeviceHealth)]
    assert states[-1] == "running"
    counts = [servo.counts - 2048 for servo in emulator.servos.values()]
    assert counts == pytest.approx([65, -65, 0, 0], abs=2)
    assert not any(servo.table[emulator.torque_address] for servo in emulator.servos.values())  # relaxed at the end


def test_a_servo_that_does_not_take_its_torque_leaves_all_limp(desk: Desk) -> None:
    desk.run(0.05)
    desk.emulator.trouble.mute = {3}
    desk.device.enable(True)
    desk.emulator.trouble.mute = set()
    desk.run(0.05, (0.0,) * 4)
    assert desk.health.state == "relaxed"
    assert "Enable: refused (no answer from display_pitch)" in desk.words
    assert not any(servo.table[desk.emulator.torque_address] for servo in desk.emulator.servos.values())


def test_scs_servos_are_big_endian_and_unsigned() -> None:
    emulator = FeetechEmulator(IDS)
    bus = FeetechBus(lambda: emulator, SCS, clock_s=Clock())
    bus.connect()
    emulator.servos[1].table[56:58] = b"\x02\x01"
    emulator.servos[1].counts = 0x0102  # the emulated table is little-endian: read as SCS it is turned round
    sample = bus.read(1)
    assert sample is not None
    assert sample.counts == 0x0201
    bus.write_goals({1: 300, 2: -5, 3: 5000})
    assert emulator.servos[1].table[42:44] == b"\x01\x2c"
    assert emulator.servos[2].table[42:44] == b"\x00\x00"
    assert emulator.servos[3].table[42:44] == b"\x03\xff"
