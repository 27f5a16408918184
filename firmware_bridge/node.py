"""The servos as a node: source and sink in one, because a line has one owner. What sim/ does for a simulated body.

It turns setpoints into what the device understands and publishes where the joints are, how the device is, and what a
person should hear. It never enables, relaxes or clears by itself: those are requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from numpy.random import Generator

from firmware_bridge.calibration import CalibrationFile, defaults, in_order, load
from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Health, ServoDevice
from firmware_bridge.devices.emulated import EmulatedDesk
from firmware_bridge.protocol.description import load as load_protocol
from firmware_bridge.transports.serial_port import SerialTransport
from robot import topics
from robot.messages import DeviceHealth, JointStates, Log
from robot.node import Inbox, Node, Outbox

HEALTH_EVERY = 10  # steps


@dataclass(frozen=True)
class ServoConfig:
    """Which device, and how its servos stand."""

    port: str = ""  # a serial port, or emulated:uno, emulated:mega
    calibration: str = ""  # a file of `launch calibrate`; empty: what the firmware assumes


class ServoNode(Node):
    """See the module's docstring."""

    inputs = (topics.JOINT_SETPOINTS, topics.DEVICE_REQUEST)
    outputs = (topics.JOINT_STATES, topics.DEVICE_HEALTH, topics.LOG)
    rate_hz = 100
    faces_world = True

    def __init__(self, config: ServoConfig, rng: Generator) -> None:
        """Prepare the device; a port that is not there yet is opened when it comes.

        Raises:
            CalibrationError, FirmwareMissing, ValueError: the configuration is wrong.
        """
        calibration = load(Path(config.calibration)) if config.calibration else defaults()
        self._device = open_device(config.port, calibration)
        self._steps = 0
        self._state = ""

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Exchange what is due with the device."""
        out = Outbox()
        for request in inbox.new(topics.DEVICE_REQUEST):
            if request.envelope.valid:
                self._request(request.message.action)
        setpoints = inbox.fresh(topics.JOINT_SETPOINTS)
        if setpoints is not None:
            self._device.aim(now_ns, setpoints.positions)
        for reading in self._device.poll(now_ns)[-1:]:
            states = JointStates(stamp_ns=reading.stamp_ns, commanded=reading.commanded, measured=reading.measured)
            out.put(topics.JOINT_STATES, states)
        self._tell(now_ns, self._device.health(), out)
        self._steps += 1
        return out

    def close(self) -> None:
        """Release the line; the device's own watchdog sees to the servos."""
        self._device.close()

    def _request(self, action: str) -> None:
        if action == "clear_faults":
            self._device.clear_faults()
        else:
            self._device.enable(action == "enable")

    def _tell(self, now_ns: int, health: Health, out: Outbox) -> None:
        for words in health.words:
            out.put(topics.LOG, Log(stamp_ns=now_ns, level="warning", text=words))
        if self._steps % HEALTH_EVERY == 0 or health.state != self._state:
            self._state = health.state
            out.put(topics.DEVICE_HEALTH, health_message(now_ns, health))


def health_message(now_ns: int, health: Health) -> DeviceHealth:
    """Return the message that says `health`."""
    fields = {name: getattr(health, name) for name in DeviceHealth.__struct_fields__ if name != "stamp_ns"}
    return DeviceHealth(stamp_ns=now_ns, **fields)


def open_device(port: str, calibration: CalibrationFile) -> ServoDevice:
    """Return the board device at `port`. Raises ValueError where that names none, FirmwareMissing as EmulatedDesk."""
    if not port:
        raise ValueError("no port given")
    kind = port.removeprefix("emulated:")
    servos = in_order(calibration)
    if kind != port:
        if kind not in ("uno", "mega"):
            raise ValueError(f"no emulated board '{kind}'; there is: emulated:uno, emulated:mega")
        return EmulatedDesk(kind, servos)
    return BoardDevice(_opener(port), servos)


def _opener(port: str) -> Callable[[], SerialTransport]:
    return lambda: SerialTransport(port, load_protocol().framing.baud)
