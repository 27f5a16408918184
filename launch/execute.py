"""One run from spec to files: resolve the table, run it, score it, record it, report it."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from launch.dashboard.controls import run_name, with_operator
from launch.dashboard.run import Controls
from launch.errors import unknown
from launch.folder import run_folder
from launch.hw.command import hw_command
from launch.hw.profiles import profile_of
from launch.overrides import apply_overrides, with_nodes
from launch.profiles import Runner, RunSpec
from launch.recording import TAP, recorder_tap
from launch.runners import AnyRunner, make_runner
from launch.scoring.event import Event
from launch.scoring.scorer import Scorer
from launch.status import RunMonitor, Watch
from robot.clock import NS_PER_S, Ticks
from robot.recording.recorder import Recorded
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.table import Graph, resolve
from sim.config import SimConfig
from sim.stagecraft import plans_for
from worlds.catalog import load_world
from worlds.routes import RouteError

if TYPE_CHECKING:
    from launch.dashboard.tap import DashboardOptions

CHUNK_S = 0.05  # simulated time between two looks at the clock, the status line and the controls


@dataclass(frozen=True)
class RunOptions:
    """What does not change a run's log."""

    runner: Runner = "stepped"
    fast: bool = False
    out: Path | None = None
    report: bool = True
    video: bool = True
    dashboard: DashboardOptions | None = None
    foxglove: int | None = None
    """Port to serve Foxglove at; 0 takes a free one, None serves none."""
    announce: Callable[[str], None] = print
    """Gets what is worth a line of its own while the run goes on: the page's address."""


def prepare(spec: RunSpec) -> Graph:
    """Return the graph that `spec` describes.

    Raises:
        WorldError, TableError, PeriodError, CallError: what is wrong with the call, in one line.
    """
    profile = profile_of(spec.profile)
    if not profile.scenes:
        load_world(spec.world)
    elif spec.world not in profile.scenes:
        raise unknown("scene", spec.world, profile.scenes)
    rows = apply_overrides(with_nodes(profile.table(spec), spec.nodes), spec.overrides)
    if spec.operator:
        rows = with_operator(rows, spec.operator)
    return resolve(rows, profile.tick_hz, privileged=profile.privileged)


@dataclass(frozen=True)
class _End:
    """How a run came to its end."""

    wall_s: float
    sim_s: float
    failed: str | None
    interrupted: bool


def execute(spec: RunSpec, options: RunOptions, watch: Watch | None = None) -> tuple[dict[str, Any], Path]:
    """Run `spec` and return its summary and the folder with summary.json, log.mcap and report.html.

    A node that fails ends the run: summary["failed"] is then its one-line story, and the files are written as far as
    the run came. So they are when the user interrupts it.

    Raises:
        RunFailed: a node could not be built, or the recorder's process was lost.
    """
    if options.dashboard is not None:
        spec = replace(spec, operator=run_name())
    graph = prepare(spec)
    _check_scripts(graph)
    folder = run_folder(options.out, f"{spec.profile}-{Path(spec.world).stem}-{spec.seed}")
    scorer = profile_of(spec.profile).scorer(spec)
    monitor = RunMonitor({topic.name: topic.rate_hz for topic in graph.topics()})
    with Controls(spec, graph, options) as controls:
        taps = [recorder_tap(folder / "log.mcap", spec, graph, options.runner == "live"), *controls.taps]
        runner = make_runner(options.runner, graph, spec.seed, [scorer, monitor], taps)

        def look(wall_s: float) -> None:
            controls.pace.hold(graph.ticks.ns(runner.tick) / NS_PER_S)
            controls.tell(runner.timing, Counter(failure.node for failure in runner.failures), monitor.rates)
            if watch is not None:
                watch.update(monitor, scorer, wall_s, spec.duration_s)

        end = _drive(runner, graph.ticks, spec.duration_s, look)
    recorded: Recorded = runner.results[TAP]
    sim_s = end.sim_s
    summary: dict[str, Any] = {
        "profile": spec.profile,
        "world": spec.world,
        "seed": spec.seed,
        "perception": spec.perception,
        "runner": options.runner,
        "sim_seconds": sim_s,
        "wall_seconds": end.wall_s,
        "real_time_factor": sim_s / end.wall_s,
        "log_sha256": recorded.log_sha256,
        "metrics": _judged(_plain(scorer.metrics()), end.failed),
        "events": _events(scorer, runner.failures, graph.ticks, recorded, sim_s if end.interrupted else None),
        "nodes": runner.timing(),
        "failed": end.failed,
        "command": reproduce(spec, options),
    }
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    if options.report:
        _report(folder, options.video, watch)
    return summary, folder


def _judged(metrics: dict[str, Any], failed: str | None) -> dict[str, Any]:
    """Return the metrics; a run that failed was no success, whatever it had come to by then."""
    return metrics | {"success": False} if failed and "success" in metrics else metrics


def _drive(runner: AnyRunner, ticks: Ticks, duration_s: float, look: Callable[[float], None]) -> _End:
    """Advance to the end in small chunks, with a look after each, and close the runner."""
    started, last_tick, chunk = time.perf_counter(), ticks.count(duration_s), ticks.count(CHUNK_S)
    failed, interrupted = None, False
    try:
        while runner.tick < last_tick:
            runner.advance(min(runner.tick + chunk, last_tick))
            look(time.perf_counter() - started)
    except RunFailed as error:
        failed = str(error)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        wall_s, sim_s = time.perf_counter() - started, ticks.ns(runner.tick) / NS_PER_S
        runner.close()
    return _End(wall_s, sim_s, failed, interrupted)


def reproduce(spec: RunSpec, options: RunOptions) -> str:
    """Return the command that repeats this run."""
    if spec.devices.port:
        return hw_command(spec)
    parts = [f"launch sim {spec.profile} --world {spec.world} --seed {spec.seed} --duration {spec.duration_s:g}"]
    parts += [f"--runner {options.runner} --perception {spec.perception}"]
    parts += [f"--hil --board {spec.devices.hil}"] if spec.devices.hil else []
    parts += [f"--calibration {spec.devices.calibration}"] if spec.devices.calibration else []
    parts += [f"--mimic {spec.devices.mimic}"] if spec.devices.mimic != "camera" else []
    parts += ["--no-listen"] if spec.profile == "tabletop" and not spec.devices.listens else []
    parts += [f"--node {node}" for node in spec.nodes]
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


def _events(
    scorer: Scorer,
    failures: Sequence[NodeFailure],
    ticks: Ticks,
    recorded: Recorded,
    interrupted_s: float | None,
) -> list[dict[str, Any]]:
    events = list(scorer.events)
    for failure in failures:
        back = "; it comes back" if failure.restarts else ""
        events.append(
            Event(ticks.ns(failure.tick) / NS_PER_S, "node failed", f"'{failure.node}' {failure.reason}{back}")
        )
    events += [Event(event.t_ns / NS_PER_S, "recording", event.text) for event in recorded.events]
    if interrupted_s is not None:
        events.append(Event(interrupted_s, "interrupted", "stopped by the user"))
    return [event.as_dict() for event in sorted(events, key=lambda event: event.t_s)]


def _plain(metrics: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: what was never measured is null."""
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in metrics.items()}


def _report(folder: Path, video: bool, watch: Watch | None) -> None:
    from launch.report.run import write_report

    if watch is not None:
        watch.say("writing the report")
    write_report(folder, video=video)
