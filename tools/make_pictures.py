"""Makes the pictures of README and docs from real runs: `python -m tools.make_pictures [NAME ...]` (a minute each)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import av

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
COLORS = 192


def follow_me() -> Path:
    """One frame of the overview film of the rover following in the apartment."""
    return still_of(RunSpec("follow_me", "apartment", 0, 20.0, "pixels"), 13.5, PICTURES / "follow_me.png")


def tabletop() -> Path:
    """One frame of the overview film of the display among several people."""
    return still_of(RunSpec("tabletop", "crowd", 1, 8.0, "pixels"), 6.0, PICTURES / "tabletop.png")


def still_of(spec: RunSpec, at_s: float, picture: Path) -> Path:
    """Run `spec` and keep the frame of its film at `at_s` (simulated; the film of a short run is in real time)."""
    with tempfile.TemporaryDirectory() as folder:
        _, out = execute(spec, RunOptions("lockstep", fast=True, out=Path(folder) / "run"))
        with av.open(str(out / "overview.mp4")) as film:
            for frame in film.decode(video=0):
                if frame.time is not None and frame.time >= at_s:
                    break
        frame.to_image().quantize(COLORS).save(picture, optimize=True)
    return picture


def dashboard() -> Path:
    """The live page of a run, as Debian's Chromium shows it."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    picture = PICTURES / "dashboard.png"
    command = [sys.executable, "-m", "launch", "sim", "follow_me", "--dashboard", "--port", "0", "--no-video"]
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen(
            [*command, "--duration", "600", "--out", f"{folder}/run"], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        assert run.stdout is not None
        url = next(line.split()[-1] for line in run.stdout if line.startswith("dashboard: "))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(url)
            while float(page.inner_text("#time")) < 14.0:
                page.wait_for_timeout(200)
            page.screenshot(path=f"{folder}/page.png")
            browser.close()
        run.terminate()
        run.wait()
        run.stdout.close()
        Image.open(f"{folder}/page.png").convert("RGB").quantize(COLORS).save(picture, optimize=True)
    return picture


MAKERS = {"follow_me": follow_me, "tabletop": tabletop, "dashboard": dashboard}

if __name__ == "__main__":
    for name in sys.argv[1:] or MAKERS:
        print(MAKERS[name]().name)
