"""The bench: rows are written as they come, equal runs give equal rows, bars judge, and files name what failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launch.bench.bars import Bar, judge
from launch.bench.collect import collect
from launch.bench.nav import NOT_COMPARED, Episode, run_episode, spec_of
from launch.bench.nav_bars import bars_of
from launch.cli import call
from launch.errors import CallError
from launch.report.verdict import missed

WORLD = ("hazards:u_trap:0", 0)


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in NOT_COMPARED}


def test_the_same_episode_gives_the_same_row() -> None:
    first, again = (run_episode(Episode(spec_of(*WORLD, "mppi"), "mppi")) for _ in range(2))
    assert comparable(first) == comparable(again)
    assert first["success"]
    assert first["command"].startswith("launch sim navigate --world hazards:u_trap:0 --seed 0")


def test_a_bench_that_stops_keeps_its_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"a": 1}
        yield {"a": float("inf")}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(rows(), 20, "episodes", tmp_path / "rows.jsonl")
    assert [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()] == [{"a": 1}, {"a": None}]
    assert "episodes: 2 of 20" in capsys.readouterr().err


def test_bars_of_clutter_look_at_their_levels() -> None:
    rows = [
        {"world": f"clutter:{level}:{seed}", "success": level < 5 or seed > 0, "spl": 0.95, "collisions": level // 5}
        for level in range(1, 6)
        for seed in range(20)
    ]
    lines = judge(rows, bars_of("clutter"))
    assert [line["held"] for line in lines] == [True] * 5
    assert lines[2]["reached"] == pytest.approx(0.95)
    only = judge([row for row in rows if row["world"].startswith("clutter:5")], bars_of("clutter:5"))
    assert [line["metric"] for line in only] == ["success"]
    roundabout = {"success": True, "spl": 0.5, "collisions": 0}
    assert missed({"world": "clutter:3:0", **roundabout}, lines) == ["spl"]
    assert missed({"world": "clutter:5:0", **roundabout}, lines) == []


@pytest.mark.parametrize(
    ("touched", "of", "held"), [(0, 30, True), (1, 30, True), (2, 30, False), (1, 20, False), (0, 1, True)]
)
def test_a_share_of_episodes_is_held_against_a_share(touched: int, of: int, held: bool) -> None:
    rows = [{"world": "loft", "touches": 2 if i < touched else 0} for i in range(of)]
    line = judge(rows, (Bar("touches", "episodes with any <=", 1 / 30),))[0]
    assert line["reached"] == pytest.approx(touched / of)
    assert line["held"] is held


def test_the_worst_episode_is_held_against_a_largest_value() -> None:
    rows = [{"world": "loft", "lost_s": lost} for lost in (1.0, 7.0, 2.0)]
    assert [judge(rows, (Bar("lost_s", "max <=", bar),))[0]["held"] for bar in (7.0, 6.9)] == [True, False]


def test_files_tell_what_failed_and_how_to_repeat_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    astray = ["--set", "goal.goal=[1.0, 1.5]"]  # it drives somewhere else
    arguments = ["bench", "nav", "hazards:shoe:0", "--jobs", "1", "--out", str(out), *astray]
    assert call(arguments) == 0
    summary = json.loads((out / "summary.json").read_text())
    (row,) = summary["rows"]
    assert not row["success"]
    assert (out / "rows.jsonl").read_text().count("\n") == 1
    page, junit = (out / "report.html").read_text(), (out / "junit.xml").read_text()
    assert row["command"] in page.replace("&amp;", "&")
    assert "<symbol" in page
    assert "<failure" in junit


def test_baseline_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = tmp_path / "baseline.json"
    common = ["bench", "nav", "hazards:u_trap:0", "--jobs", "1", "--baseline", str(baseline)]
    assert call([*common, "--out", str(tmp_path / "a")]) == 2
    assert "--update-baseline makes it" in capsys.readouterr().err
    assert call([*common, "--update-baseline", "--out", str(tmp_path / "b")]) == 0
    assert call([*common, "--out", str(tmp_path / "c")]) == 0
    assert "no episode changed" in capsys.readouterr().out
    assert call([*common, "--set", "goal.max_speed=0.3", "--out", str(tmp_path / "d")]) == 1
    said = capsys.readouterr().out
    assert "worse than the baseline" in said
    alone = "launch sim navigate --world hazards:u_trap:0 --seed 0"
    assert f"alone: {alone}" in said
    page = (tmp_path / "d" / "report.html").read_text()
    assert "Worse than the baseline" in page
    assert alone in page


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nav", "clutter", "--seeds", "0"], "--seeds 0"),
        (["nav", "clutter:7"], "no clutter of level 7"),
        (["nav", "--planner", "mpp"], "did you mean 'mppi'"),
        (["nav", "hazards:shoe:0", "--engine", "cloud"], "unknown value of --engine"),
        (["nav", "--update-baseline"], "needs --baseline FILE"),
        (["barn", "gone.json"], "gone.json: no such file"),
    ],
)
def test_wrong_calls_are_one_line(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["bench", *arguments]) == 2
    error = capsys.readouterr().err
    assert line in error
    assert len(error.splitlines()) == 1


def test_engines_are_checked_before_anything_runs() -> None:
    from launch.bench.engine import run_all

    with pytest.raises(CallError, match="--jobs 0"):
        run_all(run_episode, [], 0)
