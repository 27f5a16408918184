"""Where a person's head points: idle looking around, gestures, gaze at a point, and a neck that takes its time."""

from __future__ import annotations

import math

from numpy.random import Generator

from robot.geometry import Pose2, wrap_angle
from sim.people.plan import LookAtSegment, NodSegment, Segment, ShakeSegment, TalkSegment

NOD_HZ = 1.5
NOD_DEPTH = math.radians(12.0)  # from level down to the lowest point
SHAKE_HZ = 1.4
SHAKE_WIDTH = math.radians(14.0)  # to either side
NECK_YAW_LIMIT = math.radians(60.0)
NECK_PITCH_LIMIT = math.radians(35.0)
NECK_RATE = 3.5  # rad/s when the gaze moves; gestures are faster by themselves
IDLE_YAW = math.radians(7.0)
IDLE_PITCH = math.radians(2.5)


def gesture_seconds(segment: NodSegment | ShakeSegment) -> float:
    """Return how long a gesture lasts."""
    return segment.times / (NOD_HZ if isinstance(segment, NodSegment) else SHAKE_HZ)


class HeadMotion:
    """The head of one person over time. Angles against the trunk: yaw left, pitch down, roll right positive (rad)."""

    def __init__(self, rng: Generator) -> None:
        """Draw the idle motion's phases."""
        self._phases = [float(p) for p in rng.uniform(0.0, 2.0 * math.pi, 4)]
        self._rates = [float(r) for r in rng.uniform(0.8, 1.2, 4)]
        self._time = 0.0
        self._gaze = [0.0, 0.0]
        self.yaw = self.pitch = self.roll = self.mouth = 0.0

    def update(
        self, dt: float, segment: Segment | None, elapsed: float, pose: Pose2, eye_height: float, turn_ahead: float
    ) -> None:
        """Advance by dt.

        Args:
            segment: what the person is doing; elapsed: since when (s).
            pose: of the person, map frame; eye_height: above z = 0 (m).
            turn_ahead: bearing of the way ahead (rad, left positive); the head turns into a curve first.
        """
        self._time += dt
        wanted = self._wanted_gaze(segment, pose, eye_height, turn_ahead)
        for i in (0, 1):
            step = min(NECK_RATE * dt, max(-NECK_RATE * dt, 6.0 * dt * (wanted[i] - self._gaze[i])))
            self._gaze[i] += step
        nod, shake, tilt, self.mouth = _gesture(segment, elapsed)
        self.yaw, self.pitch, self.roll = self._gaze[0] + shake, self._gaze[1] + nod, tilt

    def _wanted_gaze(
        self, segment: Segment | None, pose: Pose2, eye_height: float, turn_ahead: float
    ) -> tuple[float, float]:
        if isinstance(segment, LookAtSegment):
            yaw = pose.bearing_to(segment.x, segment.y)
            drop = 0.0 if segment.z is None else eye_height - segment.z
            pitch = math.atan2(drop, max(0.2, pose.distance_to(segment.x, segment.y)))
            return _clamp(yaw, NECK_YAW_LIMIT), _clamp(pitch, NECK_PITCH_LIMIT)
        calm = 0.15 if isinstance(segment, NodSegment | ShakeSegment) else 1.0
        waves = [
            math.sin(2.0 * math.pi * hz * rate * self._time + phase)
            for hz, rate, phase in zip((0.11, 0.27, 0.07, 0.19), self._rates, self._phases, strict=True)
        ]
        yaw = 0.5 * _clamp(turn_ahead, math.radians(60.0)) + calm * IDLE_YAW * 0.5 * (waves[0] + waves[1])
        return yaw, calm * IDLE_PITCH * 0.5 * (waves[2] + waves[3])


def body_turn_for_gaze(segment: LookAtSegment, pose: Pose2) -> float:
    """Return how far (rad) the trunk must turn for the neck to reach the point comfortably."""
    bearing = pose.bearing_to(segment.x, segment.y)
    reach = math.radians(35.0)
    return wrap_angle(bearing - _clamp(bearing, reach))


def _gesture(segment: Segment | None, elapsed: float) -> tuple[float, float, float, float]:
    """Added pitch, yaw and roll of the head (rad) and how far the mouth is open."""
    if isinstance(segment, NodSegment):
        return NOD_DEPTH * 0.5 * (1.0 - math.cos(2.0 * math.pi * NOD_HZ * elapsed)), 0.0, 0.0, 0.0
    if isinstance(segment, ShakeSegment):
        return 0.0, SHAKE_WIDTH * math.sin(2.0 * math.pi * SHAKE_HZ * elapsed), 0.0, 0.0
    if isinstance(segment, TalkSegment):
        ease = min(1.0, elapsed / 0.3, max(0.0, segment.seconds - elapsed) / 0.3)
        syllables = abs(math.sin(2.0 * math.pi * 2.1 * elapsed)) * (0.6 + 0.4 * math.sin(1.7 * elapsed))
        nod = math.radians(2.5) * math.sin(2.0 * math.pi * 0.9 * elapsed)
        tilt = math.radians(2.0) * math.sin(2.0 * math.pi * 0.5 * elapsed)
        return nod * ease, 0.0, tilt * ease, syllables * ease
    return 0.0, 0.0, 0.0, 0.0


def _clamp(value: float, limit: float) -> float:
    return min(limit, max(-limit, value))
