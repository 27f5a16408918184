"""Words from nodes, for Foxglove's log panel and Rerun's text log."""

from __future__ import annotations

from foxglove.messages import Log as FoxgloveLog
from foxglove.messages import LogLevel

from robot.messages import CommandText, Log
from robot.recording.foxglove_values import timestamp

LEVELS = {
    "debug": LogLevel.Debug,
    "info": LogLevel.Info,
    "warning": LogLevel.Warning,
    "error": LogLevel.Error,
}


def log_line(message: Log, t_ns: int) -> FoxgloveLog:
    """Return the line with its level."""
    return FoxgloveLog(timestamp=timestamp(t_ns), level=LEVELS[message.level], message=message.text)


def heard(message: CommandText, t_ns: int) -> FoxgloveLog:
    """Return words to the robot as a line."""
    return FoxgloveLog(timestamp=timestamp(t_ns), level=LogLevel.Info, name="heard", message=message.text)
