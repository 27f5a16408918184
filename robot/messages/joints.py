"""Joints of a body with servos: where they shall be, where they are, and how the device that drives them is.

Positions are in the order of the body's joints, zero and sign by its URDF.
"""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class JointSetpoints(Message, frozen=True, kw_only=True):
    """Where the joints shall be, one position each."""

    stamp_ns: int
    positions: tuple[float, ...]
    """rad"""


class JointStates(Message, frozen=True, kw_only=True):
    """Where the joints are. `stamp_ns` is when the device sampled them, by the host's clock."""

    stamp_ns: int
    commanded: tuple[float, ...]
    """rad, what the device really asks of its servos, after every limit; NaN where it asks nothing."""
    measured: tuple[float, ...]
    """rad, by the servos' feedback; NaN where a servo has none."""


class ServoPulses(Message, frozen=True, kw_only=True):
    """What a board's pins last told simulated hobby servos. On a desk this is wire and no message."""

    stamp_ns: int
    widths_us: tuple[float, ...]
    """µs of each channel's last pulse; NaN where pulses stopped and the servo is limp."""
    positions: tuple[float, ...]
    """rad of each joint that such a pulse asks of its servo; NaN where it is limp."""


class ServoFeedback(Message, frozen=True, kw_only=True):
    """Where the potentiometers of simulated hobby servos stand, for a board's analogue inputs."""

    stamp_ns: int
    positions: tuple[float, ...]
    """rad of each joint, with the potentiometer's own error"""


class DeviceRequest(Message, frozen=True, kw_only=True):
    """What the operator asks of the device. Latched faults are cleared by this alone."""

    stamp_ns: int
    action: Literal["enable", "relax", "clear_faults"]


class DeviceHealth(Message, frozen=True, kw_only=True):
    """How the device and the line to it are. Counters never fall during a run."""

    stamp_ns: int
    state: Literal["absent", "relaxed", "starting", "running", "holding", "faulted"]
    """absent: no device answers; relaxed: servos limp; starting: soft start; holding: setpoints stopped coming."""
    faults: tuple[str, ...]
    """Latched, short fixed words: "estop", "supply", "stuck", "feedback", "link_lost", "overheat", "overload", ..."""
    joints_at_fault: tuple[int, ...]
    """Joints a fault names, from 0."""
    supply_v: float
    """V of the servo supply; NaN where the device does not know."""
    temperatures_c: tuple[float, ...]
    """degrees Celsius of each servo; NaN where it does not say."""
    loop_s: float
    """s, longest control step of the device lately; NaN where it does not say."""
    round_trip_s: float
    """s from a frame to its answer, the last one; NaN before the first."""
    sent: int
    """Frames sent to the device."""
    lost_to_device: int
    """Of those, frames that brought no answer in time."""
    lost_from_device: int
    """Frames of the device that did not arrive whole."""
    refused: int
    """Setpoints that were not sent or not taken: not finite, too late, or the device was not enabled."""
    reconnects: int
    """Times the line was opened or greeted again after the first."""
