"""What a display is told to do with itself beyond looking at the locked face, and how far it is with that."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class ArmTask(Message, frozen=True, kw_only=True):
    """What holds from now on. Before the first one the display looks at the locked face and copies it as configured."""

    stamp_ns: int
    number: int
    """Counts up from 1; each begins its gesture anew."""
    look: Literal["face", "direction", "still"]
    """face: at whoever is locked on; direction: along `azimuth` and `elevation`; still: the joints stop at once."""
    azimuth: float = 0.0
    """Where the base turns to with look "direction", rad from base_link's x, left positive"""
    elevation: float = 0.0
    """Where the camera looks with look "direction", rad above the horizon"""
    mimic: bool = False
    """Copy the head, with look "face"."""
    gesture: Literal["", "nod", "shake", "tilt", "bow", "dance"] = ""
    """Done once, on top of where it looks."""


class ArmProgress(Message, frozen=True, kw_only=True):
    """How far the newest task is. Told only once there was one."""

    stamp_ns: int
    task: int
    """Its number"""
    done: bool
    """It looks where it shall, or stands still, and the gesture is over."""
    gesturing: bool
    """The gesture is not over."""
