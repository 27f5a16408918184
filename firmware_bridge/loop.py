"""The firmware in the loop as a node: the servo node with an emulated board whose servos a simulator moves.

Pulses and potentiometers are topics here and wires on a desk; everything between the setpoints and the pins is what
runs there. The board runs up to the time of each step, so a run is as repeatable as any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from firmware_bridge.calibration import CalibrationFile, in_order
from firmware_bridge.devices.device import ServoDevice
from firmware_bridge.devices.emulated import EmulatedDesk
from firmware_bridge.emulator.loop_rig import LoopRig
from firmware_bridge.node import ServoConfig, ServoNode, board_kind
from robot import topics
from robot.messages import ServoPulses
from robot.node import Inbox, Outbox


@dataclass(frozen=True)
class LoopConfig(ServoConfig):
    """As ServoConfig; the port names the emulated board."""

    port: str = "emulated:uno"


class BoardInLoop(ServoNode):
    """See the module's docstring."""

    inputs = (*ServoNode.inputs, topics.SERVO_FEEDBACK)
    outputs = (*ServoNode.outputs, topics.SERVO_PULSES)
    rate_hz = 240

    def __init__(self, config: LoopConfig, rng: Generator) -> None:
        """Power the board on. Raises as ServoNode; ValueError too where the port is a real one."""
        super().__init__(config, rng)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Turn the potentiometers, run the board up to now, exchange bytes with it, and tell its pulses."""
        feedback = inbox.fresh(topics.SERVO_FEEDBACK)
        if feedback is not None:
            self._rig.feel(feedback.positions)
        out = super().step(now_ns, inbox)
        pulses = ServoPulses(stamp_ns=now_ns, widths_us=self._rig.widths_us, positions=self._rig.asked)
        return out.put(topics.SERVO_PULSES, pulses)

    def open(self, port: str, calibration: CalibrationFile) -> ServoDevice:
        """Return the emulated board with nothing but wires on its channels."""
        kind = board_kind(port)
        if kind is None:
            raise ValueError(f"port '{port}': only an emulated board can be in the loop (emulated:uno, emulated:mega)")
        desk = EmulatedDesk(kind, LoopRig, in_order(calibration))
        self._rig = desk.rig
        return desk
