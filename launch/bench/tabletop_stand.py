"""Suite `stability`: the arm and its free-standing base through nods at 3 Hz and 25 degrees, looking as far as all
joints go; with the limiter, without it, and with half as much payload again as the limiter was told.

No faces: what is asked of the joints is the script, and everything from the trajectories on is what a run has.
"""

from __future__ import annotations

import math
from typing import Any

from launch.spec import RunSpec
from robot.bodies.tabletop.body import TabletopBody
from robot.motion.node import ArmConfig, ArmMotion
from robot.motion.stability import StabilityConfig
from sim.tabletop.drop_test import DropTest

Row = dict[str, Any]
NOD_HZ, NOD_SIZE = 3.0, math.radians(25.0)
LOOK_S = (6.5, 6.0)  # periods of base and boom going from end to end
HEAVY = 1.5  # times the payload that is configured


def stand(spec: RunSpec) -> Row:
    """Return how far the base tilted and slid while the script ran, or until it fell."""
    part = spec.world.partition(":")[2]
    body = TabletopBody()
    config = ArmConfig(stability=StabilityConfig(enabled=part != "off"), payload_kg=body.payload.mass)
    arm = ArmMotion(config)
    carried = body.payload.mass * (HEAVY if part == "heavy" else 1.0)
    with DropTest(body, carried) as test:
        for t in test.times(spec.duration_s):
            arm.advance(*nods_and_looks(t))
            test.drive(arm.positions)
            if test.fallen:
                break
        tilt, slip, fallen, lasted = test.tilt_max, test.slip_max, test.fallen, test.now_s
    tilt_deg, slip_mm = math.degrees(tilt), 1000.0 * slip
    moved = fallen or slip_mm > 3.0
    return {
        "success": moved if part == "off" else not fallen and (part == "heavy" or (tilt_deg <= 0.5 and slip_mm <= 3.0)),
        "base_tilt_deg_max": tilt_deg,
        "base_slip_mm_max": slip_mm,
        "fallen": fallen,
        "tips_or_slides": moved,
        "collisions": int(fallen and part != "off"),
        "time_s": lasted,
    }


def nods_and_looks(t: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return where the joints are asked to be at time t (rad), and how fast that moves (rad/s)."""
    w = 2.0 * math.pi * NOD_HZ
    yaw = math.copysign(2.7, math.sin(2.0 * math.pi * t / LOOK_S[0]))
    boom = 0.9 if t % LOOK_S[1] < LOOK_S[1] / 2.0 else -0.6
    return (yaw, boom, NOD_SIZE * math.sin(w * t), 0.0), (0.0, 0.0, NOD_SIZE * w * math.cos(w * t), 0.0)
