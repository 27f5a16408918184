"""Touch and edges: after a bumper or cliff sensor spoke, only motion away from it, until the robot is clear of it.

A sensor that goes quiet as soon as the robot backs off would let it run against the same thing again, so each direction
stays forbidden for a short way, turn or time.
"""

from __future__ import annotations

from dataclasses import dataclass

from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle
from robot.messages import Contacts
from robot.safety.config import SafetyConfig
from robot.safety.limits import Twist
from robot.safety.reasons import BUMPER, CLIFF

BUMPER_SIDES = (1, 1, 1, -1)  # of the rover's segments: 1 in front, -1 behind
CLIFF_SIDES = (1, 1, -1, -1)


@dataclass(frozen=True)
class Hold:
    """Where and when a sensor last spoke."""

    pose: Pose2
    t_ns: int


class ContactGuard:
    """Remembers which side may not be driven toward, and why."""

    def __init__(self, config: SafetyConfig) -> None:
        self._config = config
        self._holds: dict[tuple[str, int], Hold] = {}

    def update(self, contacts: Contacts, pose: Pose2, now_ns: int) -> None:
        """Take in what the sensors say now, and release what the robot is clear of."""
        self._holds = {key: hold for key, hold in self._holds.items() if self._holding(hold, pose, now_ns)}
        for reason, values, sides in (
            (BUMPER, contacts.bumper, BUMPER_SIDES),
            (CLIFF, contacts.cliff, CLIFF_SIDES),
        ):
            for pressed, side in zip(values, sides, strict=False):
                if pressed:
                    self._holds[reason, side] = Hold(pose, now_ns)

    def _holding(self, hold: Hold, pose: Pose2, now_ns: int) -> bool:
        config = self._config
        return (
            pose.distance_to(hold.pose.x, hold.pose.y) < config.contact_clear_m
            and abs(wrap_angle(pose.yaw - hold.pose.yaw)) < config.contact_clear_rad
            and (now_ns - hold.t_ns) / NS_PER_S < config.contact_hold_s
        )

    def limit(self, twist: Twist) -> tuple[Twist, tuple[str, ...]]:
        """Return the twist without motion toward what spoke, and the reasons that changed it.

        Turning on the spot moves no sensor outward (v x - omega x y + omega x y = v x), so it stays allowed, slowly.
        """
        reasons: list[str] = []
        turn = self._config.contact_turn_speed
        limited = twist
        for reason, side in sorted(self._holds):
            v = min(limited.v, 0.0) if side > 0 else max(limited.v, 0.0)
            changed = Twist(v, min(max(limited.omega, -turn), turn))
            if changed != limited and reason not in reasons:
                reasons.append(reason)
            limited = changed
        return limited, tuple(reasons)
