"""The navigator drives a differential drive through small worlds: it arrives, touches nothing, and repeats itself.

The world is a set of solid boxes; the base has limits of acceleration; contact is checked on the true rectangle.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from robot.geometry import Pose2
from robot.navigation.control import Limits, State
from robot.navigation.costmap import Footprint, Mover
from robot.navigation.grid import Grid, RollingWindow
from robot.navigation.motion_kernels import advance
from robot.navigation.navigator import Decision, Goal, Navigator, PlannerConfig
from robot.rng import spawn
from robot.safety.config import SafetyConfig
from robot.safety.limits import Twist
from robot.safety.people import Near, limit_near_people

Box = tuple[float, float, float, float]  # x0, y0, x1, y1, m
FOOTPRINT = Footprint()
LIMITS = Limits()
PERIOD = 0.05


def room(x0: float, y0: float, x1: float, y1: float) -> list[Box]:
    """Return four walls, 0.1 m thick, around a rectangle."""
    t = 0.1
    return [(x0 - t, y0 - t, x1 + t, y0), (x0 - t, y1, x1 + t, y1 + t), (x0 - t, y0, x0, y1), (x1, y0, x1 + t, y1)]


def outline() -> NDArray[np.float64]:
    """Return points along the footprint's edge, 1 cm apart, in base_link."""
    x, y = FOOTPRINT.length / 2, FOOTPRINT.width / 2
    along_x, along_y = np.arange(-x, x, 0.01), np.arange(-y, y, 0.01)
    sides = [np.stack([along_x, np.full_like(along_x, s * y)], 1) for s in (-1, 1)]
    sides += [np.stack([np.full_like(along_y, s * x), along_y], 1) for s in (-1, 1)]
    return np.concatenate(sides)


OUTLINE = outline()


@dataclass
class World:
    """Boxes, and the true occupancy around a point."""

    boxes: list[Box]
    window: RollingWindow = field(default_factory=lambda: RollingWindow(8.0, 0.05))

    def occupancy(self, x: float, y: float) -> Grid:
        self.window.centre_on(x, y)
        frame = self.window.frame
        xs, ys = frame.centres()
        cells = np.zeros((frame.rows, frame.columns), np.uint8)
        half = frame.resolution_m / 2
        for x0, y0, x1, y1 in self.boxes:
            inside_x, inside_y = (xs > x0 - half) & (xs < x1 + half), (ys > y0 - half) & (ys < y1 + half)
            cells[np.ix_(inside_y, inside_x)] = 100
        return Grid(frame, cells)

    def touches(self, state: State) -> bool:
        c, s = math.cos(state.yaw), math.sin(state.yaw)
        points = OUTLINE @ np.array([[c, s], [-s, c]]) + np.array([state.x, state.y])
        return any(
            bool(((points[:, 0] > x0) & (points[:, 0] < x1) & (points[:, 1] > y0) & (points[:, 1] < y1)).any())
            for x0, y0, x1, y1 in self.boxes
        )


@dataclass
class Drive:
    """What happened on a drive."""

    states: list[State]
    decisions: list[Decision]
    contacts: int

    @property
    def end(self) -> State:
        return self.states[-1]


def drive(
    world: World,
    start: State,
    goal_at: Callable[[float], Goal],
    seconds: float,
    movers_at: Callable[[float], list[Mover]] = lambda t: [],
    controller: str = "mppi",
    stop_on_arrival: bool = True,
) -> Drive:
    """Drive for some seconds, or until arrived."""
    navigator = Navigator(PlannerConfig(), controller, FOOTPRINT, LIMITS, spawn(1, "navigator"))  # type: ignore[arg-type]
    state, result = start, Drive([start], [], 0)
    occupancy = world.occupancy(state.x, state.y)
    for step in range(round(seconds / PERIOD)):
        t = step * PERIOD
        if step % 2 == 0:
            occupancy = world.occupancy(state.x, state.y)
        decision = navigator.step(t, state, occupancy, goal_at(t), movers_at(t))
        state = State(*advance(state, decision.v, decision.omega, 1.0, LIMITS, PERIOD))
        result.states.append(state)
        result.decisions.append(decision)
        result.contacts += world.touches(state)
        if stop_on_arrival and decision.doing == "arrived":
            break
    return result


def clutter(seed: int, count: int) -> list[Box]:
    rng = np.random.default_rng(seed)
    boxes = room(-3.0, -3.0, 3.0, 3.0)
    while len(boxes) < 4 + count:
        x, y = rng.uniform(-2.5, 2.5, 2)
        w, h = rng.uniform(0.1, 0.5, 2)
        if min(math.hypot(x + 2.4, y + 2.4), math.hypot(x - 2.4, y - 2.4)) > 0.8:
            boxes.append((x, y, x + w, y + h))
    return boxes


@pytest.mark.parametrize("seed", range(4))
def test_reaches_the_far_corner_of_a_cluttered_room(seed: int) -> None:
    world = World(clutter(seed, 14))
    done = drive(world, State(-2.4, -2.4, 2.0, 0.0, 0.0), lambda t: Goal(2.4, 2.4), 40.0)
    assert done.decisions[-1].doing == "arrived"
    assert math.hypot(done.end.x - 2.4, done.end.y - 2.4) < 0.25
    assert done.contacts == 0


def test_leaves_a_u_trap_that_opens_away_from_the_goal() -> None:
    walls = [(1.0, -1.0, 1.1, 1.0), (-0.6, 0.9, 1.1, 1.0), (-0.6, -1.0, 1.1, -0.9)]
    world = World(room(-3.0, -3.0, 3.0, 3.0) + walls)
    done = drive(world, State(0.5, 0.0, 0.0, 0.0, 0.0), lambda t: Goal(2.3, 0.0), 40.0)
    assert done.decisions[-1].doing == "arrived"
    assert done.contacts == 0


