"""The report and film of a display's run: whole, in plain words, and equal for equal runs."""

import json

import av
import numpy as np
import pytest

from launch.execute import RunOptions, execute
from launch.report.desk_view import above, camera_view, from_the_side
from launch.report.run import write_report
from launch.report.words import desk_headline
from launch.spec import RunSpec
from robot.messages import Faces, FaceView, HeadTruth, Image, TabletopTruth

SPEC = RunSpec("tabletop", "nodder", seed=1, duration_s=4.0, perception="emulated")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    options = RunOptions(runner="lockstep", fast=True, out=tmp_path_factory.mktemp("desk") / "run")
    return execute(SPEC, options)[1]


def test_the_page_shows_heads_gaze_and_stand(folder):
    text = (folder / "report.html").read_text()
    for words in ("tabletop in nodder, seed 1", "Nods, and what was going on", "Where the caller was", "had to carry"):
        assert words in text
    assert "It stood." in text
    assert text.count("<svg") == 3
    assert "launch sim tabletop --world nodder" in text


def test_the_film_is_as_long_as_the_run(folder):
    with av.open(str(folder / "overview.mp4")) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == pytest.approx(60, abs=2)
    assert frames[0].shape == (720, 1280, 3)
    assert np.abs(frames[-1].astype(int) - frames[5]).max() > 50


def test_a_report_made_again_is_the_same(folder):
    before = {name: (folder / name).read_bytes() for name in ("report.html", "overview.mp4")}
    write_report(folder)
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_summary_without_figures_is_told_all_the_same():
    nothing = {"lock_share": None, "crossings": 0, "id_switches": 0, "mimic_lag_ms": None, "fallen": True}
    assert desk_headline(nothing)[-1] == "It fell over."
    told = {**nothing, "crossings": 3, "mimic_lag_ms": 120.0, "mimic_gain": 1.02, "lock_share": 0.98}
    assert json.dumps(desk_headline(told)).count("120 ms") == 1


def test_pictures_of_a_moment():
    head = HeadTruth(
        name="caller", x=0.8, y=0.2, z=0.46, yaw=0.0, pitch=0.0, roll=0.0, mouth=0.0, in_view=True, doing=""
    )
    truth = TabletopTruth(
        stamp_ns=0, joints=(0.3, 0.1, 0.2, 0.1), base_tilt=0.0, base_slip_m=0.0, fallen=False, target_error=0.0,
        people=(head,),
    )  # fmt: skip
    face = FaceView(
        id=1, bbox=(20, 20, 30, 40), azimuth=0.0, elevation=0.0, distance_m=1.0, yaw=0.0, pitch=0.0, roll=0.0,
        mouth=0.0, score=1.0,
    )  # fmt: skip
    image = Image(stamp_ns=0, data=np.zeros((90, 120, 3), np.uint8), fx=100.0, fy=100.0, cx=60.0, cy=45.0)
    locked = camera_view(image, Faces(stamp_ns=0, faces=(face,), lock="locked", locked_id=1), 480, 360)
    free = camera_view(image, Faces(stamp_ns=0, faces=(face,), lock="none"), 480, 360)
    assert (locked != free).any()
    assert from_the_side((0.0, 0.0, 0.0, 0.0), 400, 260).shape == (260, 400, 3)
    assert (from_the_side((0.0, 0.0, 0.0, 0.0), 400, 260) != from_the_side((0.0, 0.4, 0.0, 0.0), 400, 260)).any()
    assert (above(truth, 400, 260) != above(truth, 400, 260)[:, ::-1]).any()
