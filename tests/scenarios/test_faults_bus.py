"""Nodes that are killed, hang, raise or never start, seen from outside: named, told in one line, in bounded time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from robot.bus import audience
from robot.bus.run import BusOptions
from robot.bus.stepped import Stepped
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.table import Graph, Row, resolve
from robot.runtime.tap import Tap

sys.path.insert(0, str(Path(__file__).parents[1] / "determinism"))
import runner_nodes as nodes

END = 2 * nodes.TICK_HZ


def graph(**changes: dict[str, Any]) -> Graph:
    """World, planner and driver; `changes` are fields of rows by row name."""
    names = {"world": "World", "planner": "Planner", "driver": "Driver"}
    rows = [Row(name, f"runner_nodes:{cls}", **changes.get(name, {})) for name, cls in names.items()]
    return resolve([*rows, Row("finder", "runner_nodes:Finder")], nodes.TICK_HZ)


@pytest.fixture
def lines() -> list[str]:
    """What workers said on stderr."""
    return []


def stepped(graph: Graph, lines: list[str], *observers: Any, taps: Sequence[Tap] = (), hang_s: float = 10) -> Stepped:
    options = BusOptions(hang_s=hang_s, on_line=lambda name, line: lines.append(f"{name}: {line}"))
    return Stepped(graph, 1, observers, taps, options)


def failure_of(run: Stepped) -> NodeFailure:
    """Run to END and return the failure that ended it; every process must be gone after that."""
    processes = [psutil.Process(pid) for pid in run.pids().values()]
    try:
        with pytest.raises(RunFailed) as caught:
            run.advance(END)
    finally:
        run.close()
    assert not any(process.is_running() for process in processes)
    return caught.value.failure


def test_an_exception_comes_with_its_traceback(lines: list[str]) -> None:
    failure = failure_of(stepped(graph(planner={"config": nodes.Fate(at_step=4)}), lines))
    assert (failure.node, failure.reason) == ("planner", "raised ValueError: the lens fell off")
    assert "runner_nodes.py" in failure.details
    assert "and rolled away" in failure.details


def test_a_killed_node_is_named_and_its_last_words_are_kept(lines: list[str]) -> None:
    failure = failure_of(stepped(graph(driver={"config": nodes.Fate(at_step=30, ends_by="kill")}), lines))
    assert (failure.node, failure.tick, failure.reason) == ("driver", 60, "was killed by signal 9")
    assert failure.details == "last words before the signal"
    assert lines == ["driver: last words before the signal"]


def test_a_node_that_exits_is_named(lines: list[str]) -> None:
    failure = failure_of(stepped(graph(world={"config": nodes.Fate(at_step=30, ends_by="exit")}), lines))
    assert (failure.node, failure.reason) == ("world", "ended with exit status 3")


def test_a_node_that_hangs_is_ended_and_named(lines: list[str]) -> None:
    run = stepped(graph(planner={"config": nodes.Fate(at_step=4, ends_by="hang")}), lines, hang_s=4)
    failure = failure_of(run)
    assert (failure.node, failure.reason) == ("planner", "gave no answer for 4 s")


def test_a_node_that_compiles_is_not_taken_for_hung(lines: list[str]) -> None:
    run = stepped(resolve([Row("compiler", "runner_nodes:Compiler")], nodes.TICK_HZ), lines, hang_s=4)
    try:
        run.advance(END)
    finally:
        run.close()
    assert run.failures == []


def test_the_robot_stops_after_its_planner_was_killed_from_outside(lines: list[str]) -> None:
    commands: list[tuple[int, float]] = []

    class Commands:
        def on_commit(self, commit: Any) -> None:
            if commit.topic is nodes.COMMAND:
                commands.append((commit.envelope.t_ns, commit.message.value))

    run = stepped(graph(), lines, Commands())
    run.advance(60)
    os.kill(run.pids()["planner"], signal.SIGKILL)
    failure = failure_of(run)
    assert (failure.node, failure.reason) == ("planner", "was killed by signal 9")
    died_ns = run._graph.ticks.ns(failure.tick)
    assert any(value != 0.0 for t_ns, value in commands if t_ns < died_ns)
    after = [value for t_ns, value in commands if t_ns > died_ns + 300_000_000]
    assert after
    assert set(after) == {0.0}


def test_a_node_killed_from_outside_comes_back_where_its_row_says_so(lines: list[str]) -> None:
    plans: list[tuple[int, int]] = []

    class Plans:
        def on_commit(self, commit: Any) -> None:
            if commit.topic is nodes.PLAN:
                plans.append((commit.envelope.t_ns, commit.envelope.seq))

    run = stepped(graph(planner={"on_failure": "restart"}), lines, Plans())
    try:
        run.advance(50)
        os.kill(run.pids()["planner"], signal.SIGKILL)
        run.advance(END)
    finally:
        run.close()
    assert [(f.node, f.reason, f.restarts) for f in run.failures] == [("planner", "was killed by signal 9", True)]
    assert run.health["planner"].restarts == 1
    assert [seq for _, seq in plans] == list(range(len(plans)))
    gaps = [b - a for (a, _), (b, _) in pairwise(plans)]
    assert max(gaps) == 600_000_000  # half a second away, then the next due tick


def test_a_node_that_cannot_be_built_is_named(lines: list[str]) -> None:
    rows = [Row("alone", "runner_nodes:Alone"), Row("broken", "runner_nodes:Unbuildable")]
    with pytest.raises(RunFailed, match=r"^node 'broken' raised FileNotFoundError: no model at model.onnx$"):
        stepped(resolve(rows, nodes.TICK_HZ), lines)


def test_a_tap_that_fails_ends_the_run_with_its_name(lines: list[str]) -> None:
    run = stepped(graph(), lines, taps=[Tap("recorder", nodes.FullDisk)])
    failure = failure_of(run)
    assert (failure.node, failure.reason) == ("recorder", "raised OSError: no space left on device")


def test_a_tap_that_only_glances_may_fail_or_be_killed(lines: list[str]) -> None:
    fails, watches = Tap("page", nodes.FullDisk, glances=True), Tap("watch", nodes.HashTap, glances=True)
    run = stepped(graph(), lines, taps=[fails, watches, Tap("recorder", nodes.HashTap)])
    try:
        os.kill(run.pids()["tap:watch"], signal.SIGKILL)
        run.advance(END)
    finally:
        run.close()
    assert run.failures == []
    assert list(run.results) == ["recorder"]
    said = "\n".join(lines)
    assert "tap:page: raised OSError: no space left on device; the run goes on without it" in said
    assert "tap:watch: was killed by signal 9; the run goes on without it" in said


def test_a_tap_that_only_glances_and_no_longer_does_is_ended(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "SILENT_S", 3.0)
    run = stepped(graph(), lines, taps=[Tap("watch", nodes.HashTap, glances=True)])
    try:
        run.advance(END // 2)
        os.kill(run.pids()["tap:watch"], signal.SIGSTOP)
        deadline = time.monotonic() + 60.0
        while "tap:watch" not in "".join(lines) and time.monotonic() < deadline:
            run.advance(run.tick + 24)
    finally:
        run.close()
    assert run.failures == []
    assert "tap:watch: gave no answer for 3 s; the run goes on without it" in "\n".join(lines)


def test_workers_end_with_a_coordinator_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import runner_nodes as n\n"
        "from robot.bus.stepped import Stepped; from robot.runtime.table import Row, resolve\n"
        "run = Stepped(resolve([Row('alone', 'runner_nodes:Alone')], n.TICK_HZ), 1)\n"
        "run.advance(10); print(run.pids()['alone'], flush=True); run.advance(10**9)\n"
    )
    folder = str(Path(nodes.__file__).parent)
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        worker = psutil.Process(int(process.stdout.readline()))
        process.kill()
    assert _gone(worker)


def test_ctrl_c_ends_a_run_cleanly(tmp_path: Path) -> None:
    program = (
        "import signal, sys; sys.path.insert(0, sys.argv[1]); import runner_nodes as n\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where tests run in the background
        "from robot.bus.stepped import Stepped; from robot.runtime.table import Row, resolve\n"
        "run = Stepped(resolve([Row('alone', 'runner_nodes:Alone')], n.TICK_HZ), 1)\n"
        "run.advance(10)\n"
        "try: print(run.pids()['alone'], flush=True); run.advance(10**9)\n"
        "except KeyboardInterrupt: run.close(); print('closed', len(run.failures))\n"
    )
    folder = str(Path(nodes.__file__).parent)
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, folder], stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        worker = psutil.Process(int(process.stdout.readline()))
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == b"closed 0\n"
    assert process.returncode == 0
    assert not worker.is_running()
    assert list(tmp_path.iterdir()) == []


def _gone(process: psutil.Process) -> bool:
    deadline = time.monotonic() + 10
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
