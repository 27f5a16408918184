"""Wrong calls: exit 2, one line on stderr that names what and where and what would be right, no traceback."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from launch import profiles
from launch.cli import call
from launch.profiles import row

FAST = ["--runner", "lockstep", "--perception", "emulated", "--fast", "--duration", "1", "--no-video"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sim", "folow_me"], "unknown profile 'folow_me' (did you mean 'follow_me'?)"),
        (["sim", "follow_me", "--world", "apartmint"], "unknown world 'apartmint' (did you mean 'apartment'?)"),
        (["sim", "follow_me", "--world", "nowhere/flat.yaml"], "nowhere/flat.yaml"),
        (["sim", "follow_me", "--duration", "-3"], "--duration -3: must be above 0"),
        (["sim", "follow_me", "--duration", "soon"], "Invalid value for '--duration'"),
        (["sim", "follow_me", "--seed", "-1"], "--seed -1: must be from 0"),
        (["sim", "follow_me", "--runner", "steped"], "did you mean 'stepped'?"),
        (["sim", "follow_me", "--perception", "pixel"], "did you mean 'pixels'?"),
        (["sim", "follow_me", "--fst"], "No such option: --fst"),
        (["sim", "follow_me", "--set", "speed"], "--set 'speed': must look like row.key=value"),
        (["sim", "follow_me", "--set", "folower.rate=2"], "(did you mean 'follower'?)"),
        (["sim", "follow_me", "--set", "safety.margin=2"], "(did you mean 'margin_m'?)"),
        (["sim", "follow_me", "--set", "safety.margin_m=wide"], "--set 'safety.margin_m=wide': Expected `float`"),
        (["grph"], "No such command 'grph'"),
        (["graph", "follow"], "unknown profile 'follow'"),
        (["worlds", "show", "lof"], "unknown world 'lof' (did you mean 'loft'?)"),
        (["worlds", "render", "loft", "--out", "no/such/folder/x.png"], "must be a .png file in a folder that exists"),
        (["bench", "follow", "castle"], "unknown world 'castle'"),
        (["bench", "follow", "--seeds", "0"], "--seeds 0: must be at least 1"),
        (["bench", "follow", "--jobs", "0"], "--jobs 0: must be at least 1"),
        (["sim", "follow_me", "--world", ""], "unknown world ''"),
        (["sim", "follow_me", "--dashboard", "--host", "8.8.8.8"], "--host is an address of this machine"),
        (["sim", "follow_me", "--dashboard", "--host", "no.such.host.invalid"], "--host no.such.host.invalid: "),
        (["sim", "follow_me", "--dashboard", "--port", "99999"], "--port 99999: must be from 0 to 65535"),
        (["sim", "follow_me", "--dashboard", "--token", "with spaces & more"], "--token: must be of letters, digits"),
        (["worlds", "render", "loft", "--out", "/proc/loft.png"], "--out /proc/loft.png: cannot be written"),
        (["view", "nowhere", "--at", "nan"], "--at nan: must be from 0 to"),
        (["view", "nowhere", "--port", "0"], "nowhere: no such log"),
        (["understand", "hello", "--phrasebook", "/"], "/: cannot be read (Is a directory)"),
        (["teach", "party", "--means", "dance", "--phrasebook", "/proc/no/p.json"], "cannot be written"),
        (["flash", "--port", "/tmp", "--board", "uno", "--dry-run"], "no serial device at '/tmp'"),
        (["sim", "follow_me", "--set", "navigator.planner.closing_cost=-5"], "Expected `float` >= 1.0"),
        (["sim", "follow_me", "--set", "navigator.planner.costmap.soft_weight=-5"], "Expected `float` >= 0.0"),
        (["sim", "follow_me", "--set", "safety.margin_m=-1"], "Expected `float` >= 0.0"),
        (["sim", "follow_me", "--set", "follower.trail_step_m=0"], "Expected `float` > 0.0"),
        (["sim", "follow_me", "--set", "sim.others=-1"], "Expected `int` >= 0"),
        (["sim", "follow_me", "--set", "follower.see_probability=1.5"], "Expected `float` <= 1.0"),
        (["sim", "follow_me", "--set", "navigator.planner.mppi.rollouts=3"], "Expected `int` >= 4"),
        (["sim", "follow_me", "--set", "mapping.map.resolution_m=0"], "Expected `float` > 0.0"),
        (["sim", "follow_me", "--set", "tracker.tracker.miss=1.5"], "Expected `float` <= 1.0"),
        (["sim", "follow_me", "--set", "tracker.lock.lost_s=0"], "Expected `float` > 0.0"),
        (["sim", "follow_me", "--set", "mapping.map.size_m=0.5"], "Expected `float` >= 1.0"),
        (["sim", "follow_me", "--set", "tracker.lock.acquire_hits=0"], "Expected `int` >= 1"),
        (["sim", "tabletop", "--set", "arm.stability.boom_acceleration=0"], "Expected `float` > 0.0"),
        (["sim", "tabletop", "--set", "arm.mimic.habit_s=0"], "Expected `float` > 0.0"),
        (["sim", "tabletop", "--set", "faces.watcher.finder.overlap=1"], "Expected `float` <= 0.9"),
        (["bench", "follow", "studio", "--set", "x"], "--set 'x': must look like row.key=value"),
        (["bench", "nav", "studio", "--set", "navigator.spede=1"], "unknown key in --set 'navigator.spede=1'"),
        (["bench", "nav", "studio", "--baseline", "no/b.json", "--update-baseline"], "must be in a folder that exists"),
        (["bench", "follow", "--duration", "nan"], "--duration nan: must be above 0"),
        (["bench", "follow", "--duration", "0"], "--duration 0: must be above 0"),
        (["bench", "follow", "--first-seed", "-1"], "--first-seed -1: must be at least 0"),
        (["bench", "sim", "--seconds", "nan"], "--seconds nan: must be above 0"),
        (["bench", "memory", "--minutes", "nan"], "--minutes nan: must be above 0"),
        (["bench", "envs", "--seconds", "inf"], "--seconds inf: must be above 0"),
        (["bench", "follow", "--seeds", "100001"], "--seeds 100001: must be at least 1 and at most"),
        (
            ["bench", "nav", "--first-seed", "99999999999999999999"],
            "--first-seed 99999999999999999999: must be at least",
        ),
        (["bench", "tabletop", "allx"], "unknown tabletop suite 'allx' (did you mean 'all'?)"),
        (["bench", "tabletop", "lock:nobody"], "unknown part of the suite lock: 'nobody'"),
        (["bench", "tabletop", "--seeds", "1000000000"], "--seeds 1000000000: must be at least 1"),
        (["bench", "tabletop", "--first-seed", "-1"], "--first-seed -1: must be at least 0"),
        (["bench", "tabletop", "--duration", "inf"], "--duration inf: must be from 5 to 3600"),
        (["bench", "tabletop", "--jobs", "100000"], "--jobs 100000: must be at least 1 and at most"),
        (["bench", "tabletop", "--engine", "slurm"], "unknown value of --engine: 'slurm'"),
        (["bench", "tabletop", "--baseline", "no.json"], "--baseline no.json: no such file"),
        (["bench", "tabletop", "pose:anna", "--jobs", "1", "--out", "/proc/x"], "--out /proc/x: cannot be written"),
        (["bench", "voice", "no.txt"], "no.txt: there is no such file"),
        (["bench", "voice", "--float", "/dev/null"], "/dev/null: there is no such file"),
        (["bench", "voice", "--float", __file__], "is no language model ("),
        (["bench", "voice", __file__], "test_bad_input.py: "),
        (["bench", "voice", "tasks", "--seeds", "0"], "--seeds 0: must be at least 1"),
        (["bench", "voice", "tasks", "--first-seed", "1000"], "--first-seed 1000: there are"),
        (["bench", "voice", "hearing", "--seeds", "-1"], "--seeds -1: must be at least 1"),
        (["bench", "voice", "--out", "/proc/x"], "--out /proc/x: cannot be written"),
        (["bench", "hil", "--board", "due"], "unknown value of --board: 'due'"),
        (["bench", "hil", "--scene", "x"], "unknown scene 'x'"),
        (["bench", "hil", "--seeds", "-1"], "--seeds -1: must be at least 1"),
        (["bench", "hil", "--duration", "nan"], "--duration nan: must be from 5 to 3600"),
        (["bench", "page", "--seconds", "1e-9"], "--seconds 1e-09: must be from 1 to"),
        (["hw", "arm"], "unknown body 'arm'"),
        (["hw", "tabletop", "--camera", "no.mp4"], "--camera: no such video: no.mp4"),
        (["hw", "tabletop", "--camera", __file__], "cannot be read as a video"),
        (["hw", "rover", "--port", "/tmp"], "no serial device at '/tmp'"),
        (["hw", "rover", "--port", "emulated:due"], "no emulated board 'due'"),
        (["hw", "rover", "--port", "emulated:uno"], "has the firmware of another body"),
        (["hw", "rover", "--duration", "-1"], "--duration -1: must be above 0"),
        (["hw", "rover", "--calibration", "no.json"], "--calibration: is of a display's servos"),
        (["hw", "tabletop", "--calibration", "no.json"], "--calibration no.json: No such file"),
        (["calibrate", "--check", "/"], "/: Is a directory"),
        (["bench", "follow", "--planner", "teb"], "unknown value of --planner: 'teb'"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(arguments) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.startswith("launch: ")
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []  # nothing was started, nothing left behind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rooms: [", "home.yaml:"),
        ("name: flat\nrooms: 3\n", "home.yaml:2:"),
        ("name: flat\nrums: []\n", "(did you mean 'rooms'?)"),
        ("\x00\xff", "home.yaml"),
    ],
)
def test_a_corrupt_world_file_is_named_with_its_line(
    text: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home = tmp_path / "home.yaml"
    home.write_bytes(text.encode("latin-1"))
    assert call(["sim", "follow_me", "--world", str(home)]) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1


def test_a_folder_in_use_is_left_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    assert call(["sim", "follow_me", *FAST, "--out", str(tmp_path)]) == 2
    assert "is in use (not empty)" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
    assert call(["sim", "follow_me", *FAST, "--out", str(tmp_path / "precious.txt")]) == 2
    assert "is a file; name a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (row("sim", "robot.safety.supervisor:SafetyNode"), "node 'sim' stands twice"),
        (row("second", "robot.safety.supervisor:SafetyNode"), "topic 'cmd_vel' has two writers, 'safety' and 'second'"),
        (row("spy", "policies.baseline:NaiveFollower"), "node 'spy' reads 'truth/world': truth is for scorers only"),
    ],
)
def test_check_refuses_a_profile_that_breaks_a_rule(
    extra: profiles.ProfileRow, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = profiles.PROFILES["follow_me"]
    rows = (*good.rows, extra)
    if extra.name == "spy":
        rows = tuple(r for r in rows if r.name != "safety")  # it would be a second writer too; truth is the point
    monkeypatch.setitem(profiles.PROFILES, "follow_me", dataclasses.replace(good, rows=rows))
    assert call(["check", "follow_me"]) == 2
    assert said in capsys.readouterr().err


def test_check_and_graph_of_the_shipped_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["check", "follow_me"]) == 0
    assert call(["graph", "follow_me"]) == 0
    printed = capsys.readouterr().out
    assert "reads truth: no node (scorers only)" in printed
    assert "flowchart LR" in printed


@pytest.mark.parametrize("display", ["", ":7777", "localhost:7777.0"])
def test_a_window_without_a_screen_is_told_before_it_ends_the_process(
    display: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert call(["sim", "follow_me", *FAST, "--gui"]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("launch: --gui: ")
    assert errors.endswith("; --dashboard needs none\n")


def test_a_film_that_cannot_be_written_is_told_before_the_first_frame(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "frame.png"
    cv2.imwrite(str(picture), np.zeros((96, 128, 3), np.uint8))
    for name in ("seen.mp4", "seen.jsonl"):
        assert call(["track", str(picture), "--out", f"/proc/{name}"]) == 2
        assert f"--out /proc/{name}: cannot be written" in capsys.readouterr().err
