"""`launch bench engine`: what the engines cost and whether where an episode runs can change its row.

One job, then several, in processes that are started and warm before the clock runs, in turn and more than once: a
machine that others use too is now a tenth slower, now faster, so medians are told. What several jobs can gain at most
is told too: busy loops that share nothing, beside one. And where Ray is asked for, the same episodes there, one of
whose workers is killed in the middle of an episode.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from launch.bench.bars import bar_line
from launch.bench.engine import compile_apart, run_all
from launch.bench.nav import NOT_COMPARED, Episode, run_episode
from launch.errors import CallError
from robot.runtime.lockstep import Lockstep

Row = dict[str, Any]
REAL_TIME, SCALING, RESIDENT_MB = 10.0, 1.8, 500.0  # the bars
LOOPS, LOOP_STEPS = 4, 3_000_000  # busy loops a process, long enough to be timed

_ready: Barrier


@dataclass(frozen=True)
class Doomed:
    """An episode whose first worker is killed in the middle of it; the file tells that this has happened."""

    episode: Episode
    killed: str  # path; empty: nobody is


def run(episodes: Sequence[Episode], jobs: int, repeats: int, *, ray: bool) -> dict[str, Any]:
    """Return figures of one job, of `jobs` and, where wanted, of Ray; of the first two the medians of `repeats`.

    Raises:
        CallError: Ray is wanted but not installed, or is somewhere else.
    """
    compile_apart(run_episode, episodes[0])
    turns = [(timed(episodes, 1), timed(episodes, jobs)) for _ in range(repeats)]
    alone = turns[0][0][0]
    simulated = sum(row["sim_seconds"] for row in alone)
    wall = [simulated / alone_s for (_, alone_s), _ in turns]
    cpu = [simulated / sum(row["cpu_seconds"] for row in rows) for (rows, _), _ in turns]
    scaling = [alone_s / beside_s for (_, alone_s), (_, beside_s) in turns]
    machine = [gained_by_loops(jobs) for _ in turns]
    every = [rows for turn in turns for rows, _ in turn]
    found = {
        "episodes": len(episodes),
        "jobs": jobs,
        "sim_seconds": simulated,
        "repeats": {
            "x_real_time": wall,
            "x_real_time_cpu": cpu,
            "scaling": scaling,
            "scaling_of_loops": machine,
        },
        "x_real_time": statistics.median(wall),
        "x_real_time_cpu": statistics.median(cpu),
        "scaling": statistics.median(scaling),
        "scaling_of_loops": statistics.median(machine),
        "rss_mb": max(row["rss_mb"] for rows in every for row in rows),
        "rows_equal": all(compared(rows) == compared(alone) for rows in every),
    }
    if ray:
        there, killed = with_a_lost_worker(episodes, jobs)
        found |= {"ray_rows_equal": compared(there) == compared(alone), "ray_worker_killed": killed}
    return found


def bars(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a line per bar: metric, rule, the bar, what was reached, held or not."""
    lines = [
        ("x real time, one job, wall", "at least", REAL_TIME, found["x_real_time"]),
        ("x real time, one job, CPU", "at least", REAL_TIME, found["x_real_time_cpu"]),
        (f"{found['jobs']} jobs / one, throughput", "at least", SCALING, found["scaling"]),
        ("resident a job, MiB", "at most", RESIDENT_MB, found["rss_mb"]),
        (f"rows equal with {found['jobs']} jobs", "at least", 1.0, float(found["rows_equal"])),
    ]
    if "ray_rows_equal" in found:
        equal = float(found["ray_rows_equal"] and found["ray_worker_killed"])
        lines.append(("rows equal on Ray, a worker killed", "at least", 1.0, equal))
    return [bar_line(*line) for line in lines]


def timed(episodes: Sequence[Episode], jobs: int) -> tuple[list[Row], float]:
    """Return the rows of `jobs` processes and the seconds they took, once all of them were warm."""
    context = get_context("spawn")
    barrier = context.Barrier(jobs)
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_take, initargs=(barrier,)) as pool:
        for warm in [pool.submit(_warm, episodes[0]) for _ in range(jobs)]:
            warm.result()
        started = time.perf_counter()
        rows = [done.result() for done in as_completed([pool.submit(run_episode, one) for one in reversed(episodes)])]
        return rows, time.perf_counter() - started


def gained_by_loops(jobs: int) -> float:
    """Return how many times as many busy loops `jobs` processes finish in a time as one does: the machine's gain."""
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        list(pool.map(_loop, [1] * 2 * jobs))  # started
        started = time.perf_counter()
        for _ in range(LOOPS):
            pool.submit(_loop, LOOP_STEPS).result()
        alone_s, started = time.perf_counter() - started, time.perf_counter()
        list(pool.map(_loop, [LOOP_STEPS] * LOOPS * jobs))
        return jobs * alone_s / (time.perf_counter() - started)


def _loop(steps: int) -> int:
    return sum(i & 1 for i in range(steps))


def _take(barrier: Barrier) -> None:
    global _ready
    _ready = barrier


def _warm(episode: Episode) -> None:
    """Load kernels and fill caches, and hold this process until every other has done so too."""
    run_episode(episode)
    _ready.wait()


def compared(rows: Sequence[Row]) -> list[Row]:
    """Return what of the rows may not depend on where they were run, in an order of its own."""
    kept = [{key: value for key, value in row.items() if key not in NOT_COMPARED} for row in rows]
    return sorted(kept, key=lambda row: (str(row["world"]), row["seed"], str(row["label"])))


def with_a_lost_worker(episodes: Sequence[Episode], jobs: int) -> tuple[list[Row], bool]:
    """Return Ray's rows where the worker of one episode is killed in the middle of it, and whether it was.

    Raises:
        CallError: there is a cluster at RAY_ADDRESS: what is killed here is to be of this machine.
    """
    if os.environ.get("RAY_ADDRESS"):
        raise CallError("launch bench engine --ray kills a worker of a local cluster: unset RAY_ADDRESS")
    with TemporaryDirectory() as folder:
        killed = Path(folder) / "killed"
        doomed = [Doomed(one, str(killed) if i == len(episodes) // 2 else "") for i, one in enumerate(episodes)]
        return list(run_all(run_doomed, doomed, jobs, "ray")), killed.exists()


def run_doomed(doomed: Doomed) -> Row:
    """Run the episode; where it is doomed and still first of its kind, the process dies in the middle of it."""
    if doomed.killed and not Path(doomed.killed).exists():
        _die_midway(Path(doomed.killed))
    return run_episode(doomed.episode)


def _die_midway(killed: Path) -> None:
    advance = Lockstep.advance

    def dying(self: Lockstep, until_tick: int) -> None:
        if self.tick > 0:
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        advance(self, until_tick)

    Lockstep.advance = dying  # type: ignore[method-assign]  # of a process that is about to die
