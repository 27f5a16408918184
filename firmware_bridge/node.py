"""The servos as a node: source and sink in one, because a line has one owner. What sim/ does for a simulated body.

It turns setpoints into what the device understands and publishes where the joints are, how the device is, and what a
person should hear. It never enables or clears by itself: those are requests. Where it is ended in good order it relaxes
the servos; where it dies the board's own watchdog holds them, and then relaxes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from numpy.random import Generator

from firmware_bridge.calibration import CalibrationFile, defaults, in_order, load
from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Health, Reading, ServoDevice
from firmware_bridge.devices.emulated import EmulatedDesk
from firmware_bridge.devices.makers import BusMounting, bus_device, maker_of
from firmware_bridge.emulator.board import KINDS
from firmware_bridge.emulator.rig import ServoRig
from firmware_bridge.joints import TABLETOP
from firmware_bridge.protocol.description import load as load_protocol
from firmware_bridge.transports.serial_port import SerialTransport
from robot import topics
from robot.messages import DeviceHealth, JointStates, Log
from robot.node import Inbox, Message, Node, Outbox, Topic

HEALTH_EVERY_NS = 100_000_000
LIMP = ("relaxed", "faulted")
GOODBYE_STEPS, GOODBYE_NS, ASK_EVERY = 100, 10_000_000, 10  # how long the last command may take


@dataclass(frozen=True)
class ServoConfig:
    """Which device, and how its servos stand."""

    port: str = ""  # a serial port, or emulated:uno, emulated:mega, dynamixel:PATH, feetech:PATH
    calibration: str = ""  # a file of `launch calibrate`; empty: what the firmware assumes
    bus: BusMounting = field(default_factory=BusMounting)  # of bus servos, in place of a calibration


class ServoNode(Node):
    """See the module's docstring."""

    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.JOINT_SETPOINTS, topics.DEVICE_REQUEST)
    outputs: ClassVar[tuple[Topic[Any], ...]] = (topics.JOINT_STATES, topics.DEVICE_HEALTH, topics.LOG)
    rate_hz = 100
    faces_world = True

    def __init__(self, config: ServoConfig, rng: Generator) -> None:
        """Prepare the device; a port that is not there yet is opened when it comes.

        Raises:
            CalibrationError, FirmwareMissing, ValueError: the configuration is wrong.
        """
        self._mounting = config.bus
        self._device = self.open(config.port, calibrated(config.calibration))
        self._emulated = board_kind(config.port) is not None
        self._now_ns = self._health_ns = 0
        self._state = ""
        self._in_step = False

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Exchange what is due with the device."""
        self._in_step, self._now_ns = True, now_ns
        out = Outbox()
        for request in inbox.new(topics.DEVICE_REQUEST):
            if request.envelope.valid:
                self._request(request.message.action)
        positions = self.asked(inbox)
        if positions is not None:
            self._device.aim(now_ns, positions)
        for reading in self._device.poll(now_ns)[-1:]:
            out.put(*self.said(reading))
        self._tell(now_ns, self._device.health(), out)
        self._in_step = False
        return out

    def close(self) -> None:
        """Relax the servos and release the line. Where a step failed the device's watchdog sees to the servos."""
        if not self._in_step and self._state not in LIMP:
            self._relax()
        self._device.close()

    def asked(self, inbox: Inbox) -> Sequence[float] | None:
        """Return the positions that were asked for since the last step."""
        setpoints = inbox.fresh(topics.JOINT_SETPOINTS)
        return None if setpoints is None else setpoints.positions

    def said(self, reading: Reading) -> tuple[Topic[Any], Message]:
        """Return what a reading of the device is to everybody else."""
        states = JointStates(stamp_ns=reading.stamp_ns, commanded=reading.commanded, measured=reading.measured)
        return topics.JOINT_STATES, states

    def open(self, port: str, calibration: CalibrationFile) -> ServoDevice:
        """Return the device at `port`. Raises as `open_device`."""
        return open_device(port, calibration, self._mounting)

    def _relax(self) -> None:
        """Ask until the device says so, or for a second: it may just be greeting us anew."""
        for step in range(GOODBYE_STEPS):
            if step % ASK_EVERY == 0:
                self._device.enable(False)
            self._now_ns += GOODBYE_NS
            self._device.poll(self._now_ns)
            if self._device.health().state in LIMP:
                return
            self._wait()

    def _wait(self) -> None:
        if not self._emulated:  # an emulated board's time passes by polling
            time.sleep(GOODBYE_NS / 1e9)

    def _request(self, action: str) -> None:
        if action == "clear_faults":
            self._device.clear_faults()
        else:
            self._device.enable(action == "enable")

    def _tell(self, now_ns: int, health: Health, out: Outbox) -> None:
        for words in health.words:
            out.put(topics.LOG, Log(stamp_ns=now_ns, level="warning", text=words))
        if now_ns >= self._health_ns or health.state != self._state:
            self._health_ns, self._state = now_ns + HEALTH_EVERY_NS, health.state
            out.put(topics.DEVICE_HEALTH, health_message(now_ns, health))


def health_message(now_ns: int, health: Health) -> DeviceHealth:
    """Return the message that says `health`."""
    fields = {name: getattr(health, name) for name in DeviceHealth.__struct_fields__ if name != "stamp_ns"}
    return DeviceHealth(stamp_ns=now_ns, **fields)


def calibrated(path: str) -> CalibrationFile:
    """Return the calibration in a file, or what the firmware assumes where none is named. Raises CalibrationError."""
    return load(Path(path)) if path else defaults()


def board_kind(port: str) -> str | None:
    """Return which board a port of the form emulated:KIND emulates, None where it is a real one. Raises ValueError."""
    kind = port.removeprefix("emulated:")
    if kind == port:
        return None
    if kind not in KINDS:
        raise ValueError(f"no emulated board '{kind}'; there is: {', '.join(f'emulated:{k}' for k in KINDS)}")
    return kind


def open_device(port: str, calibration: CalibrationFile, mounting: BusMounting = BusMounting()) -> ServoDevice:  # noqa: B008  # frozen
    """Return the device at `port`. Raises ValueError where that names none, FirmwareMissing as EmulatedDesk."""
    if not port:
        raise ValueError("no port given")
    bus = maker_of(port)
    if bus is not None:
        return bus_device(*bus, mounting, TABLETOP)
    kind, servos = board_kind(port), in_order(calibration)
    if kind is not None:
        return EmulatedDesk(kind, ServoRig, servos)
    return BoardDevice(serial_opener(port), servos)


def serial_opener(port: str) -> Callable[[], SerialTransport]:
    return lambda: SerialTransport(port, load_protocol().framing.baud)
