"""Writes the frames of tests/unit/test_perception_detector.py: `python -m tools.make_perception_frames`.

A person from behind at following distance, from the front farther off, two people, the second of them alone, somebody
near, and an empty room, each a colour PNG and a 16-bit depth PNG, with the truth in frames.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from robot.geometry import Pose2, wrap_angle
from robot.rng import spawn
from tools.labelled_frames import LabelledFrame, PersonTruth, Stroll

OUT = Path(__file__).resolve().parent.parent / "tests" / "unit" / "data" / "perception"
WORLD, SEED = "apartment", 7
CLOSEST_MM = 550.0
OTHER = 2  # the actor who also appears in "two"


def _seen(frame: LabelledFrame) -> list[PersonTruth]:
    return [p for p in frame.people if p.visible > 0.0]


def _alone(near: float, far: float, turned: float) -> Callable[[LabelledFrame], bool]:
    """Return the test for one person in full view at a distance, `turned` rad away from facing the camera."""

    def wanted(frame: LabelledFrame) -> bool:
        seen = _seen(frame)
        if len(seen) != 1 or seen[0].visible < 0.6:
            return False
        person = seen[0]
        away = abs(wrap_angle(person.facing - math.atan2(person.y, person.x) - math.pi))
        return near < math.hypot(person.x, person.y) < far and abs(away - turned) < 0.5

    return wanted


WANTED: dict[str, Callable[[LabelledFrame], bool]] = {
    "behind": _alone(1.3, 1.8, math.pi),
    "front": _alone(2.2, 3.2, 0.0),
    "side": _alone(1.5, 3.0, math.pi / 2.0),
    "nobody": lambda f: not _seen(f) and float(np.median(f.depth.data)) > 2000.0,
    "near": lambda f: any(math.hypot(p.x, p.y) < 0.95 and p.visible > 0.3 for p in f.people) and len(_seen(f)) == 1,
    "two": lambda f: sum(p.visible > 0.6 and math.hypot(p.x, p.y) < 4.5 for p in f.people) == 2 and len(_seen(f)) == 2,
}


def _other(frame: LabelledFrame) -> bool:
    """Return whether this shows nobody but the one who is not followed in "two"."""
    seen = _seen(frame)
    return (
        len(seen) == 1
        and seen[0].look == "fumiko"
        and seen[0].visible > 0.6
        and 1.3 < math.hypot(seen[0].x, seen[0].y) < 3.2
    )


def _beside(person: Pose2, step: int) -> Pose2:
    """Return a place near somebody from which they are in view, another one at every step."""
    bearing, distance = 0.9 * step, 0.8 + 0.3 * (step % 8)
    x, y = person.x + distance * math.cos(bearing), person.y + distance * math.sin(bearing)
    return Pose2(x, y, wrap_angle(math.atan2(person.y - y, person.x - x) + 0.2 * math.sin(step)))


def main() -> None:
    """Find every frame and write it."""
    _write(_search(WANTED, 0) | _search({"other": _other}, OTHER))


def _search(wanted: dict[str, Callable[[LabelledFrame], bool]], actor: int) -> dict[str, LabelledFrame]:
    """Walk through one episode, looking from around one of the people, until every frame is found."""
    stroll, rng = Stroll(WORLD, SEED), spawn(SEED, "make_perception_frames")
    found: dict[str, LabelledFrame] = {}
    for step in range(1200):
        stroll.advance()
        if step % 3:
            continue
        for pose in (stroll.pose, _beside(stroll.stage.actors[actor].walker.pose, step), stroll.random_pose(rng)):
            frame = stroll.frame(pose)
            near = frame.depth.data[frame.depth.data > 0]
            if near.size == 0 or np.percentile(near, 2) < CLOSEST_MM:
                continue  # the camera is inside or against a piece of furniture
            for name, fits in wanted.items():
                if name not in found and fits(frame):
                    found[name] = frame
        if len(found) == len(wanted):
            return found
    raise SystemExit(f"make_perception_frames: no frame for {sorted(set(wanted) - set(found))} in {WORLD}, seed {SEED}")


def _write(found: dict[str, LabelledFrame]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    truth = {}
    for name, frame in sorted(found.items()):
        best = [cv2.IMWRITE_PNG_COMPRESSION, 9]
        cv2.imwrite(str(OUT / f"{name}_colour.png"), cv2.cvtColor(frame.image.data, cv2.COLOR_RGB2BGR), best)
        cv2.imwrite(str(OUT / f"{name}_depth.png"), frame.depth.data, best)
        rows = [
            {"look": p.look, "x": round(p.x, 3), "y": round(p.y, 3), "facing": round(p.facing, 3)} for p in _seen(frame)
        ]
        truth[name] = rows
        print(name, rows)
    (OUT / "frames.json").write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
