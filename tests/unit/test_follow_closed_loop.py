"""The follower in a small kinematic home: a person on a path, a lock that sees what a camera would, a plain driver.

Nothing of the navigator or the simulator is used: the driver below goes down a flood of distances and brakes at walls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from policies.follow import Follower, FollowerConfig, ground_kernels
from policies.follow.ground import build_ground
from robot import topics
from robot.clock import Ticks
from robot.geometry import Pose2, wrap_angle
from robot.messages import FollowState, LocalMap, Lock, NavGoal, Odom
from robot.node import Envelope, Inbox, Message, Stamped
from robot.rng import spawn

CELL = 0.1
DT = 0.1
TICKS = Ticks(10)
WINDOW = 80  # cells, 8 m

OPEN = ["." * 40] * 30  # 0.25 m a letter: 10 x 7.5 m
TWO_ROOMS = [  # a door of 1 m in the wall between, in the upper half
    *["." * 20 + "#" + "." * 19] * 18,
    *["." * 40] * 4,
    *["." * 20 + "#" + "." * 19] * 8,
]
CORRIDOR = [*["#" * 40] * 13, *["." * 40] * 4, *["#" * 40] * 13]


@dataclass
class Walker:
    """Walks along points; stops at each for a while; waits when the robot stands before them."""

    points: list[tuple[float, float]]
    speed: float
    pause_s: float = 0.0
    x: float = 0.0
    y: float = 0.0
    yaw: float = 0.0
    v: float = 0.0
    waits_s: float = 0.0
    next: int = 1
    held_s: float = 0.0

    def __post_init__(self) -> None:
        self.x, self.y = self.points[0]

    def step(self, robot: Pose2) -> None:
        self.v = 0.0
        if self.waits_s > 0.0:
            self.waits_s -= DT
            return
        if self.next >= len(self.points):
            return
        tx, ty = self.points[self.next]
        self.yaw = math.atan2(ty - self.y, tx - self.x)
        ahead = Pose2(self.x, self.y, self.yaw)
        if ahead.distance_to(robot.x, robot.y) < 0.55 and abs(ahead.bearing_to(robot.x, robot.y)) < 1.0:
            self.held_s += DT
            return
        move = min(self.speed * DT, math.hypot(tx - self.x, ty - self.y))
        self.v = self.speed
        self.x += move * math.cos(self.yaw)
        self.y += move * math.sin(self.yaw)
        if math.hypot(tx - self.x, ty - self.y) < 1e-6:
            self.next += 1
            self.waits_s = self.pause_s


@dataclass
class Home:
    """A drawing made cells, of which the robot knows what it has seen."""

    rows: list[str]
    occupied: NDArray[np.bool_] = field(init=False)
    known: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        letters = np.array([[letter == "#" for letter in row] for row in self.rows])
        size = (round(letters.shape[0] * 2.5), round(letters.shape[1] * 2.5))
        index = np.ix_((np.arange(size[0]) / 2.5).astype(int), (np.arange(size[1]) / 2.5).astype(int))
        self.occupied = letters[index]
        self.occupied[[0, -1], :] = True
        self.occupied[:, [0, -1]] = True
        self.known = np.zeros_like(self.occupied)

    def sees(self, x: float, y: float, to_x: float, to_y: float) -> bool:
        start = np.array([[y / CELL, x / CELL]])
        return bool(ground_kernels.sight_lines(self.occupied, start, to_y / CELL, to_x / CELL, 0.0, 0.5)[0])

    def look(self, robot: Pose2) -> None:
        rows, columns = np.indices(self.occupied.shape)
        points = np.column_stack((rows.ravel() + 0.5, columns.ravel() + 0.5))
        seen = ground_kernels.sight_lines(self.occupied, points, robot.y / CELL, robot.x / CELL, 1.5, 0.0)
        self.known |= seen.reshape(self.occupied.shape)

    def local_map(self, robot: Pose2, now_ns: int) -> LocalMap:
        row0, column0 = round(robot.y / CELL) - WINDOW // 2, round(robot.x / CELL) - WINDOW // 2
        cells = np.full((WINDOW, WINDOW), 255, dtype=np.uint8)
        r, c = np.indices(cells.shape)
        r, c = r + row0, c + column0
        inside = (r >= 0) & (c >= 0) & (r < self.occupied.shape[0]) & (c < self.occupied.shape[1])
        r, c = np.clip(r, 0, self.occupied.shape[0] - 1), np.clip(c, 0, self.occupied.shape[1] - 1)
        inside &= self.known[r, c]
        cells[inside] = np.where(self.occupied[r, c], 100, 0)[inside]
        return LocalMap(stamp_ns=now_ns, origin_x=column0 * CELL, origin_y=row0 * CELL, resolution_m=CELL, cells=cells)


@dataclass
class Driver:
    """A plain stand-in for the navigator: down the flood from the goal, forward or back, within the rover's limits."""

    v: float = 0.0
    omega: float = 0.0

    def step(self, robot: Pose2, goal: NavGoal, local: LocalMap) -> Pose2:
        v, omega = self._wanted(robot, goal, local)
        self.v = min(max(v, self.v - 0.15), self.v + 0.1)
        self.omega = min(max(omega, self.omega - 0.4), self.omega + 0.4)
        yaw = wrap_angle(robot.yaw + self.omega * DT)
        x, y = robot.x + self.v * DT * math.cos(yaw), robot.y + self.v * DT * math.sin(yaw)
        column, row = int((x - local.origin_x) / CELL), int((y - local.origin_y) / CELL)
        if local.cells[row, column] == 100:
            self.v = 0.0
            return Pose2(robot.x, robot.y, yaw)
        return Pose2(x, y, yaw)

    def _wanted(self, robot: Pose2, goal: NavGoal, local: LocalMap) -> tuple[float, float]:
        away = robot.distance_to(goal.x, goal.y)
        if goal.mode == "stop" or away < goal.tolerance_m:
            bearing = robot.bearing_to(*goal.look_at) if goal.look_at else 0.0
            return 0.0, min(max(2.5 * bearing, -1.5), 1.5)
        x, y = self._carrot(robot, goal, local)
        bearing = robot.bearing_to(x, y)
        looks = robot.bearing_to(*goal.look_at) if goal.look_at else bearing
        speed = min(goal.max_speed, 1.3 * away + 0.9 * math.hypot(goal.vx, goal.vy))
        if abs(bearing) > 1.75 and abs(looks) < 1.2 and away < 1.5:
            back = wrap_angle(bearing + math.pi)
            return -min(0.3, speed) * max(0.0, math.cos(back)), min(max(2.0 * back, -1.5), 1.5)
        return speed * max(0.0, math.cos(bearing)) ** 2, min(max(2.5 * bearing, -2.0), 2.0)

    def _carrot(self, robot: Pose2, goal: NavGoal, local: LocalMap) -> tuple[float, float]:
        """0.5 m down the flood toward the goal."""
        ground = build_ground(local, Pose2(goal.x, goal.y, 0.0), [], 0.22, 0.0)
        row, column = (
            int((robot.y - local.origin_y) / CELL),
            int((robot.x - local.origin_x) / CELL),
        )
        if not math.isfinite(ground.travel[row, column]):  # too near to a wall: out of there first
            return ground.nearest_reachable(robot.x, robot.y) or (goal.x, goal.y)
        for _ in range(5):
            block = ground.travel[row - 1 : row + 2, column - 1 : column + 2]
            step = np.unravel_index(int(np.argmin(block)), block.shape)
            row, column = row + int(step[0]) - 1, column + int(step[1]) - 1
            if ground.travel[row, column] <= 0.1:
                return goal.x, goal.y
        return local.origin_x + (column + 0.5) * CELL, local.origin_y + (row + 0.5) * CELL


