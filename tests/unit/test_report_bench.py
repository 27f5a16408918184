"""The bench report: which bars an episode misses, what CI is told, and a page for every row."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from launch.report.bench import write_bench_report
from launch.report.verdict import failed_bars, missed

BARS = [
    {"metric": "follow_rate", "rule": "mean >=", "bar": 0.85, "reached": 0.8, "held": False},
    {"metric": "success", "rule": "mean >=", "bar": 0.95, "reached": 1.0, "held": True},
    {"metric": "collisions_person", "rule": "episodes with any <=", "bar": 0, "reached": 0, "held": True},
    {"metric": "lost_s_max", "rule": "max <=", "bar": 5.0, "reached": 2.0, "held": True},
]
GOOD = {"follow_rate": 0.9, "success": True, "collisions_person": 0, "lost_s_max": 1.0}


def row(label: str, seed: int, **changes: Any) -> dict[str, Any]:
    paths = {"robot": [(1.0, 1.0), (2.0, 1.5)], "person": [(2.0, 1.0), (3.0, 1.5)]}
    command = f"launch sim follow_me --world apartment --seed {seed}"
    common = {"label": label, "world": "apartment", "seed": seed, "failed": None, "wall_seconds": 2.0}
    return {**common, **GOOD, "paths": paths, "command": command, "events": [], **changes}


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    figures = {"mean": 0.9, "low": 0.8, "high": 1.0, "max": 1.0, "n": len(rows)}
    never = {"mean": math.nan, "low": math.nan, "high": math.nan, "max": math.nan, "n": 0}
    aggregate = {label: {**dict.fromkeys(GOOD, figures), "spl": never} for label in ("ours", "naive")}
    return {"bench": "follow", "suite": "homes", "bars": BARS, "aggregate": aggregate, "rows": rows}


@pytest.mark.parametrize(
    ("changes", "below", "failed"),
    [
        ({}, [], []),
        ({"follow_rate": 0.5}, ["follow_rate"], []),
        ({"success": False}, ["success"], ["success"]),
        ({"collisions_person": 1}, ["collisions_person"], ["collisions_person"]),
        ({"lost_s_max": 5.1}, ["lost_s_max"], ["lost_s_max"]),
        ({"lost_s_max": math.nan}, ["lost_s_max"], ["lost_s_max"]),
        ({"lost_s_max": None}, ["lost_s_max"], ["lost_s_max"]),
    ],
)
def test_one_episode_against_the_bars(changes: dict[str, Any], below: list[str], failed: list[str]) -> None:
    assert missed({**GOOD, **changes}, BARS) == below
    assert failed_bars({**GOOD, **changes}, BARS) == failed


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown rule 'median'"):
        missed(GOOD, [{"metric": "success", "rule": "median", "bar": 1}])


def test_files_tell_every_episode(tmp_path: Path) -> None:
    rows = [
        row("ours", 0),
        row("ours", 1, collisions_person=2),
        row("ours", 2, failed="node 'sim' was killed by signal 9"),
        row("naive", 0, success=False),
    ]
    write_bench_report(tmp_path, summary(rows))
    root = Xml.fromstring((tmp_path / "junit.xml").read_text())
    bars, episodes = root.findall("testsuite")
    assert (bars.get("tests"), bars.get("failures")) == ("4", "1")
    assert (episodes.get("tests"), episodes.get("failures"), episodes.get("errors")) == ("3", "1", "1")
    failure = episodes.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "collisions_person 2"
    assert failure.text == rows[1]["command"]
    text = (tmp_path / "report.html").read_text()
    assert "Not every bar is held" in text
    for episode in rows:
        assert episode["command"] in text
    assert text.count("<figure") == 4
    assert text.count('href="data:image/png') == 1
    assert "http" not in text.replace("http://www.w3.org", "")


def test_a_bench_without_paths_has_no_thumbnails(tmp_path: Path) -> None:
    write_bench_report(tmp_path, summary([row("ours", 0, paths={})]))
    assert "<figure" not in (tmp_path / "report.html").read_text()
