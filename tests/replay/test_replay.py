"""A log replayed on the code that made it shows no difference; a changed setting is found and named; wrong calls."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from profile_runs import RUNS, SAID, Logs

from launch.cli import call
from launch.execute import RunOptions, execute, prepare
from launch.replay.differences import first_difference
from launch.replay.run import replay
from policies.language import listener
from policies.language.model import WEIGHTS, LanguageModel
from robot.messages import CmdVel
from robot.messages import Path as PathMessage

EVERY = pytest.mark.parametrize(("name", "log"), [(name, name) for name in sorted(RUNS)], indirect=["log"], ids=str)


@EVERY
def test_unchanged_nodes_say_the_same(name: str, log: Path) -> None:
    result = replay(log)
    assert result.equal
    graph = prepare(RUNS[name].spec)
    assert set(result.again) == {slot.row.name for slot in graph.slots if not slot.cls.faces_world}
    assert result.seconds == pytest.approx(RUNS[name].spec.duration_s, abs=0.1)
    spoken = {topic.topic: topic.messages for topic in result.topics}
    assert sum(spoken.values()) >= 20
    assert spoken[RUNS[name].topic] > 0


@EVERY
def test_one_changed_weight_is_found_and_named(name: str, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = RUNS[name]
    assert call(["replay", str(log), "--node", run.weight.partition(".")[0], "--set", run.weight]) == 1
    lines = capsys.readouterr().out.splitlines()
    line = next(line for line in lines if line.startswith(f"{run.topic}: "))
    assert re.search(r"\d+ of \d+ messages differ, first at \d+\.\d{3} s: [\w\[\], .]+: .+ -> .+", line), line


def test_one_changed_weight_of_a_network_is_found_and_named(
    logs: Logs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One number of the language model's twenty million, by which it is a little more or less sure."""
    log, path = logs("home"), tmp_path / "other.onnx"
    data = (WEIGHTS / "language.int8.onnx").read_bytes()
    sure = LanguageModel().read(SAID).confidence
    for share in np.linspace(0.5, 0.95, 46):  # not every weight has a say in every sentence
        other = bytearray(data)
        other[int(share * len(data))] ^= 0x40
        path.write_bytes(other)
        if abs(LanguageModel(path).read(SAID).confidence - sure) > 1e-4:  # messages tell six digits
            break
    monkeypatch.setattr(listener, "LanguageModel", partial(LanguageModel, path))
    assert call(["replay", str(log), "--node", "language"]) == 1
    said = capsys.readouterr().out
    assert "command/program: 1 of 1 messages differ, first at 0." in said
    assert " s: confidence: 0." in said


def test_one_node_alone(logs: Logs) -> None:
    result = replay(logs("follow_me_emulated"), node="navigator")
    assert result.equal
    assert result.again == ("navigator",)
    assert [topic.topic for topic in result.topics] == ["cmd_vel/wanted", "nav/path", "nav/state"]


def test_the_folder_of_a_run_does_too(logs: Logs, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["replay", str(logs("follow_me_emulated").parent)]) == 0
    assert "no difference in" in capsys.readouterr().out


def test_a_log_that_was_cut_is_compared_as_far_as_it_goes(logs: Logs, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mcap"
    data = logs("follow_me").read_bytes()
    cut.write_bytes(data[: len(data) * 4 // 5])
    result = replay(cut)
    assert result.damage is not None
    assert 0.0 < result.seconds < RUNS["follow_me"].spec.duration_s
    assert all(topic.first.endswith("said now, but not then") for topic in result.topics if topic.differing)


@pytest.mark.usefixtures("firmware_build")
def test_a_log_of_the_wall_clock_is_counted_and_answers_what_a_setting_would_have_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its steps fell between ticks, so what was said then is no measure; two settings run again are."""
    spec = replace(RUNS["hw_rover"].spec, overrides=("commands.script=[{at_s: 0.1, text: go back 20 cm}]",))
    execute(replace(spec, duration_s=3.0), RunOptions("live", out=tmp_path / "run", report=False))
    assert call(["replay", str(tmp_path / "run")]) == 0
    said = capsys.readouterr().out
    assert "counted, not compared" in said
    assert re.search(r"^cmd_vel/wanted: \d+ messages then, \d+ now$", said, re.MULTILINE)
    assert call(["replay", str(tmp_path / "run"), "--set", "pilot.v=0.15"]) == 0
    assert "no difference" in capsys.readouterr().out
    assert call(["replay", str(tmp_path / "run"), "--set", "pilot.v=0.1"]) == 1
    assert "v: -0.15 -> -0.1" in capsys.readouterr().out


def test_wrong_calls_are_one_line(logs: Logs, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.mcap").write_text("no log at all")
    for arguments, says in (
        ([str(tmp_path / "none.mcap")], "no such log"),
        ([str(tmp_path / "text.mcap")], "not an MCAP log"),
        ([str(logs("follow_me_emulated")), "--node", "navigater"], "did you mean 'navigator'?"),
        ([str(logs("follow_me_emulated")), "--node", "sim"], "unknown value of --node"),
        ([str(logs("follow_me_emulated")), "--set", "follower.standof_m=1"], "did you mean 'standoff_m'?"),
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
