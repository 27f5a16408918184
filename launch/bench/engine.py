"""Where episodes run: in processes of this machine, or on a Ray cluster (`engine_ray.py`). Same rows either way.

An episode is a picklable value and running it is a module-level function of it alone, so where it runs cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

from launch.errors import CallError, unknown

E = TypeVar("E")
Row = dict[str, Any]
ENGINES = ("local", "ray")
MOST_JOBS = 256  # each is a process of 300 MiB


def run_all(run: Callable[[E], Row], episodes: Sequence[E], jobs: int, engine: str = "local") -> Iterator[Row]:
    """Yield a row per episode, in the order in which they end.

    Raises:
        CallError: no such engine, or it cannot be used here.
    """
    if not 1 <= jobs <= MOST_JOBS:
        raise CallError(f"--jobs {jobs}: must be at least 1 and at most {MOST_JOBS}")
    if engine not in ENGINES:
        raise unknown("value of --engine:", engine, ENGINES)
    if engine == "ray":
        from launch.bench.engine_ray import run_on_ray

        return run_on_ray(run, episodes, jobs)
    return run_locally(run, episodes, jobs)


def compile_apart(run: Callable[[E], Row], episode: E) -> None:
    """Run one episode in a process that ends with it: its kernels are compiled then, for all that come after.

    Compiling leaves a process 200 MiB larger, and several would compile the same side by side.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(run, episode).result()


def run_locally(run: Callable[[E], Row], episodes: Sequence[E], jobs: int) -> Iterator[Row]:
    """Yield rows from `jobs` processes; one job runs in this process.

    Suites end with what is hardest and takes longest: that is begun first, or it would run alone at the end.
    """
    if jobs == 1:
        yield from map(run, episodes)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(run, episode) for episode in reversed(episodes)]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
