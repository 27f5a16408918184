"""Makes the pictures of README and docs from real runs: `python -m tools.make_pictures` (about a minute)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import av

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SECONDS = 20.0
SHOWN_AT_S = 13.5  # simulated; the film of a run this short is in real time


def follow_me() -> Path:
    """Run follow_me in the apartment and keep one frame of its overview film."""
    with tempfile.TemporaryDirectory() as folder:
        spec = RunSpec("follow_me", "apartment", 0, SECONDS, "pixels")
        _, out = execute(spec, RunOptions("lockstep", fast=True, out=Path(folder) / "run"))
        with av.open(str(out / "overview.mp4")) as film:
            for frame in film.decode(video=0):
                if frame.time is not None and frame.time >= SHOWN_AT_S:
                    break
        picture = PICTURES / "follow_me.png"
        frame.to_image().quantize(192).save(picture, optimize=True)
    return picture


if __name__ == "__main__":
    print(follow_me())
