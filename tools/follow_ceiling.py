"""How well could anybody have followed? `python -m tools.follow_ceiling [--worlds studio,loft] [--seeds 2] [...]`

Runs episodes of follow_me and then, for everybody's true ways in each, finds the best follow rate that a rover could
have had who knew all of them beforehand: backward induction (Bellman, 1957) over place, heading and time. It turns and
drives as fast as the rover (backward too), fits where the rover's corners fit, and keeps off people; it needs no time
to speed up, and people walk as they did. So what it prints is what the home and the people allow, not what a robot can
know.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from launch.execute import prepare
from launch.profiles import RunSpec
from launch.scoring.follow import FACING_DOT, FOLLOW_BAND_M, FollowScorer
from robot import topics
from robot.messages import WorldTruth
from robot.runtime.commit import Commit
from robot.runtime.lockstep import Lockstep
from sim.people_stage import ROVER_RADIUS
from worlds.catalog import list_worlds, load_world
from worlds.errors import WorldError
from worlds.grid import CELL_M, ROVER, grid_of

EVERY = 2  # cells of the world's grid to one of ours
HEADINGS = 16
STEP_S = 0.2
SPEEDS = (0.0, 1.0, 2.0, -1.0, -2.0)  # our cells in a step: at most 1 m/s
AIR_M = 0.5  # between the rover's middle and anybody's
CROWDED = np.float32(-300.0)  # worth of a step nearer than that: no following makes up for it
NEVER = np.float32(-1e6)
MOVE = np.float32(0.001)  # what moving costs, so that it does not dance


@dataclass
class Ways:
    """Observer that keeps where everybody was, every STEP_S.

    Attributes:
        start: x, y (m) and yaw (rad) of the rover at first.
        people: for each sample, (x, y) of everybody, the followed person first.
    """

    start: tuple[float, float, float] | None = None
    people: list[list[tuple[float, float]]] = field(default_factory=list)
    _next_ns: int = 0

    def on_commit(self, commit: Commit) -> None:
        """Take note of the truth."""
        if commit.envelope.topic != topics.TRUTH.name or commit.envelope.t_ns < self._next_ns:
            return
        truth = commit.message
        assert isinstance(truth, WorldTruth)
        self._next_ns += round(STEP_S * 1e9)
        self.start = self.start or (truth.x, truth.y, truth.yaw)
        self.people.append([(person.x, person.y) for person in truth.people])


def ceiling(
    free: NDArray[np.bool_], corner: tuple[float, float], start: tuple[float, float, float], people: NDArray[np.float64]
) -> float:
    """Return the largest share of the time in which a rover could have followed, 0 to 1.

    Args:
        free: (H, W) where the rover's middle may be, cells of EVERY * CELL_M from `corner` (m, the first one's middle).
        start: x, y (m), yaw (rad).
        people: (T, N, 2) where everybody is every STEP_S, m; the followed person first.
    """
    cell = EVERY * CELL_M
    cells = (people - np.array(corner)) / cell
    row, column = np.nonzero(free)
    nearest = int(np.argmin((column - (start[0] - corner[0]) / cell) ** 2 + (row - (start[1] - corner[1]) / cell) ** 2))
    heading = round(start[2] / (2.0 * math.pi) * HEADINGS) % HEADINGS
    moves = [
        [(round(s * math.sin(a)), round(s * math.cos(a)), turn) for s in SPEEDS for turn in (0, 1, -1)]
        for a in 2.0 * math.pi / HEADINGS * np.arange(HEADINGS)
    ]
    first = (int(row[nearest]), int(column[nearest]), heading)
    return int(_followed(free, cells, np.array(moves), first, cell)) / len(people)


@njit(cache=True)
def _followed(
    free: NDArray[np.bool_],
    people: NDArray[np.float64],
    moves: NDArray[np.int64],
    first: tuple[int, int, int],
    cell: float,
) -> int:
    """Return in how many steps the best way from `first` (row, column, heading) follows."""
    rows, columns = free.shape
    times, headings, actions = people.shape[0], moves.shape[0], moves.shape[1]
    later = np.full((rows, columns, headings), NEVER, np.float32)
    value = later.copy()
    choice = np.zeros((times, rows, columns, headings), np.uint8)
    for t in range(times - 1, -1, -1):
        for r in range(rows):
            for c in range(columns):
                if not free[r, c]:
                    continue
                crowd = np.float32(0.0)
                for k in range(people.shape[1]):
                    if math.hypot(people[t, k, 0] - c, people[t, k, 1] - r) * cell < AIR_M:
                        crowd += CROWDED
                for h in range(headings):
                    best, chosen = np.float32(0.0), 0
                    if t < times - 1:
                        best = NEVER
                        for a in range(actions):
                            r2, c2 = r + moves[h, a, 0], c + moves[h, a, 1]
                            if r2 < 0 or c2 < 0 or r2 >= rows or c2 >= columns or not free[r2, c2]:
                                continue
                            if not free[(r + r2) // 2, (c + c2) // 2]:
                                continue
                            worth = later[r2, c2, (h + moves[h, a, 2]) % headings] - (
                                MOVE if a > 0 else np.float32(0.0)
                            )
                            if worth > best:
                                best, chosen = worth, a
                    follows = np.float32(1.0) if _follows(r, c, h, people[t, 0], cell, headings) else np.float32(0.0)
                    value[r, c, h], choice[t, r, c, h] = best + crowd + follows, chosen
        later, value = value, later
    r, c, h = first
    count = 0
    for t in range(times):
        count += _follows(r, c, h, people[t, 0], cell, headings)
        a = choice[t, r, c, h]
        r, c, h = r + moves[h, a, 0], c + moves[h, a, 1], (h + moves[h, a, 2]) % headings
    return count


@njit(cache=True)
def _follows(r: int, c: int, h: int, person: NDArray[np.float64], cell: float, headings: int) -> bool:
    """Return whether this is following, as `launch.scoring.follow` has it."""
    x, y = person[0] - c, person[1] - r
    away = math.hypot(x, y)
    turn = 2.0 * math.pi * h / headings
    faces = x * math.cos(turn) + y * math.sin(turn) > FACING_DOT * away
    return faces and FOLLOW_BAND_M[0] <= away * cell <= FOLLOW_BAND_M[1]


def episode(spec: RunSpec) -> tuple[float, float]:
    """Return the follow rate of an episode and the best one possible."""
    scorer, ways = FollowScorer(), Ways()
    graph = prepare(spec)
    runner = Lockstep(graph, spec.seed, [scorer, ways])
    try:
        runner.advance(graph.ticks.count(spec.duration_s))
    finally:
        runner.close()
    assert ways.start is not None
    grid = grid_of(load_world(spec.world), ROVER)
    free = grid.clearance[::EVERY, ::EVERY] >= ROVER_RADIUS
    best = ceiling(free, (grid.west, grid.south), ways.start, np.array(ways.people))
    return float(scorer.metrics()["follow_rate"]), best


def main() -> None:
    """Print both rates of each episode, and their means."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", default=",".join(list_worlds()), help="names, with commas between")
    parser.add_argument("--seeds", type=int, default=1, help="episodes per home")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--duration", type=float, default=120.0, help="simulated seconds of each")
    parser.add_argument("--perception", choices=("pixels", "emulated"), default="emulated")
    given = parser.parse_args()
    worlds = given.worlds.split(",")
    for world in worlds:
        try:
            load_world(world)
        except WorldError as error:
            parser.error(str(error))
    if given.seeds < 1 or given.first_seed < 0:
        parser.error(f"--seeds {given.seeds} --first-seed {given.first_seed}: must be at least 1 and 0")
    if not 1.0 <= given.duration <= 3600.0:
        parser.error(f"--duration {given.duration:g}: must be 1 to 3600")
    rates = []
    print("world          seed  follow_rate  best possible")
    for world in worlds:
        for seed in range(given.first_seed, given.first_seed + given.seeds):
            rates.append(episode(RunSpec("follow_me", world, seed, given.duration, given.perception)))
            print(f"{world:<14} {seed:>4}  {rates[-1][0]:>11.3f}  {rates[-1][1]:>13.3f}", flush=True)
    print(f"{'mean':<19}  {np.mean(rates, axis=0)[0]:>11.3f}  {np.mean(rates, axis=0)[1]:>13.3f}")


if __name__ == "__main__":
    main()
