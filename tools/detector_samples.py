"""What the real detector says of rendered frames, beside what is true: the raw material of the measured error model.

A camera goes through the homes that ship, most of the time behind the followed person as a good follower would, at
times at a random place or close beside somebody. Each sighting is given to the true person nearest to it, one to one;
what belongs to nobody is a ghost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.messages import Sighting
from robot.perception.detector import DetectorConfig, FrameDetector
from robot.rng import spawn
from sim.emulated import SightingEmulator
from sim.emulated_model import DetectorModel
from sim.look import view_of
from tools.labelled_frames import FRAME_HZ, PersonTruth, Stroll

MEANT_M = 0.7  # a sighting further from everybody is a ghost
LEAST_BOX_PX = 6.0
BEHIND_M = (1.2, 1.9, 1.5)  # by episode
ROUND = 40  # frames: 20 behind the person, 10 from a random place, 10 from beside somebody
FOLLOWS, BESIDE = 20, 30
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One true person in one frame; what concerns the sighting is nan (or None) where they were not found."""

    run: int  # samples of one run and person with consecutive frames follow each other by 0.1 s
    frame: int
    person: str
    look: str
    view: str
    follows: bool
    distance: float  # m
    bearing: float  # rad
    fraction: float  # of the limbs in sight
    bare: float  # of the limbs inside the frame, those that nothing hides
    found: bool
    along: float = math.nan  # m
    across: float = math.nan
    std_m: float = math.nan
    height: float = math.nan  # error, m; nan where height is not told
    facing: float | None = None  # error, rad
    box: tuple[float, ...] = ()  # errors of x, y, width and height, relative to the height
    score: float = math.nan
    appearance: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(frozen=True)
class Ghost:
    """A sighting of nobody."""

    run: int
    frame: int
    where: str  # home
    x: float  # map, m
    y: float
    distance: float
    bearing: float
    score: float
    appearance: NDArray[np.float32]


@dataclass
class Samples:
    """Everything seen."""

    people: list[Sample] = field(default_factory=list)
    ghosts: list[Ghost] = field(default_factory=list)  # only of frames from behind the person
    frames: int = 0
    following: int = 0  # frames from behind the person


class Real:
    """The detector itself, on rendered frames."""

    def __init__(self) -> None:
        self._detector = FrameDetector(DetectorConfig(), RoverBody().camera)

    def find(self, stroll: Stroll, pose: Pose2) -> list[Sighting]:
        """Return the sightings of a frame taken at `pose`."""
        frame = stroll.frame(pose)
        return self._detector.find(frame.depth, frame.image) or []

    def close(self) -> None:
        """Free the networks."""
        self._detector.close()


class Emulated:
    """What the simulator makes up in the detector's place."""

    def __init__(self, stroll: Stroll, model: DetectorModel, seed: int) -> None:
        self._emulator = SightingEmulator(stroll.scene, stroll.stage, RoverBody(), model, seed)

    def find(self, stroll: Stroll, pose: Pose2) -> list[Sighting]:
        """As Real, without rendering."""
        return list(self._emulator.sample(stroll.t_ns, stroll.state(pose)).people)

    def close(self) -> None:
        """Nothing to free."""


def collect(
    world: str, seed: int, number: int, seconds: float, into: Samples, emulate: DetectorModel | None = None
) -> None:
    """Add one episode.

    Args:
        number: counts episodes, and varies distance and clothes.
        emulate: sample the emulated level with this model instead of the real detector.
    """
    stroll = Stroll(world, seed, BEHIND_M[number % len(BEHIND_M)], dressed=3 * number)
    detector = Real() if emulate is None else Emulated(stroll, emulate, seed)
    rng, held = spawn(seed, f"measure_detector/{world}"), Pose2()
    for frame in range(round(seconds * FRAME_HZ)):
        stroll.advance()
        part = frame % ROUND
        if part == FOLLOWS:
            held = stroll.random_pose(rng)
        elif part == BESIDE:
            held = stroll.beside_pose(rng)
        follows = part < FOLLOWS
        pose = stroll.pose if follows else held
        run = 1000 * number + 3 * (frame // ROUND) + (0 if follows else 1 + (part >= BESIDE))
        _compare((world, run, frame, follows), pose, stroll.truth(pose), detector.find(stroll, pose), into)
    detector.close()
    stroll.close()


def _compare(
    at: tuple[str, int, int, bool], pose: Pose2, people: tuple[PersonTruth, ...], said: list[Sighting], into: Samples
) -> None:
    """Give sightings to people and note both; `at` is home, run, frame and whether it was taken from behind."""
    world, run, frame, follows = at
    pairs = _pairs(people, said)
    into.frames += 1
    into.following += follows
    for i, person in enumerate(people):
        if i in pairs or (person.visible > 0.0 and min(person.seen.box[2:]) >= LEAST_BOX_PX):
            into.people.append(_sample(run, frame, follows, person, said[pairs[i]] if i in pairs else None))
    for j, ghost in enumerate(said):
        if follows and j not in pairs.values():
            x, y = pose.apply(ghost.x, ghost.y)
            distance, bearing = math.hypot(ghost.x, ghost.y), math.atan2(ghost.y, ghost.x)
            into.ghosts.append(Ghost(run, frame, world, x, y, distance, bearing, ghost.score, ghost.appearance))


def _pairs(people: tuple[PersonTruth, ...], said: list[Sighting]) -> dict[int, int]:
    """Return sighting by person, by index of each."""
    if not people or not said:
        return {}
    apart = np.array([[math.hypot(s.x - p.x, s.y - p.y) for s in said] for p in people])
    rows, columns = linear_sum_assignment(np.minimum(apart, 2.0 * MEANT_M))
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if apart[r, c] < MEANT_M}


def _sample(run: int, frame: int, follows: bool, person: PersonTruth, said: Sighting | None) -> Sample:
    distance, bearing = math.hypot(person.x, person.y), math.atan2(person.y, person.x)
    missed = Sample(
        run=run, frame=frame, person=person.name, look=person.look, follows=follows, distance=distance,
        view=view_of(wrap_angle(person.facing - bearing - math.pi)), bearing=bearing, fraction=person.visible,
        bare=person.seen.bare, found=False,
    )  # fmt: skip
    if said is None:
        return missed
    c, s = math.cos(bearing), math.sin(bearing)
    dx, dy = said.x - person.x, said.y - person.y
    box = tuple((a - b) / max(person.seen.box[3], 1.0) for a, b in zip(said.bbox, person.seen.box, strict=True))
    return replace(
        missed,
        found=True,
        along=dx * c + dy * s,
        across=-dx * s + dy * c,
        std_m=said.std_m,
        height=said.height_m - person.height_m if said.height_m > 0.0 else math.nan,
        facing=None if said.facing is None else wrap_angle(said.facing - person.facing),
        box=box,
        score=said.score,
        appearance=said.appearance,
    )
