"""The page in a real browser, on real runs: what it shows lives, and what is clicked, typed or pressed happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
from axe_playwright_python.sync_playwright import Axe
from browser_runs import LIMIT_MS, running
from playwright.sync_api import Page, expect

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import Odom, OperatorRequest
from robot.recording.reader import LogReader

STOPPED = 0.02  # m/s
PAINTED = """id => {
  const canvas = document.getElementById(id);
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < data.length; i += 400) seen.add(data[i] + data[i + 1] * 256 + data[i + 2] * 65536);
  return seen.size;
}"""


MIDDLE = """(() => {
  const canvas = document.getElementById('face');
  return canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[0];
})()"""  # how bright the middle of the screen is


def video_of_a_call(folder: Path) -> str:
    """Return a video in which somebody holds a lamp into the camera for ten minutes."""
    path = str(folder / "call.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"MJPG"), 1, (64, 48))
    for _ in range(600):
        writer.write(np.full((48, 64, 3), 255, np.uint8))
    writer.release()
    return path


def waits_for(page: Page, expression: str) -> None:
    """Wait until an expression is true; asked from here, because the page forbids itself to evaluate text."""
    give_up = time.monotonic() + LIMIT_MS / 1000
    while not page.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < give_up, expression
        page.wait_for_timeout(50)


def every_panel_lives(page: Page, camera_boxes: bool = True) -> None:
    """Fail unless every panel shows something of the run, and time goes on."""
    waits_for(page, "parseFloat(document.getElementById('time').textContent) > 1")
    before = page.inner_text("#time")
    waits_for(page, f"document.getElementById('time').textContent !== '{before}'")
    if camera_boxes:
        waits_for(page, "JSON.parse(document.getElementById('camera').dataset.boxes ?? '[]').length > 0")
    for canvas in ("camera", "map"):
        assert page.evaluate(PAINTED, canvas) > 5, f"nothing is painted in '{canvas}'"
    assert page.locator("#curves figure").count() >= 2
    assert page.locator("#nodes tr").count() >= 4
    waits_for(page, "document.querySelectorAll('#nodes tr td:nth-child(4):not(:empty)').length >= 4")
    assert page.locator("#states dt").count() >= 2
    expect(page.locator("#link")).to_have_text("connected")


def fits_a_phone(page: Page) -> None:
    """Fail where a phone would scroll sideways."""
    size = page.viewport_size
    page.set_viewport_size({"width": 375, "height": 720})
    waits_for(page, "document.documentElement.clientWidth <= 375")
    wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert max(wide) <= 375
    assert size is not None
    page.set_viewport_size(size)


def is_accessible(page: Page) -> None:
    """Fail on a serious finding of axe-core, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], scheme


def is_listened_to(page: Page) -> None:
    """Hold the button, beep, let go: the recording is sent, and an answer comes back."""
    page.locator("#talk").scroll_into_view_if_needed()
    page.hover("#talk")
    page.mouse.down()
    waits_for(page, "Number(document.getElementById('talk').dataset.blocks) > 60")
    page.mouse.up()
    expect(page.locator("#note")).to_have_text(re.compile("no words were heard|heard: "))
    expect(page.locator("#talk")).to_have_attribute("aria-pressed", "false")


def test_following_is_shown_and_stopped_by_the_space_bar(page: Page, tmp_path: Path) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
    with running(tmp_path / "first", "follow_me", "--seed", "3", "--duration", "600") as run:
        page.goto(run.url)
        every_panel_lives(page)
        waits_for(page, "document.querySelectorAll('#log li').length > 0")
        fits_a_phone(page)
        is_accessible(page)
        is_listened_to(page)
        # While it drives: what it considers on the map; the space bar, on no button and in no field.
        waits_for(page, "document.getElementById('map').dataset.drawn === 'path rollouts costs'")
        waits_for(page, "/driving/.test(document.getElementById('states').textContent)")
        page.keyboard.press("Space")
        expect(page.locator("#states")).to_contain_text("stopped by hand")
        expect(page.locator("#release")).to_be_visible()
        stopped_s = float(page.inner_text("#time"))
        waits_for(page, f"parseFloat(document.getElementById('time').textContent) > {stopped_s + 1.0}")
        run.end()
        expect(page.locator("#link")).to_have_text("no run")
    commits = list(LogReader(tmp_path / "first" / "log.mcap").commits())
    asked_ns = next(
        c.envelope.t_ns for c in commits if isinstance(c.message, OperatorRequest) and c.message.action == "stop"
    )
    speeds = [(c.envelope.t_ns, c.message.v) for c in commits if isinstance(c.message, Odom)]
    stands_ns = next(t for t, v in speeds if t >= asked_ns and abs(v) < STOPPED)
    assert stands_ns - asked_ns <= 0.3 * NS_PER_S
    assert all(abs(v) < 3 * STOPPED for t, v in speeds if t > stands_ns)

    # The page finds the next run by itself; the display's own screen shows the other end of its call.
    again = ("tabletop", "--perception", "emulated", "--runner", "lockstep", "--seed", "8", "--duration", "600")
    with running(tmp_path / "second", *again, "--mimic", video_of_a_call(tmp_path), port=run.port):
        expect(page.locator("#run")).to_contain_text("tabletop in one_caller, seed 8")
        expect(page.locator("#link")).to_have_text("connected")
        expect(page.locator("#release")).to_be_hidden()
        page.goto(run.url + "display")
        expect(page.locator("#face")).to_have_attribute("data-shows", "call")
        waits_for(page, f"({MIDDLE}) > 200")
    assert hosts == {f"127.0.0.1:{run.port}"}


