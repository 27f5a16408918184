"""What goes to the wheels, and what safety made of it."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class CmdVel(Message, frozen=True, kw_only=True):
    """A twist for a differential drive, in base_link."""

    stamp_ns: int
    v: float
    """m/s forward"""
    omega: float
    """rad/s counter-clockwise"""
    brake: bool = False
    """Something is wrong: come to rest as hard as the base can, not at its comfortable limit."""


class WheelSpeeds(Message, frozen=True, kw_only=True):
    """What a board really asks of its wheels, after every limit. `stamp_ns` is its time, by the host's clock."""

    stamp_ns: int
    left: float
    """rad/s, forward positive; NaN where it asks nothing and the wheels are limp."""
    right: float
    """rad/s, forward positive; NaN where it asks nothing and the wheels are limp."""


class SafetyState(Message, frozen=True, kw_only=True):
    """What the safety node let through, and why."""

    stamp_ns: int
    state: Literal["ok", "slowed", "stopped"]
    reasons: tuple[str, ...]
    """Short fixed words: "stale lidar", "person near", "cliff", ... empty when ok."""
    wanted_v: float
    """m/s, as asked"""
    wanted_omega: float
    """rad/s, as asked"""
    applied_v: float
    """m/s, as sent to the wheels"""
    applied_omega: float
    """rad/s, as sent to the wheels"""
