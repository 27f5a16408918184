"""The largest share of a twist that the footprint may drive: short of solid points, and wider around legs at speed."""

from __future__ import annotations

from robot.safety.arc import free_time, speed_factor
from robot.safety.config import SafetyConfig
from robot.safety.limits import Twist
from robot.safety.points import Points

SHARES = (1.0, 0.7, 0.45, 0.25, 0.1)  # of a twist, tried near legs: slower motion may pass nearer


def share_before(points: Points, twist: Twist, margin_m: float, config: SafetyConfig) -> float:
    """Return the largest share (0 to 1) from which the robot still stops `margin_m` short of points (base_link)."""
    if len(points) == 0:
        return 1.0
    body = config.body
    free_s = free_time(
        points,
        twist.v,
        twist.omega,
        body.length / 2,
        body.width / 2,
        margin_m,
        config.lookahead_s,
        config.arc_samples,
    )
    return speed_factor(free_s, twist, body.drive, config.reaction_s)


def share_backing(unseen: Points, twist: Twist, config: SafetyConfig) -> float:
    """Return the largest share (0 to 1) that backs over floor no camera has seen only slowly; 1 for any other twist."""
    slow = config.unseen_reverse_speed
    if twist.v >= -slow or len(unseen) == 0:
        return 1.0
    return max(slow / -twist.v, share_before(unseen, twist, config.unseen_margin_m, config))


def share_near_limbs(limbs: Points, twist: Twist, config: SafetyConfig) -> float:
    """Return the largest share (0 to 1) at which the air around legs, wider at speed, stays free."""
    if len(limbs) == 0:
        return 1.0
    best = 0.0
    for part in SHARES:
        slower = Twist(twist.v * part, twist.omega * part)
        margin = limb_margin(slower, config)
        share = share_before(limbs, slower, margin, config)
        best = max(best, part * share)
        if share == 1.0:
            break
    return best


def limb_margin(twist: Twist, config: SafetyConfig) -> float:
    """Return the air (m) that a twist must leave around legs."""
    if twist.v == 0.0:
        return config.limb_margin_turn_m
    return config.limb_margin_m + config.limb_margin_s * abs(twist.v)