def test_goes_through_a_door_of_60_cm() -> None:
    world = World([*room(-3.0, -2.0, 3.0, 2.0), (-0.05, -2.0, 0.05, 0.2), (-0.05, 0.8, 0.05, 2.0)])
    done = drive(world, State(-2.0, -1.0, 0.0, 0.0, 0.0), lambda t: Goal(2.0, -1.0, yaw=1.57), 30.0)
    assert done.decisions[-1].doing == "arrived"
    assert done.contacts == 0


def walker(t: float) -> tuple[float, float, float, float]:
    """Return x, y, vx, vy of somebody walking a large circle at 0.8 m/s."""
    radius, rate = 1.8, 0.8 / 1.8
    a = rate * t
    return radius * math.cos(a), radius * math.sin(a), -0.8 * math.sin(a), 0.8 * math.cos(a)


def follow_goal(t: float) -> Goal:
    x, y, vx, vy = walker(t)
    back = 1.2 / 0.8
    return Goal(x - back * vx, y - back * vy, tolerance_m=0.15, look_at=(x, y), separation_m=1.0, velocity=(vx, vy))


def test_follows_a_moving_goal_without_hesitation() -> None:
    world = World([*room(-3.0, -3.0, 3.0, 3.0), (-0.4, -0.4, 0.4, 0.4)])

    def movers(t: float) -> list[Mover]:
        return [Mover(*walker(t), 0.28)]

    done = drive(world, State(0.8, -2.2, 1.5, 0.0, 0.0), follow_goal, 20.0, movers_at=movers, stop_on_arrival=False)
    away = [math.hypot(s.x - walker(i * PERIOD)[0], s.y - walker(i * PERIOD)[1]) for i, s in enumerate(done.states)]
    settled = slice(round(6.0 / PERIOD), None)
    assert done.contacts == 0
    assert min(away) > 0.85
    assert max(away[settled]) < 2.0
    assert min(s.v for s in done.states[settled]) > 0.3


def test_makes_way_for_nobody_is_run_over() -> None:
    world = World(room(-3.0, -3.0, 3.0, 3.0))

    def movers(t: float) -> list[Mover]:
        return [Mover(0.0, -2.5 + 0.7 * t, 0.0, 0.7 if t < 7 else 0.0, 0.28)]

    done = drive(world, State(-2.2, 0.0, 0.0, 0.0, 0.0), lambda t: Goal(2.2, 0.0), 30.0, movers_at=movers)
    gaps = [math.hypot(s.x, s.y - movers(i * PERIOD)[0].y) for i, s in enumerate(done.states)]
    assert done.decisions[-1].doing == "arrived"
    assert min(gaps) > 0.28 + FOOTPRINT.circumscribed_m


@pytest.mark.parametrize("beside_m", [0.45, 0.0, -0.3])
def test_goes_around_one_who_stands_as_safety_would_let_it(beside_m: float) -> None:
    world = World(room(-3.0, -1.5, 3.0, 1.5))
    config = SafetyConfig()
    person = Mover(0.0, beside_m, 0.0, 0.0, 0.28)
    done = drive(world, State(-2.2, 0.0, 0.0, 0.0, 0.0), lambda t: Goal(2.2, 0.0), 20.0, movers_at=lambda t: [person])
    assert done.decisions[-1].doing == "arrived"
    for state in done.states:
        x, y = Pose2(state.x, state.y, state.yaw).inverse().apply(person.x, person.y)
        twist, _ = limit_near_people(Twist(state.v, state.omega), [Near(x, y, True)], config)
        assert twist.v > 0.75 * state.v - 0.02  # safety has next to nothing to take away


def test_a_goal_behind_a_wall_ends_blocked_and_not_in_a_loop() -> None:
    world = World([*room(-3.0, -2.0, 3.0, 2.0), (-0.05, -2.0, 0.05, 2.0)])
    done = drive(world, State(-2.0, 0.0, 0.0, 0.0, 0.0), lambda t: Goal(2.0, 0.0), 30.0)
    assert done.decisions[-1].doing == "blocked"
    assert done.decisions[-1].recoveries <= 6
    assert done.contacts == 0
    assert abs(done.end.v) < 0.01


def test_the_same_drive_twice_is_the_same_to_the_bit() -> None:
    world = World(clutter(1, 14))
    runs = [drive(world, State(-2.4, -2.4, 0.0, 0.0, 0.0), lambda t: Goal(2.4, 2.4), 5.0) for _ in range(2)]
    assert runs[0].states == runs[1].states


def test_stop_brings_the_base_to_rest_facing_the_person() -> None:
    world = World(room(-3.0, -3.0, 3.0, 3.0))
    done = drive(world, State(0.0, 0.0, 0.0, 0.8, 0.0), lambda t: Goal(0.0, 0.0, stop=True, look_at=(0.0, 2.0)), 5.0)
    assert abs(done.end.v) < 1e-6
    assert abs(math.atan2(2.0 - done.end.y, -done.end.x) - done.end.yaw) < 0.1


def test_dwa_reaches_a_goal_among_boxes() -> None:
    world = World([*room(-3.0, -3.0, 3.0, 3.0), (-0.5, -0.5, 0.5, 0.5)])
    done = drive(world, State(-2.0, 0.0, 0.0, 0.0, 0.0), lambda t: Goal(2.0, 0.3), 30.0, controller="dwa")
    assert done.decisions[-1].doing == "arrived"
    assert done.contacts == 0
