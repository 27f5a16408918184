"""`launch bench tabletop`: which episodes a name means, how bars join rows, and the files it leaves."""

import json
import math
import xml.etree.ElementTree as Xml

import pytest

from launch.bench.tabletop import SUITES, episodes, run_episode
from launch.bench.tabletop_bars import BARS, judge
from launch.cli import call
from launch.errors import CallError
from launch.report.verdict import failed_bars


def test_names_mean_suites_and_parts():
    assert {e.spec.world.partition(":")[0] for e in episodes("all", 1, 0, "pixels", None)} == set(SUITES)
    assert [e.spec.world for e in episodes("lock:party", 2, 3, "pixels", None)] == ["lock:party"] * 2
    assert [e.spec.seed for e in episodes("lock:party", 2, 3, "pixels", None)] == [3, 4]
    crowds = [e for e in episodes("lock", None, 0, "pixels", None) if e.spec.world == "lock:crowd"]
    assert len(crowds) == 50


@pytest.mark.parametrize(
    "wrong", [("poses", 1, 0, None), ("lock:crowds", 1, 0, None), ("lock", 0, 0, None), ("pose", 1, 0, 0.5)]
)
def test_wrong_names_and_counts(wrong):
    suite, seeds, first, seconds = wrong
    with pytest.raises(CallError):
        episodes(suite, seeds, first, "pixels", seconds)


def rows(part, *figures):
    return [{"world": part, "label": "ours", **values} for values in figures]


@pytest.mark.parametrize(
    ("part", "figures", "metric", "reached", "held"),
    [
        ("lock:crowd", [{"id_switches": 1, "crossings": 150}, {"id_switches": 2, "crossings": 150}], 0, 0.01, True),
        ("lock:crowd", [{"id_switches": 4, "crossings": 300}], 0, 4 / 300, False),
        ("nods:mixed", [{"nods": 20, "nods_found": 19, "nods_false": 0}], 1, 38 / 39, True),
        ("nods:mixed", [{"nods": 20, "nods_found": 17, "nods_false": 1}], 1, 34 / 38, False),
        ("nods:talk", [{"nods_false": 0}, {"nods_false": 2}], 2, 1.0, False),
        ("mimic:nodder", [{"mimic_r": 0.99}, {"mimic_r": math.nan}], 3, 0.99, True),
        ("stability:off", [{"tips_or_slides": True}], 4, 1.0, True),
        ("speed:4_faces", [{"ms_p50": 31.0}], 5, 31.0, False),
    ],
)
def test_bars_join_rows_as_they_say(part, figures, metric, reached, held):
    name = ("id_switches", "nod_f1", "nods_false", "mimic_r", "tips_or_slides", "ms_p50")[metric]
    line = next(x for x in judge(rows(part, *figures), {part.partition(":")[0]}) if x["metric"] == name)
    assert line["reached"] == pytest.approx(reached)
    assert line["held"] is held


def test_what_was_never_measured_holds_no_bar():
    assert not any(line["held"] for line in judge(rows("mimic:nodder", {"mimic_r": math.nan}), {"mimic"}))


def test_a_row_is_only_held_to_the_bars_of_its_own_part():
    bars = judge([*rows("pose:anna", {"pose_mae_yaw_deg": 1.0}), *rows("nods:talk", {"nods_false": 3})], set(SUITES))
    assert failed_bars({"world": "nods:talk", "nods_false": 3}, bars) == ["nods_false"]
    assert failed_bars({"world": "nods:mixed", "nods_false": 3, "nod_f1": 1.0}, bars) == []


def test_every_bar_names_a_part_that_there_is():
    names = {f"{suite}:{part}" for suite, found in SUITES.items() for part in found.parts}
    assert all(any(name.startswith(bar.where) for name in names) for bar in BARS)


def test_the_bench_leaves_its_files(tmp_path, capsys):
    out = tmp_path / "out"
    assert call(["bench", "tabletop", "stability", "--duration", "5", "--jobs", "1", "--out", str(out)]) == 0
    summary = json.loads((out / "summary.json").read_text())
    assert [row["world"] for row in summary["rows"]] == ["stability:limiter", "stability:off", "stability:heavy"]
    assert {bar["metric"]: bar["held"] for bar in summary["bars"]}["tips_or_slides"] is True
    assert len(Xml.parse(out / "junit.xml").findall(".//testcase")) == 4 + 3
    assert "Slid by" in (out / "report.html").read_text()


def test_nods_and_copies_without_pictures():
    talk = run_episode(episodes("nods:talk", 1, 0, "emulated", 30.0)[0])
    assert (talk["nods"], talk["failed"]) == (0, None)
    copied = run_episode(episodes("mimic:nodder", 1, 0, "emulated", 12.0)[0])
    assert copied["mimic_lag_ms"] < 200
    assert copied["base_tilt_deg_max"] < 0.5


@pytest.mark.parametrize("arguments", [["nobody"], ["lock:nobody"], ["pose", "--seeds", "0"], ["pose", "--jobs", "0"]])
def test_a_wrong_call_is_one_line(arguments, capfd):
    assert call(["bench", "tabletop", *arguments]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
