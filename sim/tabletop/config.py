"""What a simulated run of the display is."""

from __future__ import annotations

from dataclasses import dataclass

from robot.bounds import AtLeastZero, Whole


@dataclass(frozen=True)
class TabletopSimConfig:
    """Settings of the display's simulator."""

    scene: str = "one_caller"
    seed: Whole = 0
    seconds: AtLeastZero = 60.0  # how long people have something to do
    payload_kg: AtLeastZero = 1.1  # what the boom really carries, whatever the robot believes
