"""Scenes made to measure by: heads that sweep through all poses, and nods among motions that only look like nods."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from robot.rng import spawn
from sim.people.head_scripts import TWO_PI, HeadAngles, HeadScript, look_alike, random_nod, read, talk
from sim.tabletop.scenes import EYES_Z, Actor, Place, Scene

FACES = ("anna", "ben", "chidi", "dina", "emil", "fumiko", "george", "hana")
YAW, PITCH, ROLL = math.radians(35.0), math.radians(25.0), math.radians(20.0)  # how far heads sweep
NEAREST_M, FARTHEST_M = 0.5, 1.5  # between camera and eyes
CAMERA_X = 0.04  # m, of the bezel camera at rest, from the middle of the base
LEAD_S = 2.0  # before the first clip


@dataclass(frozen=True)
class Clip:
    """One motion of the head in a trial."""

    start_s: float
    script: HeadScript

    @property
    def end_s(self) -> float:
        """When the head is at rest again."""
        return self.start_s + self.script.seconds


def pose_trial(who: str, seed: int, seconds: float) -> Scene:
    """Return one person whose head never rests: three slow sweeps that never repeat, within the ranges above, while
    they move between the nearest and the farthest place."""
    rng = spawn(seed, f"pose {who}")
    hz, phase = rng.uniform(0.17, 0.41, 3), rng.uniform(0.0, TWO_PI, 3)

    def at(t: float) -> HeadAngles:
        yaw, pitch, roll = (
            limit * math.sin(TWO_PI * f * t + p) for limit, f, p in zip((YAW, PITCH, ROLL), hz, phase, strict=True)
        )
        return HeadAngles(yaw, pitch, roll)

    legs = max(1, round(seconds / 5.0))
    ends = [NEAREST_M, FARTHEST_M]
    ways = tuple((i * seconds / legs, _place(rng, ends[i % 2])) for i in range(legs + 1))
    return Scene((Actor("face", who, ways, ((0.0, HeadScript("sweep", seconds, at)),)),))


def nod_trial(seed: int, nods: int, others: int) -> tuple[Scene, tuple[Clip, ...]]:
    """Return somebody who nods so often, among so many motions that are no nods, in random order; and the clips."""
    rng = spawn(seed, "nods")
    order = rng.permutation(np.repeat((True, False), (nods, others)))
    return _act(rng, seed, [random_nod(rng) if is_nod else look_alike(rng) for is_nod in order])


def talk_trial(seed: int, seconds: float) -> tuple[Scene, tuple[Clip, ...]]:
    """Return somebody who talks and reads in turn, half a minute each."""
    rng = spawn(seed, "talking and reading")
    makers = [(talk, read)[i % 2] for i in range(max(1, round(seconds / 30.0)))]
    return _act(rng, seed, [make(rng, min(30.0, seconds)) for make in makers])


def group_trial(count: int, seed: int, seconds: float) -> Scene:
    """Return so many people side by side, all in view and none before another, who talk and nod."""
    rng, actors = spawn(seed, "group"), []
    for i in range(count):
        side = 0.0 if count == 1 else 0.42 * (2.0 * i / (count - 1) - 1.0)
        away = 0.7 if count == 1 else 1.1 + 0.1 * (i % 2)
        place = (CAMERA_X + away, side, EYES_Z + float(rng.uniform(-0.03, 0.03)))
        acts = ((0.2 * i, talk(rng, seconds)),)
        actors.append(Actor(f"person {i}", FACES[(seed + i) % len(FACES)], ((0.0, place),), acts))
    return Scene(tuple(actors))


def _act(rng: Generator, seed: int, scripts: list[HeadScript]) -> tuple[Scene, tuple[Clip, ...]]:
    clips, t = [], LEAD_S
    for script in scripts:
        clips.append(Clip(t, script))
        t += script.seconds + float(rng.uniform(1.4, 2.2))
    ways = ((0.0, _place(rng, float(rng.uniform(0.6, 1.2)))),)
    acts = tuple((clip.start_s, clip.script) for clip in clips)
    return Scene((Actor("caller", FACES[seed % len(FACES)], ways, acts),)), tuple(clips)


def _place(rng: Generator, away: float) -> Place:
    """Return a place so far from the camera, near the middle of the picture."""
    side, up = (away * float(rng.uniform(-limit, limit)) for limit in (0.12, 0.06))
    return CAMERA_X + away, side, EYES_Z + up
