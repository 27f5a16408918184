"""Walking as pure functions of gait phase and speed: where the feet are, and the joint angles that put them there.

The idea: feet come first. During stance a foot moves backward under the body exactly as fast as the body moves
forward (so it stands still on the floor), rolling over heel and ball; during swing it travels back to the front on a
curve with matching velocities. Hip height follows from the reach of the legs, and two-link inverse kinematics gives
hip and knee. Stride length over speed follows Grieve and Gear (1966): relative stride ~ (relative speed)^0.42.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.people.compiled import compiled
from sim.people.skeleton import Skeleton

STANCE_SHARE = 0.62  # of the gait cycle that a foot is on the floor
SLOWEST_POWER_LAW = 0.25  # m/s; below it cadence stays and steps shrink with speed, so that they vanish at a stop
HEEL_STRIKE_PITCH = math.radians(18.0)
TOE_OFF_PITCH = math.radians(-42.0)
HEEL_RISE_PHASE = 0.36
FOOT_FLAT_PHASE = 0.10
FULL_STYLE_SPEED = 1.2  # m/s at which foot roll and arm swing are fully developed
ARM_SWING = math.radians(24.0)
TRAIL_SHARE = 0.06  # of the stride by which the feet trail the hips: the rear leg pushes, its heel is up
LEG_REACH = 0.992  # share of the straight leg used at most: knees are never quite locked
HIP_SOFTNESS_M = 0.008


class Leg(NamedTuple):
    """Joint angles of one leg (rad). hip: thigh forward positive; knee: flexion >= 0; ankle: toes up positive."""

    hip: float
    knee: float
    ankle: float


class BodyPose(NamedTuple):
    """Joint angles of the whole body without the head.

    Attributes:
        hip_height: hip centre above the floor (m).
        lean: trunk pitch, forward positive (rad).
        shoulder_left, shoulder_right: upper arm forward positive (rad).
        elbow_left, elbow_right: flexion >= 0 (rad).
    """

    hip_height: float
    lean: float
    left: Leg
    right: Leg
    shoulder_left: float
    shoulder_right: float
    elbow_left: float
    elbow_right: float


@compiled
def stride_length(speed: float, height: float) -> float:
    """Return the length of one gait cycle, two steps (m), for a walking speed (m/s) and a body height (m)."""
    v = max(speed, SLOWEST_POWER_LAW)
    stride: float = 0.8 * height * (v / (0.75 * height)) ** 0.42
    return stride * min(1.0, max(speed, 0.0) / SLOWEST_POWER_LAW)


@compiled
def phase_rate(speed: float, height: float) -> float:
    """Return gait cycles per second at a walking speed; 0 when standing."""
    stride = stride_length(speed, height)
    return speed / stride if stride > 1e-6 else 0.0


@compiled
def foot_place(phase: float, speed: float, bones: Skeleton) -> tuple[float, float, float]:
    """Return where one ankle is: forward of the hip (m), above the floor (m), and the foot's pitch (rad, toes up).

    Args:
        phase: of this leg, [0, 1), 0 at heel strike.
    """
    stride = stride_length(speed, bones.height)
    style = min(1.0, stride / stride_length(FULL_STYLE_SPEED, bones.height))
    reach = 0.5 * STANCE_SHARE * stride
    if phase < STANCE_SHARE:
        forward, lift = reach - stride * phase, 0.0
    else:
        u = (phase - STANCE_SHARE) / (1.0 - STANCE_SHARE)
        forward = _hermite(u, -reach, reach, -stride * (1.0 - STANCE_SHARE))
        lift = 0.022 * bones.height * style * math.sin(math.pi * u) ** 2
    pitch = _foot_pitch(phase) * style
    roll_x, roll_z = _ankle_over_contact(pitch, bones)
    return forward + roll_x - TRAIL_SHARE * stride, roll_z + lift, pitch


@compiled
def _foot_pitch(phase: float) -> float:
    if phase < FOOT_FLAT_PHASE:
        return HEEL_STRIKE_PITCH * (1.0 - _smooth(phase / FOOT_FLAT_PHASE))
    if phase < STANCE_SHARE:
        rise = max(0.0, (phase - HEEL_RISE_PHASE) / (STANCE_SHARE - HEEL_RISE_PHASE))
        return TOE_OFF_PITCH * rise * rise
    u = (phase - STANCE_SHARE) / (1.0 - STANCE_SHARE)
    return TOE_OFF_PITCH + (HEEL_STRIKE_PITCH - TOE_OFF_PITCH) * _smooth(u)


@compiled
def _ankle_over_contact(pitch: float, bones: Skeleton) -> tuple[float, float]:
    """Ankle offset when the foot is pitched about its heel (toes up) or its ball (heel up), which stays in place."""
    lever = bones.heel_back if pitch > 0.0 else -bones.ball_ahead
    c, s = math.cos(pitch), math.sin(pitch)
    return lever * c - bones.ankle * s - lever, lever * s + bones.ankle * c


@compiled
def _hermite(u: float, start: float, end: float, slope: float) -> float:
    """Cubic from start to end over u in [0, 1] with the same slope at both ends."""
    return start + slope * u + (end - start - slope) * _smooth(u)


@compiled
def _smooth(u: float) -> float:
    u = min(1.0, max(0.0, u))
    return u * u * (3.0 - 2.0 * u)


@compiled
def solve_leg(hip_height: float, forward: float, up: float, pitch: float, bones: Skeleton) -> Leg:
    """Return the joint angles that bring an ankle to (forward of the hip, up from the floor), the foot at `pitch`.

    A target out of reach is approached as far as the leg goes.
    """
    drop = hip_height - up
    far = min(math.hypot(forward, drop), (bones.thigh + bones.shank) * 0.9999)
    thigh, shank = bones.thigh, bones.shank
    at_hip = math.acos(_cosine(thigh, far, shank))
    knee = math.pi - math.acos(_cosine(thigh, shank, far))
    hip = math.atan2(forward, drop) + at_hip
    return Leg(hip, knee, pitch - (hip - knee))


@compiled
def _cosine(a: float, b: float, opposite: float) -> float:
    return min(1.0, max(-1.0, (a * a + b * b - opposite * opposite) / (2.0 * a * b)))


@compiled
def body_pose(phase: float, speed: float, sitting: float, seat_height: float, bones: Skeleton) -> BodyPose:
    """Return all joint angles below the head; arguments as in PersonState."""
    left_x, left_z, left_pitch = foot_place(phase % 1.0, speed, bones)
    right_x, right_z, right_pitch = foot_place((phase + 0.5) % 1.0, speed, bones)
    hips = _hip_height(left_x, left_z, right_x, right_z, bones)
    style = speed / FULL_STYLE_SPEED
    lean = math.radians(3.0) * min(1.0, style)
    swing = ARM_SWING * min(1.2, style) * math.cos(2.0 * math.pi * phase)
    rest, bend = 0.0, math.radians(10.0)
    if sitting > 0.0:
        s = _smooth(sitting)
        hips += s * (seat_height + 0.05 * bones.height - hips)
        foot_x, foot_z = _seated_foot(hips, bones)
        left_x, right_x = left_x + s * (foot_x - left_x), right_x + s * (foot_x - right_x)
        left_z, right_z = left_z + s * (foot_z - left_z), right_z + s * (foot_z - right_z)
        left_pitch, right_pitch = left_pitch * (1.0 - s), right_pitch * (1.0 - s)
        lean = math.radians(34.0) * math.sin(math.pi * s) - math.radians(6.0) * s
        rest, bend = math.radians(14.0) * s, bend + math.radians(42.0) * s
    return BodyPose(
        hips,
        lean,
        solve_leg(hips, left_x, left_z, left_pitch, bones),
        solve_leg(hips, right_x, right_z, right_pitch, bones),
        rest - swing,
        rest + swing,
        bend + 0.4 * max(0.0, -swing),
        bend + 0.4 * max(0.0, swing),
    )


@compiled
def _hip_height(left_x: float, left_z: float, right_x: float, right_z: float, bones: Skeleton) -> float:
    """The lower of what both legs reach, blended softly where the weight changes feet."""
    reach = LEG_REACH * (bones.thigh + bones.shank)
    left = left_z + math.sqrt(max(0.0, reach * reach - left_x * left_x))
    right = right_z + math.sqrt(max(0.0, reach * reach - right_x * right_x))
    low, high = min(left, right), max(left, right)
    return low - HIP_SOFTNESS_M * math.log1p(math.exp((low - high) / HIP_SOFTNESS_M))


@compiled
def _seated_foot(hips: float, bones: Skeleton) -> tuple[float, float]:
    """Ankle in front of the hip and above the floor; the feet of the short hang in the air."""
    knee = hips - 0.02 * bones.height
    return 0.97 * bones.thigh, max(bones.ankle, knee - bones.shank)
