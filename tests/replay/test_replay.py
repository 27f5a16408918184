"""A log replayed on the code that made it shows no difference; a changed setting is found and named; wrong calls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from launch.cli import call
from launch.execute import RunOptions, execute
from launch.profiles import RunSpec
from launch.replay.differences import first_difference
from launch.replay.run import replay
from robot.messages import CmdVel
from robot.messages import Path as PathMessage

RUNS = {
    "emulated": RunSpec("follow_me", "studio", 1, 3.0, "emulated", ("follower.standoff_m=1.5",)),
    "pixels": RunSpec("follow_me", "studio", 1, 3.0, "pixels"),
    "told": RunSpec("follow_told", "studio", 1, 1.5, "emulated"),
    "navigate": RunSpec("navigate", "studio", 1, 2.0, "emulated"),
}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, spec in RUNS.items():
        folder = tmp_path_factory.mktemp(name)
        execute(spec, RunOptions("lockstep", fast=True, out=folder / "run", report=False))
        found[name] = folder / "run" / "log.mcap"
    return found


@pytest.mark.parametrize("name", sorted(RUNS))
def test_unchanged_nodes_say_the_same(logs: dict[str, Path], name: str) -> None:
    result = replay(logs[name])
    assert result.equal
    assert len(result.again) >= 4
    assert result.seconds == pytest.approx(RUNS[name].duration_s, abs=0.1)
    assert sum(topic.messages for topic in result.topics) > 100


def test_one_node_alone(logs: dict[str, Path]) -> None:
    result = replay(logs["emulated"], node="navigator")
    assert result.equal
    assert result.again == ("navigator",)
    assert [topic.topic for topic in result.topics] == ["cmd_vel/wanted", "nav/path", "nav/state"]


def test_a_changed_setting_is_found_and_named(logs: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["replay", str(logs["emulated"]), "--node", "follower", "--set", "follower.standoff_m=1.2"]) == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("nav/goal: "))
    assert "messages differ, first at 0." in line
    assert " -> " in line


def test_the_folder_of_a_run_does_too(logs: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["replay", str(logs["emulated"].parent)]) == 0
    assert "no difference in" in capsys.readouterr().out


def test_a_log_that_was_cut_is_compared_as_far_as_it_goes(logs: dict[str, Path], tmp_path: Path) -> None:
    cut = tmp_path / "cut.mcap"
    data = logs["pixels"].read_bytes()
    cut.write_bytes(data[: len(data) * 4 // 5])
    result = replay(cut)
    assert result.damage is not None
    assert 0.0 < result.seconds < RUNS["pixels"].duration_s
    assert all(topic.first.endswith("said now, but not then") for topic in result.topics if topic.differing)


def test_wrong_calls_are_one_line(logs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.mcap").write_text("no log at all")
    for arguments, says in (
        ([str(tmp_path / "none.mcap")], "no such log"),
        ([str(tmp_path / "text.mcap")], "not an MCAP log"),
        ([str(logs["emulated"]), "--node", "navigater"], "did you mean 'navigator'?"),
        ([str(logs["emulated"]), "--node", "sim"], "unknown value of --node"),
        ([str(logs["emulated"]), "--set", "follower.standof_m=1"], "did you mean 'standoff_m'?"),
    ):
        assert call(["replay", *arguments]) == 2
        error = capsys.readouterr().err
        assert says in error
        assert error.count("\n") == 1


def twist(v: float, omega: float) -> CmdVel:
    return CmdVel(stamp_ns=1, v=v, omega=omega)


def test_differences_name_the_field() -> None:
    assert first_difference(twist(0.1, 0.2), twist(0.1, 0.3)) == "omega: 0.2 -> 0.3"
    assert first_difference(twist(float("nan"), 0.2), twist(float("nan"), 0.2)) is None
    old, new = np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32)
    new[1, 1] = 4.0
    text = first_difference(PathMessage(stamp_ns=1, points=old), PathMessage(stamp_ns=1, points=new))
    assert text == "points[1, 1]: 0.0 -> 4.0 (1 of 6 elements differ)"
