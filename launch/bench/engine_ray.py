"""Episodes on a Ray cluster: it joins the one of RAY_ADDRESS and ships the working tree there, or starts a local one.

Ray is an extra (`pip install housemate[ray]`) and imported here alone. A worker that is lost takes its episode with it;
Ray runs that again elsewhere, and since rows depend on nothing but the episode, they come out the same.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from launch.errors import CallError

E = TypeVar("E")
Row = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]

CONNECT_S = 5.0
STARTS = 3  # of a local cluster, to which Ray gives 30 s: a machine with much else to do may need longer
STARTS_LATE = "timed out during startup"
TOKENS = " (if it wants a token: RAY_AUTH_MODE=token)"
RETRIES = 4  # of an episode whose worker was lost
LEFT_OUT = [
    "/.git",
    "/.venv",
    "/build",
    "/runs",
    "/docs",
    "/tests",
    "__pycache__",
    "*.mcap",
    "*.mp4",
]


def run_on_ray(run: Callable[[E], Row], episodes: Sequence[E], jobs: int) -> Iterator[Row]:
    """Yield rows as they end. A cluster runs as many at a time as it has cores; a local one, `jobs`.

    Raises:
        CallError: Ray is not installed, or there is no cluster at RAY_ADDRESS.
    """
    ray = _ray()
    address = os.environ.get("RAY_ADDRESS")
    if address:
        _check_there(address)
    shipped = {"working_dir": str(ROOT), "excludes": LEFT_OUT, "env_vars": {"PYTHONPATH": "."}}
    here = {"env_vars": {"PYTHONPATH": str(ROOT)}}  # the tree as it lies, with its compiled kernels
    local = {} if address else {"num_cpus": jobs, "include_dashboard": False}
    environment = shipped if address else here
    settings = {"address": address or "local", "runtime_env": environment, **local}
    starts = 1 if address else STARTS
    for attempt in range(starts):
        try:
            ray.init(log_to_driver=False, logging_level="error", configure_logging=True, **settings)
            break
        except Exception as error:  # Ray's own are of many kinds; a late start is a plain Exception
            ray.shutdown()
            if attempt + 1 == starts or STARTS_LATE not in str(error):
                reason = str(error).splitlines()[0]
                hint = TOKENS if address and "RAY_AUTH_MODE" not in os.environ else ""
                raise CallError(f"--engine ray: no cluster at '{address or 'local'}': {reason}{hint}") from error
    return _rows(ray, run, episodes)


def _check_there(address: str) -> None:
    """Raise CallError where nothing listens at HOST:PORT (Ray itself tries for minutes)."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return  # "auto" and the like: Ray finds out by itself
    try:
        socket.create_connection((host, int(port)), CONNECT_S).close()
    except OSError as error:
        raise CallError(f"--engine ray: no cluster at '{address}' (RAY_ADDRESS): {error.strerror or error}") from error


def _rows(ray: Any, run: Callable[[E], Row], episodes: Sequence[E]) -> Iterator[Row]:
    remote = ray.remote(num_cpus=1, max_retries=RETRIES)(run)
    waiting = [remote.remote(episode) for episode in episodes]
    try:
        while waiting:
            ended, waiting = ray.wait(waiting, num_returns=1)
            yield ray.get(ended[0])
    finally:
        ray.shutdown()


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise CallError("--engine ray: Ray is not installed; pip install 'housemate[ray]'") from error
    return ray
