"""A video of somebody before a camera on a desk, for `launch hw tabletop --camera VIDEO` without a camera.

`python -m tools.make_desk_video FILE.mp4 [--scene one_caller] [--seed 0] [--seconds 20]`: what the camera in the bezel
sees of a scene while the display stands still.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from robot.messages import Image
from robot.node import Inbox
from robot.rng import spawn
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.node import TICKS, PixelTabletop


def make(path: Path, scene: str, seed: int, seconds: float) -> int:
    """Write the video; return how many frames it has. Raises OSError where it cannot be written."""
    sim = PixelTabletop(TabletopSimConfig(scene=scene, seed=seed, seconds=max(120.0, seconds)), spawn(seed, "video"))
    camera = sim.body.camera
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), camera.rate_hz, (camera.width, camera.height))
    if not writer.isOpened():
        raise OSError(f"{path}: cannot be written as a video")
    frames = 0
    for tick in range(TICKS.count(seconds)):
        now_ns = TICKS.ns(tick)
        for _, message, _ in sim.step(now_ns, Inbox(now_ns, {}, {})).items:
            if isinstance(message, Image):
                writer.write(np.ascontiguousarray(message.data[:, :, ::-1]))
                frames += 1
    writer.release()
    sim.close()
    return frames


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--scene", default="one_caller")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    print(f"{options.file}: {make(options.file, options.scene, options.seed, options.seconds)} frames")


if __name__ == "__main__":
    main()