@dataclass
class Eyes:
    """A lock as good as the line of sight: in the camera's view, or tracked a moment ago and near."""

    seen_ns: int = -(10**18)
    x: float = 0.0
    y: float = 0.0
    vx: float = 0.0
    vy: float = 0.0

    def step(self, home: Home, robot: Pose2, walker: Walker, now_ns: int) -> Lock:
        away = robot.distance_to(walker.x, walker.y)
        unseen_s = (now_ns - self.seen_ns) * 1e-9
        reach = abs(robot.bearing_to(walker.x, walker.y)) < 0.6 and away < 5.0
        tracked = unseen_s < 0.5 and away < 3.0
        if (reach or tracked) and home.sees(robot.x, robot.y, walker.x, walker.y):
            self.seen_ns, self.x, self.y = now_ns, walker.x, walker.y
            self.vx += 0.4 * (walker.v * math.cos(walker.yaw) - self.vx)
            self.vy += 0.4 * (walker.v * math.sin(walker.yaw) - self.vy)
            return self._lock(now_ns, "locked")
        return self._lock(now_ns, "occluded" if unseen_s < 2.0 else "lost")

    def _lock(self, now_ns: int, state: str) -> Lock:
        return Lock(
            stamp_ns=now_ns,
            state=state,  # type: ignore[arg-type]
            id=1,
            x=self.x,
            y=self.y,
            vx=self.vx,
            vy=self.vy,
            std_m=0.05,
            seen_ns=self.seen_ns,
            confidence=1.0,
        )


