"""The navigator on plain values: map and goal in, twist out. It plans at a steady beat, steers every step, recovers.

The one idea: a goal may move at any time, so nothing restarts when it does; the plan's field is rebuilt at its own
beat, and the controller keeps its sequence from step to step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bounds import AtLeastOne, AtLeastZero, Count, Positive, Share
from robot.geometry import Pose2, wrap_angle
from robot.navigation.closing import Closing
from robot.navigation.control import Controller, Limits, Scene, State, margin_ahead
from robot.navigation.costmap import Costmap, CostmapBuilder, CostmapConfig, Footprint, Mover
from robot.navigation.dwa import Dwa, DwaConfig
from robot.navigation.grid import Grid
from robot.navigation.mapping import FREE
from robot.navigation.memory import Memory
from robot.navigation.mppi import Mppi, MppiConfig
from robot.navigation.recovery import Recovery, RecoveryConfig
from robot.navigation.search import Beyond, Plan, plan
from robot.navigation.way_out import way_out
from robot.near_people import NearPeople

HARDLY_M, USED_UP_M = 0.01, 0.02  # of the margin
Doing = Literal["idle", "driving", "arrived", "blocked", "recovering"]


@dataclass(frozen=True)
class Goal:
    """Where to drive, in odom (m, rad, m/s). See the message NavGoal."""

    x: float
    y: float
    yaw: float | None = None
    tolerance_m: float = 0.2
    max_speed: float = 1.0
    look_at: tuple[float, float] | None = None
    separation_m: float = 0.0
    velocity: tuple[float, float] = (0.0, 0.0)
    stop: bool = False


@dataclass(frozen=True)
class PlannerConfig:
    """Seconds, metres, radians."""

    plan_period_s: Positive = 0.1
    goal_lead_s: AtLeastZero = 0.5  # a moving goal is met where it will be
    still_goal: AtLeastZero = 0.15  # m/s; slower goals can be arrived at
    arriving_v: AtLeastZero = 0.2  # m/s; a faster robot has not arrived
    leave_m: AtLeastZero = 0.15  # beyond the tolerance before an arrived robot sets off again
    near_end_m: AtLeastZero = 0.2  # of a path that cannot reach the goal
    turn_gain: AtLeastZero = 3.0
    turn_dead: AtLeastZero = 0.06
    recovery_speed: AtLeastZero = 0.15
    mover_near_m: AtLeastZero = 1.2
    circles_per_side: Count = 4  # that stand for the footprint
    insists: bool = False  # where there is no way, get unstuck and look again; else wait as near as can be
    closing_s: AtLeastZero = 2.0  # a way that was seen free and closed is shut after this long,
    closing_cost: AtLeastOne = 6.0  # and till then counts so many times its length
    memory_m: AtLeastZero = 0.0  # edge of what is remembered beyond the window; 0: nothing is
    memory_period_s: Positive = 0.5
    slip_share: Share = 0.2  # of the wheels' way that scans do not confirm: from here on the floor counts as slippery,
    slip_speed: AtLeastZero = math.inf  # m/s, where no more than this is driven
    slip_hold_s: AtLeastZero = 3.0  # at an even speed nothing slips: only speeding up again tells
    believed_v: AtLeastZero = 0.2  # m/s that the measured speed may differ from the command
    believed_omega: AtLeastZero = 0.6  # rad/s
    mppi: MppiConfig = field(default_factory=MppiConfig)
    dwa: DwaConfig = field(default_factory=DwaConfig)
    near_people: NearPeople = field(default_factory=NearPeople)  # what safety will hold the base to
    costmap: CostmapConfig = field(default_factory=CostmapConfig)
    recovery: RecoveryConfig = field(default_factory=RecoveryConfig)


@dataclass(frozen=True)
class Decision:
    """What the navigator does now."""

    v: float = 0.0
    omega: float = 0.0
    doing: Doing = "idle"
    distance_m: float = math.inf
    path: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    recoveries: int = 0


class Navigator:
    """Drives one body to goals that may move."""

    def __init__(
        self,
        config: PlannerConfig,
        controller: Literal["mppi", "dwa"],
        footprint: Footprint,
        limits: Limits,
        rng: Generator,
    ) -> None:
        self.config = config
        self._limits = Limits(*map(float, limits))
        self._circles = footprint.circles()
        self._builder = CostmapBuilder(footprint, config.costmap, config.near_people)
        self._controller: Controller = (
            Dwa(config.dwa, limits, footprint)
            if controller == "dwa"
            else Mppi(config.mppi, limits, footprint, config.near_people, rng)
        )
        self._recovery = Recovery(config.recovery)
        self._closing = Closing(config.closing_s, config.closing_cost)
        self._memory: Memory | None = None
        self._slipped_s = -math.inf
        self._remembered_s = -math.inf
        self._costmap: Costmap | None = None
        self._plan: Plan | None = None
        self._planned_s = -math.inf
        self._arrived = False
        self._refused = False
        self._commanded = (0.0, 0.0)

    def step(
        self,
        now_s: float,
        state: State,
        occupancy: Grid | None,
        goal: Goal | None,
        movers: list[Mover],
        slip: float = 0.0,
    ) -> Decision:
        """Return the twist for the next period, and what it is part of. `slip` is odometry's."""
        if slip > self.config.slip_share:
            self._slipped_s = now_s
        if goal is not None and now_s - self._slipped_s < self.config.slip_hold_s:
            goal = replace(goal, max_speed=min(goal.max_speed, self.config.slip_speed))
        decision = self._decide(now_s, self._believed(state), occupancy, goal, movers)
        self._commanded = decision.v, decision.omega
        return decision

    def rollouts(self, count: int) -> NDArray[np.float32]:
        """Return (1 + count, T, 2), odom m: the way chosen and some of those tried; (0, 0, 2) while not driving."""
        return self._controller.rollouts(count)

    @property
    def costmap(self) -> Costmap | None:
        """What the way is planned over."""
        return self._costmap

    def _decide(
        self, now_s: float, state: State, occupancy: Grid | None, goal: Goal | None, movers: list[Mover]
    ) -> Decision:
        if goal is None or occupancy is None:
            self._stand()
            return self._decision(0.0, 0.0, "idle" if goal is None else "blocked")
        old = self._costmap is None or (self._plan is None and not goal.stop)
        if old or now_s - self._planned_s >= self.config.plan_period_s - 1e-6:
            self._renew(now_s, Pose2(state.x, state.y, state.yaw), occupancy, goal, movers)
        if goal.stop:
            self._stand()
            return self._decision(0.0, self._facing_turn(state, goal), "idle")
        return self._drive(now_s, state, goal, movers)

    def _drive(self, now_s: float, state: State, goal: Goal, movers: list[Mover]) -> Decision:
        assert self._plan is not None
        pose, path = Pose2(state.x, state.y, state.yaw), self._plan.path
        self._arrived = self._is_arrived(pose, state.v, goal)
        at_end = len(path) > 0 and pose.distance_to(*path[-1]) < self.config.near_end_m
        as_near_as_can_be = at_end and not self._plan.reaches_goal
        manoeuvre = self._recovery.update(
            now_s,
            pose,
            (goal.x, goal.y),
            wants_to_move=not self._arrived and (self.config.insists or not as_near_as_can_be),
            mover_near=self._mover_near(pose, movers),
            wedged=self._refused,
            heading=self._path_heading(pose),
        )
        self._refused = False
        if manoeuvre in ("back_out", "turn"):
            return self._recover(now_s, state, manoeuvre, movers)
        if self._arrived or as_near_as_can_be or manoeuvre == "give_up" or len(path) == 0:
            self._controller.reset()
            return self._decision(0.0, self._facing_turn(state, goal), "arrived" if self._arrived else "blocked")
        v, omega = self._controller.command(state, self._scene(goal, movers))
        self._refused = (v, omega) == (0.0, 0.0)  # whoever only waits asks for a little, now and then
        return self._decision(v, omega, "driving")

    def _believed(self, state: State) -> State:
        """Return the state with the twist last asked for, which the measured one follows late, unless refused."""
        v, omega = self._commanded
        if abs(v - state.v) > self.config.believed_v or abs(omega - state.omega) > self.config.believed_omega:
            return state
        return State(state.x, state.y, state.yaw, v, omega)

    def _renew(self, now_s: float, pose: Pose2, occupancy: Grid, goal: Goal, movers: list[Mover]) -> None:
        self._builder.penalise(self._recovery.penalties)
        self._costmap = self._builder.build(occupancy, pose, movers)
        self._closing.soften(now_s, self._costmap, occupancy.data == FREE)
        self._planned_s = now_s
        if not goal.stop:
            beyond = self._beyond(now_s, occupancy, self._lead(goal))
            self._plan = plan(self._costmap, (pose.x, pose.y), self._lead(goal), goal.tolerance_m, beyond)

    def _beyond(self, now_s: float, occupancy: Grid, goal: tuple[float, float]) -> Beyond | None:
        """Take note of what the window shows, and return who knows what is left from its border."""
        c, frame = self.config, occupancy.frame
        if c.memory_m <= 0.0:
            return None
        if self._memory is None:
            self._memory = Memory(c.memory_m, frame.resolution_m, self._builder)
        memory = self._memory
        if now_s - self._remembered_s >= c.memory_period_s:
            memory.take(occupancy)
            self._remembered_s = now_s
        return lambda: memory.left_from(frame, goal, now_s, c.memory_period_s)

    def _lead(self, goal: Goal) -> tuple[float, float]:
        ahead = self.config.goal_lead_s
        return goal.x + ahead * goal.velocity[0], goal.y + ahead * goal.velocity[1]

    def _scene(self, goal: Goal, movers: list[Mover]) -> Scene:
        assert self._costmap is not None
        assert self._plan is not None
        return Scene(
            self._costmap,
            self._plan,
            self._lead(goal),
            goal.tolerance_m,
            goal.yaw,
            min(goal.max_speed, self._limits.v_max),
            goal.look_at,
            goal.separation_m,
            goal.velocity,
            movers,
        )

    def _is_arrived(self, pose: Pose2, v: float, goal: Goal) -> bool:
        if math.hypot(*goal.velocity) > self.config.still_goal:
            return False
        if goal.look_at is not None and pose.distance_to(*goal.look_at) < goal.separation_m - 0.1:
            return False
        if not self._arrived and abs(v) > self.config.arriving_v:
            return False  # it would roll on
        allowed = goal.tolerance_m + (self.config.leave_m if self._arrived else 0.0)
        return pose.distance_to(goal.x, goal.y) <= allowed

    def _facing_turn(self, state: State, goal: Goal) -> float:
        """Return the turn rate toward what is to be faced; 0 where there is nothing, or no room to turn."""
        if goal.look_at is not None:
            wanted = math.atan2(goal.look_at[1] - state.y, goal.look_at[0] - state.x)
        elif goal.yaw is not None and not goal.stop:
            wanted = goal.yaw
        else:
            return 0.0
        error = wrap_angle(wanted - state.yaw)
        if abs(error) < self.config.turn_dead:
            return 0.0
        omega = self.config.turn_gain * error
        omega = math.copysign(min(abs(omega), self._limits.omega_max), omega)
        return omega if self._may_move(state, 0.0, omega) else 0.0

    def _recover(
        self, now_s: float, state: State, manoeuvre: Literal["back_out", "turn"], movers: list[Mover]
    ) -> Decision:
        pose = Pose2(state.x, state.y, state.yaw)
        v, omega = self._back_out(pose) if manoeuvre == "back_out" else (0.0, self._turn_to_path(pose))
        if (v, omega) == (0.0, 0.0) or not self._may_move(state, v, omega):
            v, omega = self._squeeze_out(state, movers) if manoeuvre == "back_out" else (0.0, 0.0)
        if (v, omega) == (0.0, 0.0):
            self._recovery.skip(now_s, pose)
        self._controller.reset()
        return self._decision(v, omega, "recovering")

    def _back_out(self, pose: Pose2) -> tuple[float, float]:
        """Return the twist that leads back the way we came: forward where we came driving backward."""
        crumb, speed = self._recovery.crumb_back(), self.config.recovery_speed
        bearing = math.pi if crumb is None else pose.bearing_to(crumb.x, crumb.y)
        ahead = abs(bearing) < 0.5 * math.pi
        error = bearing if ahead else wrap_angle(bearing + math.pi)
        return (speed if ahead else -speed), max(-0.5, min(0.5, error))

    def _squeeze_out(self, state: State, movers: list[Mover]) -> tuple[float, float]:
        assert self._costmap is not None
        return way_out(state, self._costmap, self._builder.footprint, self._limits, movers) or (0.0, 0.0)

    def _turn_to_path(self, pose: Pose2) -> float:
        error = wrap_angle(self._path_heading(pose) - pose.yaw)
        return 0.0 if abs(error) < 0.15 else math.copysign(0.6, error)

    def _path_heading(self, pose: Pose2) -> float:
        """Return the direction of the path's next half metre in odom, rad; the robot's own where there is none."""
        if self._plan is None or len(self._plan.path) < 2:
            return pose.yaw
        away = np.hypot(self._plan.path[:, 0] - pose.x, self._plan.path[:, 1] - pose.y)
        ahead = int(np.argmax(away > 0.5)) if bool((away > 0.5).any()) else len(away) - 1
        x, y = self._plan.path[ahead]
        return math.atan2(float(y) - pose.y, float(x) - pose.x)

    def _may_move(self, state: State, v: float, omega: float) -> bool:
        """Return whether moving so for a moment, then braking, is free or at least hardly worse than standing.

        Hardly worse, step after step, would end at the wall: with the margin all but used up, only better will do.
        """
        assert self._costmap is not None
        twists = np.array([[v, omega]] * 3, np.float32)
        ahead = margin_ahead(state, twists, 3, self._costmap, self._circles, self._limits, 0.1)
        still = State(state.x, state.y, state.yaw, 0.0, 0.0)
        now = margin_ahead(still, np.zeros_like(twists), 1, self._costmap, self._circles, self._limits, 0.1)
        return ahead >= min(0.0, now - HARDLY_M if now > -USED_UP_M else now)

    def _mover_near(self, pose: Pose2, movers: list[Mover]) -> bool:
        return any(pose.distance_to(m.x, m.y) < self.config.mover_near_m for m in movers)

    def _stand(self) -> None:
        self._controller.reset()
        self._recovery.rest()
        self._plan = None
        self._arrived = False

    def _decision(self, v: float, omega: float, doing: Doing) -> Decision:
        path = self._plan.path if self._plan is not None else np.zeros((0, 2), np.float32)
        distance = self._plan.length_m if self._plan is not None else 0.0 if doing == "idle" else math.inf
        return Decision(v, omega, doing, distance, path, self._recovery.count)
