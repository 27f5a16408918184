"""The walk a follower is tested on: drawn from a seed, but never easy. In its first minutes the person crosses rooms,
stops, turns back once toward whoever follows, and twice disappears behind a door or corner and waits there.

Each of these is a beat, a function that appends to the plan; what a beat promises is checked on the finished walk with
the plain followers of worlds/sight.py, and a walk that fails is drawn again.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.rng import spawn
from worlds.demands import HIDDEN_S, missing
from worlds.grid import CELL_M, Band
from worlds.hideouts import hideouts
from worlds.plan import STEP_S, PersonPlan, PlanBuilder
from worlds.routes import Polyline, RouteError, Routes, length, routes_from
from worlds.schema import Person, World
from worlds.scripts import clear_of_doors, wander_plan
from worlds.sight import BEHIND_M, losses
from worlds.steps import Point

FOLLOWABLE = Band(0.01, 1.8)  # free for the walker and for the wheels behind
FOLLOWER_RADIUS = 0.3
GOAL_CLEARANCE_M = 0.45
ROOM_FREE_M2 = 1.2  # smaller free floors (a toilet) are no place to lead a robot into
SLOWEST, FASTEST = 0.4, 0.9  # m/s
ATTEMPTS = 30
DEMANDED_S = 120.0
SHARP_RADIUS = 0.22  # of a person slipping round a corner
SHARP_COMFORT_M = 0.08
NEAR_FOLLOWABLE_M = 0.4  # how far off the follower's own floor a hiding spot may be
CLEAR_OF_FOLLOWER_M = 0.8  # between centres; nobody chooses a way through whoever stands behind them
_DASH_M = 3.0


def episode_script(world: World, person: Person, seed: int, duration_s: float = 120.0) -> PersonPlan:
    """What a person does in one episode of a follow bench.

    Args:
        world: the home; its first robot is the follower.
        person: the followed one gets the demanding walk, any other wanders.
        seed: of the episode.
        duration_s: how long it lasts. What is demanded happens in the first 120 s; a shorter episode is the beginning
            of that walk, a longer one goes on with more of the same.

    Raises:
        RouteError: the home has no walk that meets the demands.
    """
    if person.role != "followed":
        return wander_plan(world, person, seed, duration_s)
    for attempt in range(ATTEMPTS):
        rng = spawn(seed, f"follow/{world.name}/{person.name}/{attempt}")
        plan = _Walk(world, person, rng).draw(max(duration_s, DEMANDED_S))
        if not missing(world, plan, DEMANDED_S):
            return plan
    lack = missing(world, plan, DEMANDED_S)
    raise RouteError(f"no walk of {DEMANDED_S:g} s in '{world.name}' has for '{person.name}': {lack}")


class _Walk:
    """One attempt at a demanding walk."""

    def __init__(self, world: World, person: Person, rng: Generator) -> None:
        self.world, self.rng = world, rng
        self.robot = world.drivers[0].start if world.drivers else person.at
        toward = math.atan2(self.robot[1] - person.at[1], self.robot[0] - person.at[0])
        self.plan = PlanBuilder(person.name, person.at, toward if rng.random() < 0.5 else toward + math.pi)
        self.spots = self._spots()

    def draw(self, duration_s: float) -> PersonPlan:
        """All demanded beats in random order, then more of the same until the time is over; short when one fails."""
        beats = [self._hide, self._turn_back, self._hide]
        self.rng.shuffle(beats)  # type: ignore[arg-type]
        self.plan.wait(2.0)
        for beat in beats:
            self._go()
            if not beat():
                return self.plan.finish()
        while self.plan.seconds < duration_s + 10.0:
            self._go()
            if self.rng.random() < 0.3:
                self._hide()
        return self.plan.finish()

    def _routes(self) -> Routes:
        return routes_from(self.world, self.plan.at, FOLLOWER_RADIUS, FOLLOWABLE)

    def _spots(self) -> dict[str, NDArray[np.float64]]:
        """Per room the (N, 2) points one may be led to, those out of doorways if it has any."""
        routes = self._routes()
        rows, columns = np.nonzero(routes.reached())
        points = routes.grid.points(rows, columns)
        roomy = routes.grid.clearance_at(points) >= GOAL_CLEARANCE_M
        aside = roomy & clear_of_doors(self.world, points)
        spots = {}
        for room in self.world.rooms:
            low, high = np.array([room.x, room.y]), np.array([room.x + room.width, room.y + room.depth])
            inside = ((points > low) & (points < high)).all(axis=1)
            if inside.sum() * 0.05**2 >= ROOM_FREE_M2 and (inside & roomy).any():
                spots[room.name] = points[inside & (aside if (inside & aside).any() else roomy)]
        return spots

    def _draw_spot(self) -> Point:
        names = sorted(self.spots)
        points = self.spots[names[int(self.rng.integers(len(names)))]]
        x, y = points[int(self.rng.integers(len(points)))]
        return float(x), float(y)

    def _goals(self, count: int, shortest: float) -> list[Polyline]:
        """Up to `count` smooth ways to random spots at least `shortest` metres of walking away."""
        routes = self._routes()
        ways = []
        for _ in range(4 * count):
            spot = self._draw_spot()
            if length(routes.raw(spot)) >= shortest:
                ways.append(routes.to(spot))
            if len(ways) == count:
                break
        return ways

    def _go(self) -> None:
        """Cross to another place, away from the follower if there is a choice, and mostly stop there for a while."""
        ways = self._goals(6, 2.5)
        if not ways:
            self.plan.wait(2.0)
            return
        way = max(ways, key=self._room_beside_follower)
        self.plan.walk(way, self._speed())
        if self.rng.random() < 0.7:
            self.plan.wait(float(self.rng.uniform(2.0, 6.0)))

    def _turn_back(self) -> bool:
        """Set out, stop where there is room for two, turn and come back the same way; False if there is no way."""
        ways = self._goals(10, 3.0)
        if not ways:
            return False
        routes = self._routes()
        cuts = [w[: 1 + int(self.rng.integers(25, min(len(w), 50)))] for w in ways if len(w) > 26]
        way = max(cuts, key=lambda cut: float(routes.grid.clearance_at(cut[-20:]).min()), default=ways[0])
        self.plan.walk(way, self._speed())
        self.plan.wait(float(self.rng.uniform(2.0, 3.0)))
        back = way[::-1][: int(self.rng.integers(15, 26))]
        self.plan.turn_by(math.pi if self.rng.random() < 0.5 else -math.pi, note="turn back")
        self.plan.walk(back, self._speed(), note="turn back")
        self.plan.wait(float(self.rng.uniform(2.0, 4.0)))
        return True

    def _hide(self) -> bool:
        """Walk round a corner, sharply and at speed, and stand where a follower 1.5 m behind sees nothing; False if
        no such spot is found."""
        routes = routes_from(self.world, self.plan.at, SHARP_RADIUS, FOLLOWABLE, SHARP_COMFORT_M)
        scored = [(self._hidden(way), way) for way in hideouts(self.world, routes, self._allowed(routes), self.rng)]
        good = sorted((item for item in scored if item[0] > HIDDEN_S + 0.3), key=lambda item: -item[0])
        if not good:
            return False
        passing = [self._room_beside_follower(way) for _, way in good]
        good = [item for item, room in zip(good, passing, strict=True) if room == max(passing)]
        _, way = good[int(self.rng.integers(min(4, len(good))))]
        cut = max(1, len(way) - round(_DASH_M / 0.1))
        self.plan.walk(way[:cut], self._speed())
        self.plan.walk(way[cut - 1 :], FASTEST, note="hide")
        self.plan.wait(float(self.rng.uniform(3.6, 5.5)), note="hide")
        return True

    def _allowed(self, routes: Routes) -> NDArray[np.bool_]:
        """(H, W) cells of the rooms one may be led to, on or next to the follower's own floor."""
        mask = np.zeros(routes.cost.shape, dtype=bool)
        for name in self.spots:
            room = self.world.room(name)
            low, high = routes.grid.cell(room.x, room.y), routes.grid.cell(room.x + room.width, room.y + room.depth)
            mask[low[0] : high[0] + 1, low[1] : high[1] + 1] = True
        return mask & (_distance_to(self._routes().reached()) <= NEAR_FOLLOWABLE_M)

    def _hidden(self, way: Polyline) -> float:
        """Seconds a patient follower loses sight on this way and 3.6 s of standing, plus half of an eager one's."""
        track = _track(way, FASTEST, 3.6)
        start = self._follower()
        patient = max((loss.seconds for loss in losses(self.world, start, track)), default=0.0)
        if patient <= HIDDEN_S:
            return 0.0
        eager = max((loss.seconds for loss in losses(self.world, start, track, eager=True)), default=0.0)
        return patient + 2.0 * min(eager, HIDDEN_S)

    def _follower(self) -> Point:
        """Where a follower stands now: 1.5 m back on the person's trail, or still at its start."""
        trail = [self.robot, self.plan.start]
        trail += [point for segment in self.plan.segments for point in segment.path]
        left = BEHIND_M
        for here, before in zip(trail[::-1], trail[-2::-1], strict=False):
            step = math.dist(here, before)
            if step >= left:
                share = left / step
                return here[0] + share * (before[0] - here[0]), here[1] + share * (before[1] - here[1])
            left -= step
        return self.robot

    def _room_beside_follower(self, way: Polyline) -> float:
        """How far the beginning of a way keeps from the follower (m), as far as that matters."""
        return min(CLEAR_OF_FOLLOWER_M, _gap(way[:20], self._follower()))

    def _speed(self) -> float:
        return float(self.rng.uniform(SLOWEST, FASTEST))


def _distance_to(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(H, W) distance, m, from each cell to the nearest True one."""
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away * CELL_M, dtype=np.float32)


def _gap(way: Polyline, point: Point) -> float:
    """Distance from a point to the nearest vertex of a way, m."""
    return float(np.hypot(*(way - np.array(point)).T).min())


def _track(way: Polyline, speed: float, stand_s: float) -> NDArray[np.float64]:
    """(N, 2) position every 0.1 s along a way walked at `speed`, then standing."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    times = np.arange(0.0, along[-1] / speed + stand_s, STEP_S)
    return np.stack([np.interp(times * speed, along, way[:, i]) for i in (0, 1)], axis=1)
