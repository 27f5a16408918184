"""Keeps the stand standing: the zero-moment point stays well inside the feet, and the feet do not slide.

The zero-moment point (Vukobratovic and Borovac 2004) is where the ground would have to push to carry what the masses
do; outside the feet the stand tips. Masses, accelerations and the margin come from the body, payload included. Every
step the wanted accelerations are blended toward braking until the point is inside; braking itself is always possible
because the boom is given no more acceleration, and no more lean, than that leaves room for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from robot.bodies.tabletop.body import Servo, TabletopBody
from robot.bounds import Positive, Share

G = 9.81
H = 0.004  # s, over which accelerations of the masses are taken
BLENDS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)  # shares of braking that are tried

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StabilityConfig:
    """Margins, as shares of what the feet can do."""

    margin: Share = 0.66  # of the feet's distance that the zero-moment point may use: payloads are heavier than told
    lean: Share = 0.46  # of it that standing still may use
    grip: Share = 0.5  # of the friction that motion may use
    boom_acceleration: Positive = 3.5  # rad/s²
    enabled: bool = True


@dataclass(frozen=True)
class Load:
    """What the desk carries at one moment: the zero-moment point (m, x and y) and the share of the friction used."""

    x: float
    y: float
    grip: float

    def within(self, reach: float, grip: float) -> bool:
        """Whether point and friction are inside their margins."""
        return max(abs(self.x), abs(self.y)) <= reach and self.grip <= grip


class StabilityLimiter:
    """Judges and tempers the joints' accelerations."""

    def __init__(self, config: StabilityConfig, body: TabletopBody) -> None:
        self.config, self._body = config, body
        self.reach = config.margin * body.foot_half
        self.servos = self._tempered(body.servos) if config.enabled else body.servos

    def load(self, position: Floats, velocity: Floats, acceleration: Floats) -> Load:
        """Return what the desk carries when the joints move so (rad, rad/s, rad/s²)."""
        masses, here = self._body.masses(position)
        ahead = position + velocity * H + 0.5 * acceleration * H * H
        behind = position - velocity * H + 0.5 * acceleration * H * H
        pull = (self._body.masses(ahead)[1] - 2.0 * here + self._body.masses(behind)[1]) / (H * H)
        push = masses @ (pull[:, 2] + G)
        spin = self._spin(position, acceleration)
        x = (masses @ ((pull[:, 2] + G) * here[:, 0] - pull[:, 0] * here[:, 2]) - spin[1]) / push
        y = (masses @ ((pull[:, 2] + G) * here[:, 1] - pull[:, 1] * here[:, 2]) + spin[0]) / push
        slide = float(np.linalg.norm(masses @ pull[:, :2])) / (self._body.friction * float(push))
        hold = self._body.friction * float(push) * 1.2 * self._body.foot_half  # of feet a diagonal away
        twist = abs(self._twist(position, acceleration)) / hold
        return Load(float(x), float(y), slide + twist)

    def temper(self, position: Floats, velocity: Floats, wanted: Floats, braking: Floats) -> tuple[Floats, Load, bool]:
        """Return the accelerations to take, what they load the desk with, and whether they are less than wanted."""
        load = self.load(position, velocity, wanted)
        if not self.config.enabled or load.within(self.reach, self.config.grip):
            return wanted, load, False
        tried = [wanted + share * (braking - wanted) for share in BLENDS[1:]]
        loads = [self.load(position, velocity, a) for a in tried]
        for acceleration, carried in zip(tried, loads, strict=True):
            if carried.within(self.reach, self.config.grip):
                return acceleration, carried, True
        best = min(range(len(tried)), key=lambda i: max(abs(loads[i].x), abs(loads[i].y)))
        return tried[best], loads[best], True

    def _tempered(self, servos: Sequence[Servo]) -> tuple[Servo, ...]:
        """The boom leans no further than it can stand, and speeds up no faster than it can brake."""
        low, high = (self._furthest(end) for end in (servos[1].low, servos[1].high))
        slow = min(servos[1].acceleration, self.config.boom_acceleration)
        boom = replace(servos[1], low=low, high=high, acceleration=slow, jerk=min(servos[1].jerk, 20.0 * slow))
        return (servos[0], boom, *servos[2:])

    def _furthest(self, end: float) -> float:
        """Return how far toward `end` the boom may lean standing still, whatever the display does."""
        reach = self.config.lean * self._body.foot_half
        still = np.zeros(4)
        for angle in np.linspace(end, 0.0, 120):
            postures = ([0.0, angle, pitch, 0.0] for pitch in (self._body.servos[2].low, self._body.servos[2].high))
            if all(abs(self.load(np.array(p), still, still).x) <= reach for p in postures):
                return float(angle)
        return 0.0

    def _spin(self, position: Floats, acceleration: Floats) -> Floats:
        """Rate of angular momentum of the screen about its own centre, about base_link's x and y."""
        load = self._body.payload
        about_lateral = load.mass * load.height**2 / 12.0 * (acceleration[1] + acceleration[2])
        about_ahead = load.mass * (load.height**2 + load.width**2) / 12.0 * acceleration[3]
        c, s = np.cos(position[0]), np.sin(position[0])
        return np.array([c * about_ahead - s * about_lateral, s * about_ahead + c * about_lateral])

    def _twist(self, position: Floats, acceleration: Floats) -> float:
        """Torque about the vertical that the feet must hold."""
        masses, centres = self._body.masses(position)
        load = self._body.payload
        own = load.mass * load.width**2 / 12.0
        carried = float(masses[1:] @ (centres[1:, 0] ** 2 + centres[1:, 1] ** 2)) + own
        return carried * float(acceleration[0])
