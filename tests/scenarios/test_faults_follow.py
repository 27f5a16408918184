"""What breaks in the main job: nodes that die or hang, sensors that lie. The wheels stop, the story names the cause."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from launch.execute import prepare
from launch.profiles import PROFILES, RunSpec
from robot import topics
from robot.bus.run import BusOptions
from robot.bus.stepped import Stepped
from robot.recording.reader import LogReader
from robot.runtime.commit import Commit
from robot.runtime.failure import RunFailed
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph

STILL = 0.02  # m/s
STOP_S = 0.3
MOVING_S = 4.5  # by now the person has set off and the robot is on its way


class Watch:
    """True speed of the base, and what safety said, over time."""

    def __init__(self) -> None:
        self.speeds: list[tuple[float, float]] = []
        self.reasons: list[tuple[float, tuple[str, ...]]] = []
        self.turning: list[tuple[float, float]] = []

    def on_commit(self, commit: Commit) -> None:
        t_s = commit.envelope.t_ns / 1e9
        message: Any = commit.message if commit.envelope.topic in (topics.TRUTH.name, topics.SAFETY.name) else None
        if commit.envelope.topic == topics.TRUTH.name:
            self.speeds.append((t_s, message.v))
            self.turning.append((t_s, message.omega))
        elif commit.envelope.topic == topics.SAFETY.name:
            self.reasons.append((t_s, message.reasons))

    def speed_before(self, t_s: float) -> float:
        return max(abs(v) for t, v in self.speeds if t_s - 0.3 <= t <= t_s)

    def speeds_after(self, t_s: float) -> list[float]:
        return [abs(v) for t, v in self.speeds if t > t_s]


def emulated(*overrides: str, **rows: Any) -> Graph:
    """The main job's graph; `rows` gives rows another `on_failure`."""
    import dataclasses

    from robot.runtime.table import resolve

    graph = prepare(RunSpec("follow_me", "apartment", seed=0, perception="emulated", overrides=overrides))
    changed = [dataclasses.replace(slot.row, on_failure=rows.get(slot.row.name, "stop")) for slot in graph.slots]
    return resolve(changed, PROFILES["follow_me"].tick_hz)


@pytest.mark.parametrize("victim", ["tracker", "odometry", "mapping", "follower", "navigator", "safety"])
def test_the_wheels_stop_after_any_node_was_killed(victim: str) -> None:
    watch, graph = Watch(), emulated()
    run = Stepped(graph, 0, [watch])
    try:
        run.advance(graph.ticks.count(MOVING_S))
        assert watch.speed_before(MOVING_S) > 0.2, "the robot must be on its way for this test to say anything"
        os.kill(run.pids()[victim], signal.SIGKILL)
        with pytest.raises(RunFailed, match=f"node '{victim}' was killed by signal 9"):
            run.advance(graph.ticks.count(MOVING_S + 5.0))
    finally:
        run.close()
    after = watch.speeds_after(MOVING_S + STOP_S)
    assert after
    assert max(after) < STILL


def test_a_killed_node_comes_back_where_its_row_says_so_and_the_run_goes_on() -> None:
    watch, graph = Watch(), emulated(navigator="restart")
    run = Stepped(graph, 0, [watch])
    try:
        run.advance(graph.ticks.count(MOVING_S))
        os.kill(run.pids()["navigator"], signal.SIGKILL)
        run.advance(graph.ticks.count(MOVING_S + 4.0))
    finally:
        run.close()
    assert [failure.node for failure in run.failures] == ["navigator"]
    away = [reasons for t, reasons in watch.reasons if MOVING_S + 0.1 < t < MOVING_S + 0.5]
    assert all("node down" in reasons for reasons in away)
    stopped = [abs(v) for t, v in watch.speeds if MOVING_S + STOP_S < t < MOVING_S + 0.5]
    assert max(stopped) < STILL
    assert max(watch.speeds_after(MOVING_S + 1.0)) > 0.2  # and it drives again


