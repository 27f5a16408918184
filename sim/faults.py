"""What can go wrong with the simulated hardware, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from robot import topics
from robot.clock import NS_PER_S
from robot.node import Topic

FaultKind = Literal[
    "camera_freeze",  # the same picture again and again, with fresh stamps
    "camera_dead",  # no colour, no depth
    "floor_freeze",  # the sensors that look at the floor repeat their last frames
    "floor_dead",
    "lidar_nan",  # scans keep coming and hold nothing but NaN, marked valid: the device does not know
    "lidar_dead",
    "imu_dead",
    "wheels_dead",  # encoders are silent, wheels still turn
    "contacts_dead",
    "wheel_slip",  # soap under the wheels
]
KINDS: tuple[str, ...] = get_args(FaultKind)
_SILENT: dict[FaultKind, tuple[Topic[Any], ...]] = {
    "camera_dead": (topics.CAMERA, topics.DEPTH, topics.SIGHTINGS),
    "floor_dead": (topics.DEPTH_FRONT, topics.DEPTH_REAR),
    "lidar_dead": (topics.SCAN,),
    "imu_dead": (topics.IMU,),
    "wheels_dead": (topics.WHEELS,),
    "contacts_dead": (topics.CONTACTS,),
}


@dataclass(frozen=True)
class Fault:
    """One fault: from `start_s` of simulated time, for `seconds`."""

    kind: FaultKind
    start_s: float = 0.0
    seconds: float = float("inf")

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises ValueError with one line."""
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault '{self.kind}' (one of: {', '.join(KINDS)})")
        if self.start_s < 0.0 or self.seconds <= 0.0:
            raise ValueError(f"fault '{self.kind}': start_s must be at least 0 and seconds more than 0")


class FaultPlan:
    """All faults of a run."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Hold the faults."""
        self._faults = tuple(faults)

    def active(self, kind: FaultKind, now_ns: int) -> bool:
        """Return whether a fault of this kind acts now."""
        if not self._faults:
            return False
        now = now_ns / NS_PER_S
        return any(f.kind == kind and f.start_s <= now < f.start_s + f.seconds for f in self._faults)

    def silences(self, topic: Topic[Any], now_ns: int) -> bool:
        """Return whether a fault keeps this topic from being published now."""
        return bool(self._faults) and any(
            topic in _SILENT.get(fault.kind, ()) and self.active(fault.kind, now_ns) for fault in self._faults
        )
