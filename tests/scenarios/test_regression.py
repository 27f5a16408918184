"""The regression net catches what it is there for: six planted defects turn a comparison red, unchanged code does not.

Defects are planted by the same `--set` that users have. The suite is small: steady episodes, in which a few per cent of
time show, and one or two in which the robot has to get itself out of something.
"""

from __future__ import annotations

from typing import Any

import pytest

from launch.bench.nav import NOT_COMPARED, Episode, run_episode, spec_of
from launch.bench.regression import Limits, compare

Rows = list[dict[str, Any]]
STEADY = (("clutter:3:1", 1), ("hazards:lidar_dropout:0", 0), ("hazards:u_trap:0", 0), ("hazards:table_edge:0", 0))
TIGHT = (("hazards:dead_end:2", 2), ("clutter:5:2", 2))
WEIGHTS = "navigator.planner.mppi.weights"

DEFECTS: dict[str, tuple[str, ...]] = {
    "inflation off": (
        "navigator.planner.costmap.soft_weight=0.0",
        f"{WEIGHTS}.closeness=0.0",
        f"{WEIGHTS}.fast_and_close=0.0",
    ),
    "depth ignored": ("mapping.map.depth_occupied=1000.0",),
    "footprint 5 cm too small": (
        "navigator.body.width=0.35",
        "navigator.body.length=0.37",
        "safety.body.width=0.35",
        "safety.body.length=0.37",
    ),
    "recovery off": ("navigator.planner.recovery.attempts=0",),
    "odometry 3 % too long": ("odometry.body.wheels.radius=0.0824",),
    "controller at half rate": ("navigator.rate_hz=10",),
}


def rows(worlds: tuple[tuple[str, int], ...], overrides: tuple[str, ...] = ()) -> Rows:
    return [run_episode(Episode(spec_of(world, seed, "mppi", overrides), "mppi")) for world, seed in worlds]


@pytest.fixture(scope="module")
def baseline() -> Rows:
    found = rows(STEADY + TIGHT)
    assert all(row["success"] for row in found)
    return found


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_red(defect: str, baseline: Rows) -> None:
    comparison = compare(baseline, rows(STEADY + TIGHT, DEFECTS[defect]), Limits())
    assert comparison.red, "\n".join(comparison.lines())


def test_twenty_runs_of_unchanged_code_are_green_and_equal(baseline: Rows) -> None:
    world = STEADY[2:3]
    before = [row for row in baseline if row["world"] == world[0][0]]
    for _ in range(20):
        after = rows(world)
        comparison = compare(before, after, Limits())
        assert (comparison.red, comparison.changes) == ((), ())
        for old, new in zip(before, after, strict=True):
            assert {k: v for k, v in old.items() if k not in NOT_COMPARED} == {
                k: v for k, v in new.items() if k not in NOT_COMPARED
            }
