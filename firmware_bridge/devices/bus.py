"""What a servo bus is to the device above it: read one servo, write all goals, torque, clear. One file per maker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ServoSample:
    """What a servo says of itself."""

    counts: int  # its position
    volts: float
    celsius: float
    faults: tuple[str, ...]  # "overload", "overheat", "supply", "encoder", "overcurrent"
    stopped: bool = False  # by its own watchdog, because nobody spoke on the bus; it goes on with the next goal


class ServoBus(Protocol):
    """A maker's protocol. Nothing here raises: a servo that does not answer gives None or False."""

    counts_per_rad: float

    def connect(self) -> bool:
        """Open the line if it is not; return whether it is."""

    def read(self, servo: int) -> ServoSample | None:
        """Return a servo's state; None where no good answer came in time."""

    def write_goals(self, goals: Mapping[int, int]) -> bool:
        """Send every servo its goal, in counts, in one packet; they do not answer."""

    def torque(self, servo: int, on: bool) -> bool:
        """Switch a servo's motor; return whether it answered."""

    def clear(self, servo: int) -> bool:
        """Clear what the servo latched; return whether it answered."""

    @property
    def lost(self) -> str:
        """Why the line is gone; empty while it is there."""

    def close(self) -> None:
        """Release the line."""
