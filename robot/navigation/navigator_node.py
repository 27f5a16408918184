"""The navigator as a node: goal, map, people and odometry in, the wanted twist out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.bounds import AtLeastZero, Whole
from robot.clock import NS_PER_S
from robot.messages import CmdVel, Costs, NavGoal, NavState, Path, Rollouts, Track
from robot.navigation.control import Limits, State
from robot.navigation.costmap import Footprint, Mover
from robot.navigation.grid import Grid
from robot.navigation.navigator import Goal, Navigator, PlannerConfig
from robot.node import Inbox, Node, Outbox

PATH_EVERY = 4  # steps of the navigator between two paths
COST_STEPS = 8.0  # of a cell of Costs, for each time that a metre counts as one more


@dataclass(frozen=True)
class NavigatorNodeConfig:
    """Body and planner; `controller` is "mppi" or, as a baseline, "dwa"."""

    body: RoverBody = field(default_factory=RoverBody)
    controller: Literal["mppi", "dwa"] = "mppi"
    planner: PlannerConfig = field(default_factory=PlannerConfig)
    back_speed: float | None = None  # m/s, the fastest backwards; none: as fast as the body can
    goal_age_s: AtLeastZero = 1.0  # an older goal is no goal
    map_age_s: AtLeastZero = 0.5
    person_seen_s: AtLeastZero = 0.5  # tracks not seen for longer are memories: they would shut doors nobody stands in
    person_radius_m: AtLeastZero = 0.28
    person_speed: AtLeastZero = 1.5  # m/s; faster tracks are errors
    shows: Whole = 0  # rollouts to publish for eyes with each path, and the costs with every other; 0: neither


class NavigatorNode(Node):
    """Drive to the goal around what stands and walks in the way."""

    inputs = (topics.ODOM, topics.LOCAL_MAP, topics.NAV_GOAL, topics.PEOPLE)
    outputs = (topics.CMD_VEL_WANTED, topics.NAV_PATH, topics.NAV_STATE, topics.NAV_ROLLOUTS, topics.NAV_COSTS)
    rate_hz = 20

    def __init__(self, config: NavigatorNodeConfig, rng: Generator) -> None:
        body, drive = config.body, config.body.drive
        self._config = config
        limits = Limits(
            v_min=drive.v_min if config.back_speed is None else max(drive.v_min, -config.back_speed),
            v_max=drive.v_max,
            omega_max=drive.omega_max,
            acceleration=drive.acceleration,
            braking=drive.braking,
            angular_acceleration=drive.angular_acceleration,
        )
        footprint = Footprint(body.length, body.width, config.planner.circles_per_side)
        self._navigator = Navigator(config.planner, config.controller, footprint, limits, rng)
        self._stands_since: dict[int, int] = {}  # ns, by track
        self._steps = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the wanted twist and the account of it; the twist is zero without fresh odometry, map and goal."""
        odom = inbox.latest(topics.ODOM)
        if odom is None:
            return Outbox()
        state = State(odom.x, odom.y, odom.yaw, odom.v, odom.omega)
        decision = self._navigator.step(
            now_ns / NS_PER_S, state, self._map(inbox), self._goal(inbox), self._movers(now_ns, inbox), odom.slip
        )
        out = Outbox().put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=now_ns, v=decision.v, omega=decision.omega))
        account = NavState(
            stamp_ns=now_ns, state=decision.doing, distance_m=decision.distance_m, recoveries=decision.recoveries
        )
        out.put(topics.NAV_STATE, account)
        if self._steps % PATH_EVERY == 0:
            out.put(topics.NAV_PATH, Path(stamp_ns=now_ns, points=decision.path))
            if self._config.shows:
                self._show(now_ns, out)
        self._steps += 1
        return out

    def _show(self, now_ns: int, out: Outbox) -> None:
        """Say what was considered; nothing that is decided depends on it."""
        ways = self._navigator.rollouts(self._config.shows)
        chosen = ways[0] if len(ways) else np.zeros((0, 2), np.float32)
        out.put(topics.NAV_ROLLOUTS, Rollouts(stamp_ns=now_ns, chosen=chosen, tried=ways[1:]))
        costmap = self._navigator.costmap
        if costmap is not None and self._steps % (2 * PATH_EVERY) == 0:
            cells = np.clip(COST_STEPS * (costmap.cost - 1.0), 0.0, 254.0)  # inf too
            cells[np.isinf(costmap.cost)] = 255.0
            frame = costmap.frame
            out.put(
                topics.NAV_COSTS,
                Costs(
                    stamp_ns=now_ns,
                    origin_x=frame.origin_x,
                    origin_y=frame.origin_y,
                    resolution_m=frame.resolution_m,
                    cells=cells.astype(np.uint8),
                ),
            )

    def _map(self, inbox: Inbox) -> Grid | None:
        local = inbox.latest(topics.LOCAL_MAP)
        if local is None or inbox.age_s(topics.LOCAL_MAP) > self._config.map_age_s or inbox.stale(topics.ODOM):
            return None
        return Grid.of((local.origin_x, local.origin_y), local.resolution_m, local.cells)

    def _goal(self, inbox: Inbox) -> Goal | None:
        goal = inbox.latest(topics.NAV_GOAL)
        if goal is None or inbox.age_s(topics.NAV_GOAL) > self._config.goal_age_s:
            return None
        return goal_values(goal)

    def _movers(self, now_ns: int, inbox: Inbox) -> list[Mover]:
        people = inbox.latest(topics.PEOPLE)
        if people is None:
            return []
        horizon_ns = self._config.person_seen_s * NS_PER_S
        tracks = [track for track in people.tracks if now_ns - track.seen_ns <= horizon_ns]
        stands = {t.id for t in tracks if math.hypot(t.vx, t.vy) < self._config.planner.near_people.stands_speed}
        self._stands_since = {number: self._stands_since.get(number, now_ns) for number in sorted(stands)}
        return [self._mover(track, now_ns) for track in tracks]

    def _mover(self, track: Track, now_ns: int) -> Mover:
        speed = float(np.hypot(track.vx, track.vy))
        share = min(1.0, self._config.person_speed / speed) if speed > 0.0 else 0.0
        stood_s = (now_ns - self._stands_since.get(track.id, now_ns)) / NS_PER_S
        return Mover(track.x, track.y, share * track.vx, share * track.vy, self._config.person_radius_m, stood_s)


def goal_values(goal: NavGoal) -> Goal:
    """Return the message as the navigator takes it."""
    return Goal(
        x=goal.x,
        y=goal.y,
        yaw=goal.yaw,
        tolerance_m=goal.tolerance_m,
        max_speed=goal.max_speed,
        look_at=goal.look_at,
        separation_m=goal.separation_m,
        velocity=(goal.vx, goal.vy),
        stop=goal.mode == "stop",
    )