@dataclass
class Episode:
    """What happened."""

    distance: list[float] = field(default_factory=list)
    facing: list[bool] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    locked: list[bool] = field(default_factory=list)
    visible: list[bool] = field(default_factory=list)
    robot: list[tuple[float, float, float]] = field(default_factory=list)
    person: list[tuple[float, float]] = field(default_factory=list)
    held_s: float = 0.0

    @property
    def follow_rate(self) -> float:
        """As Habitat 3.0 counts: 1 to 2 m and facing."""
        return float(np.mean([1.0 <= d <= 2.0 and f for d, f in zip(self.distance, self.facing, strict=True)]))

    def longest(self, flags: list[bool]) -> float:
        """Seconds of the longest run of True."""
        best = run = 0
        for flag in flags:
            run = run + 1 if flag else 0
            best = max(best, run)
        return best * DT


def follow(
    rows: list[str], walker: Walker, robot: Pose2, seconds: float, seed: int = 1, eyes: Eyes | None = None
) -> Episode:
    home, driver, eyes = Home(rows), Driver(), eyes or Eyes()
    node = Follower(FollowerConfig(), spawn(seed, "follower"))
    episode = Episode()
    for tick in range(round(seconds / DT)):
        now = TICKS.ns(tick)
        walker.step(robot)
        if tick % 4 == 0:
            home.look(robot)
        lock = eyes.step(home, robot, walker, now)
        local = home.local_map(robot, now)
        messages: dict[str, Message] = {
            "odom": Odom(stamp_ns=now, x=robot.x, y=robot.y, yaw=robot.yaw, v=driver.v, omega=driver.omega),
            "people/lock": lock,
            "map/local": local,
        }
        latest = {name: Stamped(Envelope(name, tick, now, "test"), message) for name, message in messages.items()}
        out = node.step(now, Inbox(now, latest, {name: (message,) for name, message in latest.items()}))
        goal = next(message for topic, message, _ in out.items if topic is topics.NAV_GOAL)
        state = next(message for topic, message, _ in out.items if topic is topics.FOLLOW_STATE)
        assert isinstance(goal, NavGoal)
        assert isinstance(state, FollowState)
        robot = driver.step(robot, goal, local)
        episode.distance.append(robot.distance_to(walker.x, walker.y))
        episode.facing.append(math.cos(robot.bearing_to(walker.x, walker.y)) > 0.5)
        episode.modes.append(state.mode)
        episode.locked.append(lock.state == "locked")
        episode.visible.append(home.sees(robot.x, robot.y, walker.x, walker.y))
        episode.robot.append((robot.x, robot.y, robot.yaw))
        episode.person.append((walker.x, walker.y))
    episode.held_s = walker.held_s
    return episode


