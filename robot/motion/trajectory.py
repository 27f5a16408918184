"""Joints that go where they are asked without jerking: position, velocity, acceleration and jerk stay within limits.

Each step chooses the acceleration that a braking curve asks for (how fast may one still be, to stop at the target?) and
changes the last one toward it by no more than the jerk allows. The target's own velocity is fed forward, so a moving
target is followed without a standing lag.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from robot.bodies.tabletop.body import Servo

AT_ONCE = 1.6  # steps, in which a small error is made good
BRAKING_SHARE = 0.8  # of the acceleration, on which stopping counts: the rest is for the jerk


@dataclass
class JointMotion:
    """One joint's planned state: rad, rad/s, rad/s²."""

    position: float = 0.0
    velocity: float = 0.0
    acceleration: float = 0.0

    def wanted(self, target: float, target_velocity: float, servo: Servo, dt: float) -> float:
        """Return the acceleration (rad/s²) toward a target that moves, within the servo's limits and jerk."""
        distance = min(servo.high, max(servo.low, target)) - self.position
        delay = servo.acceleration / servo.jerk + AT_ONCE * dt
        closing = _to_stop(distance, BRAKING_SHARE * servo.acceleration, delay)
        speed = min(servo.rate, max(-servo.rate, target_velocity + closing))
        return self._allowed(speed, servo, dt)

    def braking(self, servo: Servo, dt: float) -> float:
        """Return the acceleration that comes to rest soonest."""
        return self._allowed(0.0, servo, dt)

    def _allowed(self, speed: float, servo: Servo, dt: float) -> float:
        """Return the acceleration toward a speed, that can itself be brought back to nothing in time."""
        change = servo.jerk * dt
        asked = _to_stop(speed - self.velocity, servo.jerk, AT_ONCE * dt)
        within = min(servo.acceleration, max(-servo.acceleration, asked))
        return self.acceleration + min(change, max(-change, within - self.acceleration))

    def advance(self, acceleration: float, servo: Servo, dt: float) -> None:
        """Take the acceleration for `dt`; at the ends of its travel the joint stops."""
        self.acceleration = acceleration
        velocity = min(servo.rate, max(-servo.rate, self.velocity + acceleration * dt))
        position = self.position + 0.5 * (self.velocity + velocity) * dt
        self.position = min(servo.high, max(servo.low, position))
        self.velocity = velocity if self.position == position else 0.0


def _to_stop(distance: float, brake: float, delay: float) -> float:
    """Return how fast one may go to stop within a distance, by how hard one brakes and how late braking sets in; near
    the end that is distance over delay. Used twice: for position and speed, and for speed and acceleration."""
    late = brake * delay
    return math.copysign(math.sqrt(late * late + 2.0 * brake * abs(distance)) - late, distance)
