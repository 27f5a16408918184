"""How fast a base may go near a person: one rule, which safety enforces and the planner foresees.

Near people the base is slow, nearer still it does not come closer; past one who stands it creeps. Leaving, and going by
at a distance, is free. Were the planner to reckon with less than safety allows, it would drive into places where safety
holds it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba import njit

from robot.footprint import box_distance

LOOK_S = 0.1  # along the way, to tell whether the gap shrinks


class NearPeople(NamedTuple):
    """Gaps run from the footprint's edge to the middle of a person."""

    slow_gap_m: float = 0.55
    slow_speed: float = 0.3  # m/s at and within that gap
    speed_per_m: float = 1.2  # m/s allowed more for each metre beyond it
    stop_gap_m: float = 0.45  # nearer than this to one who walks, only motion that does not approach,
    pass_gap_m: float = 0.40  # but past one who stands slowly to within this: arms and toes stay still
    pass_speed: float = 0.15  # m/s
    stands_speed: float = 0.15  # m/s, slower is standing
    leaves_share: float = 0.5  # of the speed by which the gap opens: that much is leaving,
    passes_share: float = -0.25  # and beyond the stop gap this much is going by


@njit(cache=True)
def allowed_speed(
    x: float, y: float, stands: bool, v: float, half_length: float, half_width: float, rule: NearPeople
) -> float:
    """Return how fast (m/s) the base may go for a person at (x, y) in base_link while it goes straight at `v`.

    inf where the person is no reason to go slower; 0 where it must not come nearer.
    """
    gap = box_distance(x, y, half_length, half_width)
    later = box_distance(x - v * LOOK_S, y, half_length, half_width)
    opening, speed = (later - gap) / LOOK_S, abs(v)
    if opening > rule.leaves_share * speed:
        return math.inf
    if gap > rule.stop_gap_m and opening > rule.passes_share * speed:
        return math.inf
    if gap <= rule.stop_gap_m and later < gap - 1e-4:
        return rule.pass_speed if stands and gap > rule.pass_gap_m else 0.0
    return float(rule.slow_speed + rule.speed_per_m * max(0.0, gap - rule.slow_gap_m))
