"""`launch bench envs`: how fast the Gymnasium environments step, without rendering, on one core."""

from __future__ import annotations

import time
from dataclasses import dataclass

import gymnasium
from rich.console import Console
from rich.table import Table

import launch.envs

WARM_UP_STEPS = 30  # compiles kernels and fills caches
GENTLE = 0.3  # share of random actions: the robot drives about and seldom touches anything


@dataclass(frozen=True)
class EnvSpeed:
    """What one environment gave."""

    name: str
    x_real_time: float
    steps_per_s: float
    reset_s: float


def run(seconds: float) -> list[EnvSpeed]:
    """Step each environment for so many simulated seconds, print the table and return its rows."""
    rows = [_measure(name, seconds) for name in launch.envs.EPISODES]
    table = Table(title=f"{seconds:g} s simulated each, random actions, one core")
    for column in ("environment", "x real time", "steps a second", "reset, s"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(row.name, f"{row.x_real_time:.1f}", f"{row.steps_per_s:.0f}", f"{row.reset_s:.2f}")
    Console(width=120).print(table)
    return rows


def _measure(name: str, seconds: float) -> EnvSpeed:
    env = gymnasium.make(name)
    env.action_space.seed(0)
    env.reset(seed=0)
    stepping_s = resetting_s = 0.0
    resets, steps = 0, 0
    period_s: float = env.unwrapped.period_s  # type: ignore[attr-defined]  # one of ours
    wanted = round(seconds / period_s)
    for _ in range(WARM_UP_STEPS):
        env.step(env.action_space.sample() * GENTLE)
    over = True
    while steps < wanted:
        if over:
            started = time.perf_counter()
            env.reset(seed=1 + resets)
            resetting_s, resets = resetting_s + time.perf_counter() - started, resets + 1
        started = time.perf_counter()
        _, _, ended, cut, _ = env.step(env.action_space.sample() * GENTLE)
        stepping_s, steps, over = stepping_s + time.perf_counter() - started, steps + 1, ended or cut
    env.close()
    return EnvSpeed(name, steps * period_s / stepping_s, steps / stepping_s, resetting_s / resets)
