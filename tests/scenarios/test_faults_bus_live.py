"""The live runner: the same nodes on the wall clock. Who falls comes back, and meanwhile the others go on."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil
import pytest

from robot.bus.live import Live
from robot.bus.run import BusOptions
from robot.runtime.failure import RunFailed
from robot.runtime.table import Row, resolve
from robot.runtime.tap import Tap

sys.path.insert(0, str(Path(__file__).parents[1] / "determinism"))
import runner_nodes as nodes

ROWS = [
    Row("world", "runner_nodes:World"),
    Row("finder", "runner_nodes:Finder"),
    Row("planner", "runner_nodes:Planner"),
    Row("driver", "runner_nodes:Driver"),
]


class Notes:
    """Keeps the sequence numbers and values seen of each topic."""

    def __init__(self) -> None:
        self.seqs: dict[str, list[int]] = defaultdict(list)
        self.values: list[tuple[int, float]] = []

    def on_commit(self, commit: Any) -> None:
        self.seqs[commit.topic.name].append(commit.envelope.seq)
        if commit.topic is nodes.COMMAND:
            self.values.append((commit.envelope.t_ns, commit.message.value))


def until(live: Live, what: Any, limit_s: float = 20.0) -> None:
    """Let it run until `what()` is true; a robot that never gets there fails the test."""
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it never came to that"
        live.advance(live.tick + 5)


def test_nodes_run_at_their_own_pace_and_come_back_when_they_fall() -> None:
    notes, lines = Notes(), []
    options = BusOptions(on_line=lambda name, line: lines.append((name, line)))
    live = Live(resolve(ROWS, nodes.TICK_HZ), 1, [notes], [Tap("hash", nodes.HashTap)], options)
    pids = live.pids()
    try:
        until(live, lambda: {"found", "plan", "command"} <= set(notes.seqs) and len(notes.seqs["plan"]) > 3)
        os.kill(pids["planner"], signal.SIGKILL)
        until(live, lambda: live.health["planner"].state == "absent")
        before = len(notes.values)
        until(live, lambda: any(value == 0.0 for _, value in notes.values[before:]))  # stale plan: stop
        until(live, lambda: live.health["planner"].state == "running" and live.health["planner"].restarts == 1)
        plans = len(notes.seqs["plan"])
        until(live, lambda: len(notes.seqs["plan"]) > plans + 3)
        until(live, lambda: live.timing()["driver"]["steps"] > 0)
    finally:
        live.close()
    assert [(f.node, f.reason, f.restarts) for f in live.failures] == [("planner", "was killed by signal 9", True)]
    assert ("planner", "was killed by signal 9; starts again in 0.5 s") in lines
    assert notes.seqs["plan"] == sorted(set(notes.seqs["plan"]))  # counting went on where it was
    assert live.results["hash"][0] > 50
    assert not any(psutil.pid_exists(pid) for pid in pids.values())


def test_a_node_that_hangs_is_ended_and_comes_back() -> None:
    rows = [Row("alone", "runner_nodes:Alone", nodes.Fate(at_step=20, ends_by="hang"))]
    options = BusOptions(hang_s=2.0, on_line=lambda name, line: None)
    live = Live(resolve(rows, nodes.TICK_HZ), 1, options=options)
    try:
        until(live, lambda: live.health["alone"].restarts == 1 and live.health["alone"].state == "running", 40)
    finally:
        live.close()
    assert live.failures[0].reason == "gave no answer for 2 s"


def test_a_node_that_cannot_be_built_ends_the_start() -> None:
    rows = [Row("alone", "runner_nodes:Alone"), Row("broken", "runner_nodes:Unbuildable")]
    with pytest.raises(RunFailed, match=r"^node 'broken' raised FileNotFoundError: no model at model.onnx$"):
        Live(resolve(rows, nodes.TICK_HZ), 1, options=BusOptions(on_line=lambda name, line: None))
