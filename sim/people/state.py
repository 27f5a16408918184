"""What is known of a person at one instant: enough to place every limb, and nothing else."""

from __future__ import annotations

from typing import Literal

import msgspec

Posture = Literal["stand", "sit"]


class PersonState(msgspec.Struct, frozen=True):
    """Pose of one person. Map frame, SI units, REP 103 signs.

    Attributes:
        x, y: ground point below the hip centre (m).
        z_floor: height of the floor there (m).
        yaw: direction the trunk faces (rad, counter-clockwise).
        gait_phase: of the left leg, [0, 1): 0 is left heel strike, 0.5 is right heel strike.
        speed: forward walking speed (m/s, >= 0) that sets the length of the steps.
        head_yaw: head against trunk (rad), positive to the person's left.
        head_pitch: positive looking down.
        head_roll: positive about the forward axis: the head tips toward the person's right shoulder.
        sitting: 0 stands, 1 sits; between them the person is getting up or down. The hips stay over (x, y).
        seat_height: top of the seat (m above the floor), used when sitting > 0.
        mouth: 0 closed, 1 open; shown as either, from about a third on as open.
    """

    x: float
    y: float
    z_floor: float = 0.0
    yaw: float = 0.0
    gait_phase: float = 0.0
    speed: float = 0.0
    head_yaw: float = 0.0
    head_pitch: float = 0.0
    head_roll: float = 0.0
    sitting: float = 0.0
    seat_height: float = 0.45
    mouth: float = 0.0

    @property
    def posture(self) -> Posture:
        """Which posture the person is nearer to."""
        return "sit" if self.sitting >= 0.5 else "stand"
