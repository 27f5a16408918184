"""The simulated display whose servos hang on a board's pins: pulses in, potentiometers out.

The frame of the pulses is real here, so the servo model keeps no delay of its own beyond a physics step.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.messages import ServoFeedback
from robot.node import Inbox, Message, Topic
from sim.tabletop.node import EmulatedTabletop, PixelTabletop, TabletopSim
from sim.tabletop.stand import StandState

LIMP = (math.nan,) * 4


def on_pins() -> TabletopBody:
    """Return the body with servos that act on a pulse as soon as it has ended."""
    body = TabletopBody()
    return replace(body, servos=tuple(replace(servo, latency_s=0.0) for servo in body.servos))


class ServosOnPins(TabletopSim):
    """What differs from a display that is told its setpoints."""

    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.SERVO_PULSES,)
    body = on_pins()
    feedback_every = 1  # what is read between two of them is that much older than it would be on a desk

    def hear(self, inbox: Inbox) -> None:
        """As TabletopSim: limp until pulses come, and when they stop."""
        pulses = inbox.latest(topics.SERVO_PULSES)
        self._setpoints = LIMP if pulses is None else pulses.positions

    def feel(self, now_ns: int, state: StandState) -> tuple[Topic[Any], Message]:
        """As TabletopSim: what the potentiometers say."""
        return topics.SERVO_FEEDBACK, ServoFeedback(stamp_ns=now_ns, positions=self._measured(state))


class PixelTabletopOnPins(ServosOnPins, PixelTabletop):
    """With rendered frames."""

    outputs = (topics.CAMERA, topics.SERVO_FEEDBACK, topics.TRUTH_TABLETOP)


class EmulatedTabletopOnPins(ServosOnPins, EmulatedTabletop):
    """Without rendering."""

    inputs = (topics.SERVO_PULSES, topics.FACE_REQUEST, topics.OPERATOR)
    outputs = (topics.FACES, topics.SERVO_FEEDBACK, topics.TRUTH_TABLETOP)
