"""Out of a wedge: the arc that leads to where there is most room, though at first it may come nearer to things.

The planner keeps a margin from everything. A body that stands at that margin on two sides can turn and drive nowhere
without giving up some of it, and would stand there for good with a hand's breadth of air all around.
"""

from __future__ import annotations

import math

import numpy as np

from robot.footprint import box_distance
from robot.navigation.control import Limits, State, margin_ahead
from robot.navigation.costmap import Costmap, Footprint, Mover
from robot.navigation.motion_kernels import advance

SPEED, TURN = 0.15, 0.6  # m/s, rad/s
FAN = tuple((v, omega) for v in (-SPEED, SPEED, 0.0) for omega in (0.0, TURN, -TURN, 2 * TURN, -2 * TURN) if v or omega)
STEPS, DT_S = 12, 0.1  # of an arc
SQUEEZE_M = 0.04  # of the margin that may be given up for a moment, not again each time; safety keeps what is left
PEOPLE_M = 0.45  # from the outline to somebody's middle: no arc comes nearer, nor any nearer than they are now
GAIN_M = 0.02  # of margin at an arc's end that it must be worth


def way_out(
    state: State, costmap: Costmap, footprint: Footprint, limits: Limits, movers: list[Mover]
) -> tuple[float, float] | None:
    """Return the twist (m/s, rad/s) whose arc ends with the most room about the body; None where none is worth it.

    Args:
        state: in odom, as the movers. They are taken to stand: an arc takes a second.
    """
    circles = footprint.circles()

    def least(start: State, twist: tuple[float, float], steps: int) -> float:
        twists = np.tile(np.array(twist, np.float32), (STEPS, 1))
        return margin_ahead(start, twists, steps, costmap, circles, limits, DT_S)

    still = State(state.x, state.y, state.yaw, 0.0, 0.0)
    now = least(still, (0.0, 0.0), 1)
    apart = min(PEOPLE_M, people_gap(still, footprint, movers))
    best, found = now + GAIN_M, None
    for twist in FAN:
        end, gap = state, math.inf
        for _ in range(STEPS):
            end = advance(end, *twist, limits.v_max, limits, DT_S)
            gap = min(gap, people_gap(end, footprint, movers))
        room = least(State(end.x, end.y, end.yaw, 0.0, 0.0), (0.0, 0.0), 1)
        if room > best and gap >= apart - 1e-3 and least(state, twist, STEPS) >= min(now, -SQUEEZE_M):
            best, found = room, twist
    return found


def people_gap(state: State, footprint: Footprint, movers: list[Mover]) -> float:
    """Return the least distance (m) from the body's outline to the middle of a mover; inf where there is none."""
    c, s = math.cos(state.yaw), math.sin(state.yaw)
    gaps = (
        box_distance(
            c * (m.x - state.x) + s * (m.y - state.y),
            c * (m.y - state.y) - s * (m.x - state.x),
            0.5 * footprint.length,
            0.5 * footprint.width,
        )
        for m in movers
    )
    return min(gaps, default=math.inf)