@pytest.mark.parametrize("speed", [0.4, 0.9])
def test_keeps_one_to_two_metres_and_faces_in_the_open(speed: float) -> None:
    walker = Walker([(4, 4), (8, 4), (8, 6.5), (2, 6.5)], speed, pause_s=1.5)
    episode = follow(OPEN, walker, Pose2(2.5, 4.0, 0.0), 25.0)
    assert episode.follow_rate > 0.85
    assert min(episode.distance) > 0.5  # half the rover's diagonal and a person's radius
    assert all(episode.locked)


def test_goes_through_a_door_and_round_corners_without_losing_them() -> None:
    walker = Walker([(2.5, 2), (4.2, 5), (6.2, 5), (8, 2), (8, 6.5)], 0.7, pause_s=1.0)
    episode = follow(TWO_ROOMS, walker, Pose2(1.2, 2.0, 0.0), 26.0)
    assert episode.follow_rate > 0.9
    assert "searching" not in episode.modes
    assert math.dist(episode.person[-1], (8, 6.5)) < 0.01


def test_a_standing_person_is_faced_without_fidgeting() -> None:
    episode = follow(OPEN, Walker([(5, 4)], 0.5), Pose2(3.0, 3.0, 2.0), 12.0, eyes=Eyes(0, 5.0, 4.0))
    assert 1.1 < episode.distance[-1] < 1.75
    last = np.array(episode.robot[60:])
    assert np.ptp(last[:, :2], axis=0).max() < 0.02
    assert np.ptp(last[:, 2]) < 0.05


def test_makes_way_for_someone_who_walks_at_it() -> None:
    episode = follow(OPEN, Walker([(7, 4), (2, 4)], 0.6), Pose2(4.8, 4.0, 0.0), 14.0)
    assert "making_way" in episode.modes
    assert math.dist(episode.person[-1], (2, 4)) < 0.01  # they got where they wanted
    assert episode.held_s < 1.0
    assert min(episode.distance) > 0.45
    assert episode.modes[-1] == "following"
    assert 1.0 < episode.distance[-1] < 2.0


def test_backs_up_in_a_corridor_too_narrow_to_pass() -> None:
    episode = follow(CORRIDOR, Walker([(6.5, 3.75), (2, 3.75)], 0.4), Pose2(5.0, 3.75, 0.0), 14.0)
    assert episode.robot[-1][0] < 4.0
    assert np.mean(episode.facing) > 0.95
    assert min(episode.distance) > 0.45


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_finds_someone_lost_beyond_a_door(seed: int) -> None:
    eyes = Eyes(seen_ns=-2_000_000_000, x=4.8, y=5.0, vx=0.6, vy=0.0)
    episode = follow(TWO_ROOMS, Walker([(8, 2.5)], 0.5), Pose2(2.0, 2.0, 0.5), 30.0, seed, eyes)
    assert episode.modes[0] == "searching"
    assert episode.modes[-1] == "following"
    unseen = [v and not locked for v, locked in zip(episode.visible, episode.locked, strict=True)]
    assert episode.longest(unseen) <= 5.0
    assert 1.0 < episode.distance[-1] < 2.0


def test_the_same_seed_gives_the_same_search() -> None:
    def walked() -> list[tuple[float, float, float]]:
        eyes = Eyes(seen_ns=-2_000_000_000, x=4.8, y=5.0, vx=0.6, vy=0.0)
        return follow(TWO_ROOMS, Walker([(8, 2.5)], 0.5), Pose2(2.0, 2.0, 0.5), 5.0, 7, eyes).robot

    assert walked() == walked()
