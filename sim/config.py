"""What a simulated run is: which home, which episode, who else is there, and what breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from robot.bounds import AtLeastZero, Positive, Share, Whole
from sim.faults import Fault


@dataclass(frozen=True)
class SimConfig:
    """Settings of a simulator node."""

    world: str = "apartment"  # a shipped home's name, or the path of a YAML file
    seed: Whole = 0  # of the episode: decides the walks and all noise; the home has a seed of its own
    seconds: AtLeastZero = 120.0  # how long people have something to do
    script: Literal["episode", "home", "nobody"] = "episode"  # the bench's walk, what the home file says, or no people
    others: Whole = 2  # how many of the home's background people are there
    courteous: bool = False  # the others make way for the robot as for its person, else they only stop for it
    robot: Literal["rover", "jackal"] = "rover"  # which of the world's robots
    start: tuple[float, float, float] | None = None  # x, y (m), yaw (rad) in map; none: where the world puts it
    slippery: bool = False  # soap under the wheels all the time
    delay_s: AtLeastZero = 0.0  # by which scans and depth come late, beyond the sensors' own latency
    lidar_dropout: Share | None = None  # share of lost rays; none: as the body has it
    faults: tuple[Fault, ...] = ()
    gui: bool = False  # PyBullet's window; needs a display


ANEW_S = 5.0  # of a display in a home, where people come and go


@dataclass(frozen=True)
class HomeConfig(SimConfig):
    """Settings of a home in which a display stands too."""

    anew_s: AtLeastZero = ANEW_S  # without the face that was there first, until the display's lock begins anew
    display_hz: Positive = 10.0  # frames of its camera; a furnished home takes 20 to 60 ms to draw from a desk
