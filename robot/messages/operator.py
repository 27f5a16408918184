"""What the person at the controls asks of the robot, past everything that decides."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class OperatorRequest(Message, frozen=True, kw_only=True):
    """One push of a button, or one click."""

    stamp_ns: int
    action: Literal["stop", "release", "lock", "unlock"]
    """stop: stand still until released; lock: on to the person `id`."""
    id: int = -1
    """Track id (rover) or face id (display), with action "lock"."""
