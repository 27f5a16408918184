"""Words from nodes to people."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class Log(Message, frozen=True, kw_only=True):
    """One line for the log."""

    stamp_ns: int
    level: Literal["debug", "info", "warning", "error"]
    text: str
