"""Joints of the display for Foxglove's plots, by name; what no servo reports is left out."""

from __future__ import annotations

import math

from foxglove.messages import JointState
from foxglove.messages import JointStates as FoxgloveJointStates

from robot.bodies.tabletop.body import JOINTS
from robot.messages import JointStates
from robot.recording.foxglove_values import timestamp


def joints(states: JointStates, t_ns: int) -> FoxgloveJointStates:
    """Return the measured angles, rad."""
    rows = [JointState(name=n, position=p) for n, p in zip(JOINTS, states.measured, strict=False) if math.isfinite(p)]
    return FoxgloveJointStates(timestamp=timestamp(t_ns), joints=rows)
