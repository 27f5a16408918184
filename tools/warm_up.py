"""Compiles every numba kernel once, so that a first run starts at once: part of `make setup` (under a minute)."""

from __future__ import annotations

from launch.execute import prepare
from launch.profiles import RunSpec
from robot.runtime.lockstep import Lockstep

SECONDS = 6.0  # long enough to drive, plan, search and lose sight once


def warm_up() -> None:
    """Run the main job without rendering; the compiled kernels stay in the cache beside their source."""
    graph = prepare(RunSpec("follow_me", "apartment", 0, SECONDS, "emulated"))
    runner = Lockstep(graph, 0)
    try:
        runner.advance(graph.ticks.count(SECONDS))
    finally:
        runner.close()


if __name__ == "__main__":
    warm_up()