def test_a_click_on_a_face_locks_on_to_it(page: Page, tmp_path: Path) -> None:
    with running(tmp_path / "run", "tabletop", "--world", "crowd", "--seed", "1", "--duration", "600") as run:
        page.goto(run.url)
        every_panel_lives(page)
        other = "JSON.parse(document.getElementById('camera').dataset.boxes ?? '[]').find(box => !box.lock)"
        waits_for(page, f"{other} !== undefined")
        wanted = None
        while wanted is None:  # faces move: aim anew until a click met one
            box = page.evaluate(other)
            if box is None:
                continue
            frame = page.locator("#camera").bounding_box()
            assert frame is not None
            scale = frame["width"] / 480
            left, top, wide, high = box["box"]
            page.mouse.click(frame["x"] + (left + wide / 2) * scale, frame["y"] + (top + high / 2) * scale)
            wanted = box["id"]
        expect(page.locator("#states")).to_contain_text(f"locked on {wanted}")
        expect(page.locator("#log")).to_contain_text(f"lock {wanted}")
        page.goto(run.url + "display")
        waits_for(page, "/locked/.test(document.getElementById('doing').textContent)")
        assert page.evaluate(PAINTED, "face") > 1


def test_typed_words_are_carried_out_and_the_page_holds_the_run(page: Page, tmp_path: Path) -> None:
    with running(tmp_path / "run", "home", "--perception", "emulated", "--duration", "600") as run:
        page.goto(run.url)
        waits_for(page, "parseFloat(document.getElementById('time').textContent) > 1")
        expect(page.locator("#states")).to_contain_text("idle")
        page.fill("#text", "go to the kitchen")
        page.keyboard.press("Enter")
        expect(page.locator("#log .said")).to_have_text("go to the kitchen")
        expect(page.locator("#states")).to_contain_text("working")
        page.click("#pause")
        expect(page.locator("#pause")).to_have_text("Go on")
        held = page.inner_text("#time")
        page.click("#step")
        waits_for(page, f"document.getElementById('time').textContent !== '{held}'")
        expect(page.locator("#pause")).to_have_text("Go on")
        page.select_option("#speed", "0")
        page.click("#pause")
        expect(page.locator("#pause")).to_have_text("Pause")
        expect(page.locator("#log .reply").first).to_be_attached()
    said = [c.message for c in LogReader(run.folder / "log.mcap").commits() if c.topic is topics.COMMAND_TEXT]
    assert json.loads((run.folder / "summary.json").read_text())["failed"] is None
    assert [m.text for m in said] == ["go to the kitchen"]  # type: ignore[attr-defined]


def test_a_log_at_its_end_shows_its_last_picture(page: Page, tmp_path: Path) -> None:
    """No further picture comes to mend what was drawn while the panel was still hidden."""
    options = RunOptions("lockstep", fast=True, out=tmp_path / "run", report=False)
    execute(RunSpec("tabletop", "one_caller", 1, 1.2), options)
    program = [sys.executable, "-m", "launch", "view", str(tmp_path / "run"), "--port", "0", "--at", "1.1"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        page.goto(process.stdout.readline().split()[-1])
        waits_for(page, "document.body.dataset.live === 'false'")
        waits_for(page, "parseFloat(document.getElementById('time').textContent) > 1.1")
        waits_for(page, "JSON.parse(document.getElementById('camera').dataset.boxes ?? '[]').length > 0")
        assert page.evaluate(PAINTED, "camera") > 5
        process.terminate()
