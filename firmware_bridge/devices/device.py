"""The interface of everything that drives servos: aim, poll, enable, clear faults, health. Radians, host's time in ns.

A device never raises because of what its servos or its line do: that is what health is for. It sees time as it is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

State = Literal["absent", "relaxed", "starting", "running", "holding", "faulted"]
NAN = math.nan


@dataclass(frozen=True)
class Reading:
    """Where the joints were at `stamp_ns`, by the host's clock; NaN where that is not known."""

    stamp_ns: int
    commanded: tuple[float, ...]
    measured: tuple[float, ...]


@dataclass(frozen=True)
class Health:
    """How a device is; fields as in robot.messages.DeviceHealth."""

    state: State = "absent"
    faults: tuple[str, ...] = ()
    joints_at_fault: tuple[int, ...] = ()
    supply_v: float = NAN
    temperatures_c: tuple[float, ...] = ()
    loop_s: float = NAN
    round_trip_s: float = NAN
    sent: int = 0
    lost_to_device: int = 0
    lost_from_device: int = 0
    refused: int = 0
    reconnects: int = 0
    words: tuple[str, ...] = field(default=())
    """What a person should hear since the last call, one line each."""


class ServoDevice(Protocol):
    """What drives the servos of a body."""

    def aim(self, now_ns: int, positions: Sequence[float]) -> bool:
        """Ask for positions, one per joint; False, and nothing is sent, where one is not finite or cannot be sent."""

    def poll(self, now_ns: int) -> list[Reading]:
        """Exchange what is due and return what came."""

    def enable(self, on: bool) -> None:
        """Give the servos power, from where they are, or take it away."""

    def clear_faults(self) -> None:
        """Clear latched faults: only ever because a person asked for it."""

    def health(self) -> Health:
        """Return how the device is now."""

    def close(self) -> None:
        """Relax nothing, release the line: the device's own watchdog sees to the servos."""


def all_finite(positions: Sequence[float], joints: int) -> bool:
    """Return whether there are `joints` finite positions."""
    return len(positions) == joints and all(math.isfinite(position) for position in positions)
