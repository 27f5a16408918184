"""How the follower is doing."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class FollowState(Message, frozen=True, kw_only=True):
    """Follower's mode, for people and reports."""

    stamp_ns: int
    mode: Literal["waiting", "following", "making_way", "searching"]
    distance_m: float
    """To the locked person as estimated; 0 while waiting."""
    reason: str = ""
    """Why in this mode, in a few words."""