def test_a_node_that_hangs_is_ended_and_named() -> None:
    watch, graph = Watch(), emulated()
    run = Stepped(graph, 0, [watch], options=BusOptions(hang_s=10.0))
    try:
        run.advance(graph.ticks.count(MOVING_S))
        os.kill(run.pids()["mapping"], signal.SIGSTOP)
        with pytest.raises(RunFailed, match="node 'mapping' gave no answer for 10 s"):
            run.advance(graph.ticks.count(MOVING_S + 5.0))
    finally:
        run.close()
    assert max(watch.speeds_after(MOVING_S + STOP_S)) < STILL


def lockstep(seconds: float, *overrides: str) -> Watch:
    watch, graph = Watch(), emulated(*overrides)
    run = Lockstep(graph, 0, [watch])
    run.advance(graph.ticks.count(seconds))
    run.close()
    return watch


def test_a_lidar_that_returns_only_nan_stops_the_robot() -> None:
    fault = f"sim.faults=[{{kind: lidar_nan, start_s: {MOVING_S}, seconds: 2.0}}]"
    watch = lockstep(MOVING_S + 4.0, fault)
    assert watch.speed_before(MOVING_S) > 0.2
    blind = [abs(v) for t, v in watch.speeds if MOVING_S + STOP_S + 0.1 < t < MOVING_S + 2.0]  # a scan is 0.1 s
    assert max(blind) < STILL
    assert any("lidar blind" in reasons for t, reasons in watch.reasons if t > MOVING_S)
    assert max(watch.speeds_after(MOVING_S + 2.5)) > 0.05  # and it goes on when the lidar does


def test_a_lidar_that_falls_silent_stops_the_robot() -> None:
    fault = f"sim.faults=[{{kind: lidar_dead, start_s: {MOVING_S}, seconds: 10.0}}]"
    watch = lockstep(MOVING_S + 2.0, fault)
    assert watch.speed_before(MOVING_S) > 0.2
    assert max(watch.speeds_after(MOVING_S + 0.22 + STOP_S)) < STILL  # 0.22 s: when safety calls a 10 Hz scan stale
    assert any("stale lidar" in reasons for t, reasons in watch.reasons if t > MOVING_S)


@pytest.mark.parametrize("kind", ["camera_freeze", "camera_dead"])
def test_a_camera_that_freezes_or_dies_stops_the_robot_until_it_sees_again(kind: str) -> None:
    watch = lockstep(MOVING_S + 5.0, f"sim.faults=[{{kind: {kind}, start_s: {MOVING_S}, seconds: 2.0}}]")
    assert watch.speed_before(MOVING_S) > 0.2
    noticed_s = MOVING_S + 0.4  # three frames, or three silent periods, and the map after them
    blind = [abs(v) for t, v in watch.speeds if noticed_s + STOP_S < t < MOVING_S + 2.0]
    assert max(blind) < STILL
    assert any("invalid map" in reasons for t, reasons in watch.reasons if t > MOVING_S)
    assert max(watch.speeds_after(MOVING_S + 2.5)) > 0.05


FULL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from launch.cli import call
sys.exit(call(sys.argv[1:]))
"""


def test_a_full_disk_ends_the_recording_and_not_the_run(tmp_path: Path) -> None:
    out = tmp_path / "run"
    arguments = ["sim", "follow_me", "--perception", "emulated", "--fast", "--duration", "15", "--no-video"]
    program = FULL_DISK.format(limit=800_000)  # bytes a file may have; the whole log would be about twice that
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "recording stopped: File too large" in ended.stdout
    summary = json.loads((out / "summary.json").read_text())
    assert summary["sim_seconds"] == 15.0
    assert [event["kind"] for event in summary["events"] if event["kind"] == "recording"] == ["recording"]
    log = LogReader(out / "log.mcap")
    last_ns = max(commit.envelope.t_ns for commit in log.commits())
    assert log.damage is None
    assert 1.0 < last_ns / 1e9 < 15.0
