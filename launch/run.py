"""One run from spec to files: resolve the table, run it, score it, record it, report it."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.folder import run_folder
from launch.overrides import apply_overrides
from launch.profiles import PROFILES, Runner, RunSpec
from launch.recording import TAP, recorder_tap
from launch.runners import make_runner
from launch.scoring.event import Event
from launch.scoring.follow import FollowScorer
from launch.status import RunMonitor, Watch
from robot.clock import NS_PER_S
from robot.recording.recorder import Recorded
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.table import Graph, resolve
from sim.config import SimConfig
from sim.stagecraft import plans_for
from worlds.catalog import load_world
from worlds.routes import RouteError

CHUNK_S = 0.1  # simulated time between two looks at the clock and the status line


@dataclass(frozen=True)
class RunOptions:
    """What does not change a run's log."""

    runner: Runner = "stepped"
    fast: bool = False
    out: Path | None = None
    report: bool = True
    video: bool = True


def prepare(spec: RunSpec) -> Graph:
    """Return the graph that `spec` describes.

    Raises:
        WorldError, TableError, PeriodError, CallError: what is wrong with the call, in one line.
    """
    load_world(spec.world)
    profile = PROFILES[spec.profile]
    rows = apply_overrides(profile.table(spec), spec.overrides)
    return resolve(rows, profile.tick_hz, privileged=profile.privileged)


def execute(spec: RunSpec, options: RunOptions, watch: Watch | None = None) -> tuple[dict[str, Any], Path]:
    """Run `spec` and return its summary and the folder with summary.json, log.mcap and report.html.

    A node that fails ends the run: summary["failed"] is then its one-line story, and the files are written as far as
    the run came.
    """
    graph = prepare(spec)
    _check_scripts(graph)
    folder = run_folder(options.out, f"{spec.profile}-{Path(spec.world).stem}-{spec.seed}")
    scorer = FollowScorer()
    monitor = RunMonitor({topic.name: topic.rate_hz for topic in graph.topics()})
    taps = [recorder_tap(folder / "log.mcap", spec, graph)]
    runner = make_runner(options.runner, graph, spec.seed, [scorer, monitor], taps)
    started = time.perf_counter()
    failed: RunFailed | None = None
    try:
        last_tick = graph.ticks.count(spec.duration_s)
        while runner.tick < last_tick:
            runner.advance(min(runner.tick + graph.ticks.count(CHUNK_S), last_tick))
            sim_s = graph.ticks.ns(runner.tick) / NS_PER_S
            _pace(options.fast, sim_s, started)
            if watch is not None:
                watch.update(monitor, scorer, time.perf_counter() - started, spec.duration_s)
    except RunFailed as error:
        failed = error
    finally:
        wall_s = time.perf_counter() - started
        runner.close()
    recorded = runner.results[TAP]
    sim_s = graph.ticks.ns(runner.tick) / NS_PER_S
    summary: dict[str, Any] = {
        "profile": spec.profile,
        "world": spec.world,
        "seed": spec.seed,
        "perception": spec.perception,
        "runner": options.runner,
        "sim_seconds": sim_s,
        "wall_seconds": wall_s,
        "real_time_factor": sim_s / wall_s,
        "log_sha256": recorded.log_sha256,
        "metrics": _plain(scorer.metrics()),
        "events": _events(scorer, runner.failures, graph, recorded),
        "nodes": runner.timing(),
        "failed": None if failed is None else str(failed),
        "command": reproduce(spec, options),
    }
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    if options.report:
        _report(folder, options.video, watch)
    return summary, folder


def reproduce(spec: RunSpec, options: RunOptions) -> str:
    """Return the command that repeats this run."""
    parts = [f"launch sim {spec.profile} --world {spec.world} --seed {spec.seed} --duration {spec.duration_s:g}"]
    parts += [f"--runner {options.runner} --perception {spec.perception}"]
    parts += [f"--set {override}" for override in spec.overrides]
    return " ".join(parts)


def _check_scripts(graph: Graph) -> None:
    """Raise RouteError now, in one line, where the simulator's people could not carry out their scripts."""
    for slot in graph.slots:
        if isinstance(slot.row.config, SimConfig):
            try:
                plans_for(load_world(slot.row.config.world), slot.row.config)
            except RouteError as error:
                raise RouteError(f"{error}; --set sim.script=home takes the walk written in the home's file") from error


def _pace(fast: bool, sim_s: float, started: float) -> None:
    ahead = sim_s - (time.perf_counter() - started)
    if not fast and ahead > 0:
        time.sleep(ahead)


def _events(
    scorer: FollowScorer, failures: Sequence[NodeFailure], graph: Graph, recorded: Recorded
) -> list[dict[str, Any]]:
    events = list(scorer.events)
    for failure in failures:
        back = "; it comes back" if failure.restarts else ""
        t_s = graph.ticks.ns(failure.tick) / NS_PER_S
        events.append(Event(t_s, "node failed", f"'{failure.node}' {failure.reason}{back}"))
    events += [Event(event.t_ns / NS_PER_S, "recording", event.text) for event in recorded.events]
    return [event.as_dict() for event in sorted(events, key=lambda event: event.t_s)]


def _plain(metrics: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: what was never measured is null."""
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in metrics.items()}


def _report(folder: Path, video: bool, watch: Watch | None) -> None:
    from launch.report.run import write_report

    if watch is not None:
        watch.say("writing the report")
    write_report(folder, video=video)
