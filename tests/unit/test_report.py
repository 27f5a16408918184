"""Reports come from files alone, say what happened, and fetch nothing."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from recording_nodes import MadeUpConfig, play

from launch.report import plots
from launch.report.film_panel import map_view
from launch.report.home_map import plan_of
from launch.report.run import write_report
from launch.report.story import Story
from launch.report.words import headline, told
from robot.messages import LocalMap, Odom
from robot.recording.recorder import Recorder

SECONDS = 8.0
ROBOT_BLUE = np.array([31, 95, 180])
METRICS = {
    "follow_rate": 0.875,
    "tracking_rate": 1.0,
    "collisions_person": 0,
    "collisions_object": 1,
    "hidden_times": 0,
    "lost_s_max": 2.0,
    "min_gap_person_m": None,
    "something_new": 3,
}


def run_folder(folder: Path, config: MadeUpConfig, **changes: Any) -> Path:
    recorder = Recorder(folder / "log.mcap", {})
    play([recorder], SECONDS, config)
    summary = {
        "profile": "follow_me",
        "world": "apartment",
        "seed": 7,
        "sim_seconds": SECONDS,
        "wall_seconds": 3.0,
        "real_time_factor": SECONDS / 3.0,
        "log_sha256": recorder.close().log_sha256,
        "metrics": METRICS,
        "events": [{"t_s": 7.0, "kind": "contact", "text": "touched <chair 1> & went on"}],
        "nodes": {"world": {"steps": 540, "mean_ms": 0.5, "p50_ms": 0.4, "p99_ms": 2.0, "total_s": 0.3}},
        "command": "launch sim follow_me --seed 7",
        **changes,
    }
    (folder / "summary.json").write_text(json.dumps(summary))
    return folder


class Page(HTMLParser):
    """Collects what a page would fetch, and whether its tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in ("meta", "br", "image", "circle", "path", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()


@pytest.fixture(scope="module")
def pixels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = run_folder(tmp_path_factory.mktemp("run"), MadeUpConfig(center=(5.0, 4.0)))
    write_report(folder)
    return folder


def test_page_stands_alone(pixels: Path) -> None:
    text = (pixels / "report.html").read_text()
    page = Page(text)
    assert page.open == []
    assert all(source.startswith(("data:", "#")) for source in page.fetched)
    assert not re.search(r"url\((?!#)|@import|<script", text)


def test_page_says_what_happened(pixels: Path) -> None:
    text = (pixels / "report.html").read_text()
    for words in (
        "follow me in apartment, seed 7",
        "87.5 %",
        "It touched people never and things once.",
        "something new",
        "7.0 s: touched chair 1",
        "touched &lt;chair 1&gt; &amp; went on",
        "person near",
        "launch sim follow_me --seed 7",
        "99th percentile, ms",
        json.loads((pixels / "summary.json").read_text())["log_sha256"],
    ):
        assert words in text
    assert 'class="unlocked"' in text
    assert plots.INK not in text


def test_equal_runs_give_equal_reports(pixels: Path, tmp_path: Path) -> None:
    folder = run_folder(tmp_path, MadeUpConfig(center=(5.0, 4.0)))
    write_report(folder)
    for name in ("report.html", "overview.mp4"):
        assert (folder / name).read_bytes() == (pixels / name).read_bytes()


def test_film_is_short_and_shows_the_robots_way(pixels: Path) -> None:
    with av.open(str(pixels / "overview.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert SECONDS - 1 <= len(frames) / float(stream.average_rate) <= SECONDS + 1
    was_blue, is_blue = (
        abs(frame[:, :800].astype(int) - ROBOT_BLUE).sum(axis=2) < 90 for frame in (frames[0], frames[-1])
    )
    assert (is_blue & ~was_blue).sum() > 500  # its trail


def test_without_pixels_or_home_or_film_or_whole_log(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, MadeUpConfig(pixels=False), world="nowhere", failed="node 'sim' raised KeyError: 'x'")
    data = (folder / "log.mcap").read_bytes()
    (folder / "log.mcap").write_bytes(data[: int(len(data) * 0.8)])
    write_report(folder, video=False)
    text = (folder / "report.html").read_text()
    assert "The home is not drawn: unknown world &#39;nowhere&#39;" in text
    assert "node &#39;sim&#39; raised KeyError" in text
    assert "the log ends here, before the run did" in text
    assert not (folder / "overview.mp4").exists()


def test_an_empty_log_still_gives_a_page(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, MadeUpConfig(pixels=False))
    data = (folder / "log.mcap").read_bytes()
    (folder / "log.mcap").write_bytes(data[:60])
    write_report(folder)
    assert "Figures" in (folder / "report.html").read_text()
    assert not (folder / "overview.mp4").exists()


def test_story_knows_when_the_person_was_lost() -> None:
    story = Story()
    play([story], SECONDS, MadeUpConfig(pixels=False, lost=(4.0, 6.0), touch_s=7.0))
    (span,) = story.unlocked()
    assert (span.start_s, span.end_s) == pytest.approx((4.0, 6.0), abs=0.11)
    (touch,) = story.touches
    assert touch.name == "chair 1"
    assert touch.t_s == pytest.approx(7.0, abs=0.06)
    assert [s.value for s in story.mode.spans(story.end_s)] == ["following", "searching", "following"]
    first = 2 * 2.0 * np.sin(0.7 / 2)  # chord between robot and person on their circle
    assert story.distance()[0] == pytest.approx(first, abs=0.02)
    assert [s.value for s in story.reasons["person near"].spans(story.end_s)] == ["on", "off"]


def test_local_map_is_shown_with_forward_up() -> None:
    cells = np.zeros((160, 160), np.uint8)
    cells[78:82, 120:124] = 100  # 2.1 m east of the middle
    local = LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
    east = map_view(local, Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0), 480, 360)
    north = map_view(local, Odom(stamp_ns=0, x=0.0, y=0.0, yaw=np.pi / 2, v=0.0, omega=0.0), 480, 360)

    def middle(view: np.ndarray) -> tuple[float, float]:  # type: ignore[type-arg]
        rows, columns = np.nonzero(view[:, :, 0] == 226)
        return float(columns.mean()), float(rows.mean())

    assert middle(east) == pytest.approx((240, 240 - 2.1 * 60), abs=4)  # straight ahead
    assert middle(north) == pytest.approx((240 + 2.1 * 60, 240), abs=4)  # to the right


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (0.5, "share", "50.0 %"),
        (True, "yes", "yes"),
        (float("nan"), "m", "–"),
        (None, "s", "–"),
        (1.234, "m", "1.23 m"),
        (3, "count", "3"),
        ("mppi", "plain", "mppi"),
    ],
)
def test_values_are_told_plainly(value: Any, form: Any, words: str) -> None:
    assert told(value, form) == words


def test_only_runs_of_following_have_their_headline() -> None:
    assert headline({"lock_share": 1.0}, "anna") == []
    assert "anna" in headline(METRICS, "anna")[0]


def test_a_display_that_took_part_is_on_the_plan() -> None:
    around = np.zeros((1, 2))
    without, taking_part = plan_of("studio", around), plan_of("studio", around, display=True)
    at = np.argwhere((without.image != taking_part.image).any(axis=2)).mean(axis=0)[::-1]
    table = taking_part.transform.pixels(np.array([[2.75, 3.35]]))[0]  # of the round table
    assert np.hypot(*(at - table)) < 0.5 * taking_part.transform.pixels_per_m
