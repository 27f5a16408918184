"""The pytest plugin: a `world_run` fixture that drives one episode, and a `world` marker that says which ones.

    @pytest.mark.world("clutter:2", seeds=3)
    def test_my_rooms(world_run):
        assert world_run().success

A marked test runs once per episode. When it fails, the report holds the command that repeats the episode alone. Nothing
of the simulator is imported before a test asks for it, so other tests pay nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

MARKER = "world(suite, seeds=1, first_seed=0, planner='mppi', set=()): run once per episode of a suite or world"
SECTION = "episode"


@dataclass(frozen=True)
class WorldRun:
    """What one episode came to; `row` has everything that `launch bench nav` writes of it."""

    success: bool
    collisions: int
    spl: float
    time_s: float
    min_clearance_m: float
    command: str
    row: dict[str, Any]

    @property
    def events(self) -> list[str]:
        """What happened, a line each."""
        return [f"{event['t_s']:.1f} s {event['kind']}: {event['text']}" for event in self.row["events"]]


@dataclass(frozen=True)
class _Wanted:
    """One episode that a marker asks for."""

    world: str
    seed: int
    planner: str
    overrides: tuple[str, ...]


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a marked test once per episode."""
    marker = metafunc.definition.get_closest_marker("world")
    if marker is None or "world_run" not in metafunc.fixturenames:
        return
    wanted = _episodes(*marker.args, **marker.kwargs)
    names = [f"{one.world}-{one.seed}" for one in wanted]
    metafunc.parametrize("world_run", wanted, ids=names, indirect=True)


def _episodes(
    suite: str, seeds: int = 1, first_seed: int = 0, planner: str = "mppi", set: Sequence[str] = ()
) -> list[_Wanted]:
    from launch.bench.nav import suite_worlds

    found = suite_worlds(suite, range(first_seed, first_seed + seeds))
    return [_Wanted(world, seed, planner, tuple(set)) for world, seed in found]


@pytest.fixture
def world_run(request: pytest.FixtureRequest) -> Callable[..., WorldRun]:
    """Return a function that drives one episode and returns its WorldRun.

    Without arguments it drives the marker's episode; else `world_run("apartment", seed=3, planner="dwa", set=[...])`.
    """
    wanted: _Wanted | None = getattr(request, "param", None)

    def run(world: str | None = None, seed: int = 0, planner: str = "mppi", set: Sequence[str] = ()) -> WorldRun:
        chosen = wanted if world is None else _Wanted(world, seed, planner, tuple(set))
        if chosen is None:
            raise pytest.UsageError("world_run() without a world needs @pytest.mark.world(...) on the test")
        done = drive(chosen.world, chosen.seed, chosen.planner, chosen.overrides)
        lines = [done.command, *done.events]
        request.node.add_report_section("call", SECTION, "\n".join(lines))
        return done

    return run


def drive(world: str, seed: int = 0, planner: str = "mppi", overrides: Sequence[str] = ()) -> WorldRun:
    """Return one episode, driven in this process.

    Raises:
        WorldError, CallError: no such world or setting.
    """
    from launch.bench.nav import Episode, run_episode, spec_of

    row = run_episode(Episode(spec_of(world, seed, planner, overrides), planner))
    return WorldRun(
        success=row["success"],
        collisions=row["collisions"],
        spl=row["spl"],
        time_s=row["time_s"],
        min_clearance_m=row["min_clearance_m"],
        command=row["command"],
        row=row,
    )
