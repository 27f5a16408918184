"""Comparing rows with a baseline: what is red, what is only a change, and what a wrong file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from launch.bench.regression import Limits, compare, read_baseline, write_baseline
from launch.errors import CallError

N = 12


def rows(**changes: Any) -> list[dict[str, Any]]:
    """Twelve rows; a change given as a list applies to that row, else to all."""
    found = []
    for i in range(N):
        row: dict[str, Any] = {
            "label": "mppi", "world": f"clutter:1:{i}", "seed": i, "success": True, "collisions": 0, "falls": 0,
            "time_s": 10.0, "spl": 0.9, "min_clearance_m": 0.1, "slip": 0.01,
            "control_hz": 20.0, "log_sha256": f"{i:x}",
        }  # fmt: skip
        for key, value in changes.items():
            row[key] = value[i] if isinstance(value, list) else value
        found.append(row)
    return found


def one(value: Any, rest: Any) -> list[Any]:
    return [value] + [rest] * (N - 1)


def test_equal_rows_are_green_and_unchanged() -> None:
    comparison = compare(rows(), rows(), Limits())
    assert comparison.red == ()
    assert comparison.changes == ()
    assert comparison.lines() == ["no episode changed"]


def test_another_log_with_equal_figures_is_a_change_but_not_red() -> None:
    comparison = compare(rows(), rows(log_sha256=[f"x{i}" if i == 3 else f"{i:x}" for i in range(N)]), Limits())
    assert comparison.red == ()
    assert [change.after["seed"] for change in comparison.changes] == [3]
    assert "another way, same figures" in comparison.lines()[1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"success": one(False, True)}, "1 episodes no longer succeed"),
        ({"collisions": one(2, 0)}, "2 more contacts"),
        ({"time_s": one(13.0, 10.0)}, "1 episodes take more than 25% longer"),
        ({"time_s": 10.2}, "2.0% more time over all"),
        ({"time_s": 10.05}, "12 of the 12 episodes whose time changed got slower"),
        ({"control_hz": 10.0}, "50% fewer decisions a second"),
        ({"slip": 0.02}, "0.010 more of the wheels' way is not confirmed by scans"),
    ],
)
def test_what_is_worse_is_red(changes: dict[str, Any], reason: str) -> None:
    red = compare(rows(), rows(log_sha256="new", **changes), Limits()).red
    assert any(line.startswith(reason) for line in red), red
    assert compare(rows(log_sha256="new", **changes), rows(), Limits()).red == ()  # the other way round it got better


def test_limits_given_in_the_file_decide() -> None:
    worse = rows(log_sha256="new", success=one(False, True), time_s=10.05)
    assert compare(rows(), worse, Limits(success_lost=1, systematic_share=0.01)).red == ()


def test_chance_is_not_a_trend() -> None:
    mixed = [10.0 + 0.05 * (1 if i % 3 else -1) for i in range(N)]
    assert compare(rows(), rows(log_sha256="new", time_s=mixed), Limits()).red == ()


def test_episodes_that_were_not_run_are_red_and_worst_rows_come_first() -> None:
    comparison = compare(rows(), rows()[1:], Limits())
    assert comparison.red == ("1 episodes of the baseline were not run",)
    worse = compare(rows(), rows(log_sha256="n", success=one(False, True), time_s=10.1), Limits())
    assert "clutter:1:0 seed 0: success True -> False" in worse.lines()[len(worse.heads())]


def test_a_written_baseline_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    write_baseline(file, rows(), Limits(collisions_more=3))
    found, limits = read_baseline(file)
    assert compare(found, rows(), limits).changes == ()
    assert limits.collisions_more == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "is no baseline"),
        ('{"rows": [{"label": "mppi"}]}', "is no baseline: KeyError: 'world'"),
        ('{"rows": [], "limits": {"sucess_lost": 1}}', "unknown limit 'sucess_lost'"),
    ],
)
def test_a_wrong_file_is_one_line(text: str, line: str, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text(text)
    with pytest.raises(CallError, match="--baseline") as caught:
        read_baseline(file)
    assert line in str(caught.value)
    with pytest.raises(CallError, match="no such file"):
        read_baseline(tmp_path / "gone.json")
