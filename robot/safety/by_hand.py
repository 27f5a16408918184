"""The stop button: latched from `stop` to `release`, whatever else is said in between."""

from __future__ import annotations

from robot import topics
from robot.node import Inbox


def still_stopped(stopped: bool, inbox: Inbox) -> bool:
    """Return whether the robot is stopped by hand after what the operator asked since the last step."""
    for request in inbox.new(topics.OPERATOR):
        if request.message.action in ("stop", "release"):
            stopped = request.message.action == "stop"
    return stopped
