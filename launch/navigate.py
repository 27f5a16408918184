"""The profile `navigate`: which nodes drive to one goal, and what the run's world and seed make of their configs.

World and seed stand for a task (worlds/suites/task.py): start, goal, body, and what else makes it hard. A rover in a
home without people needs no people tracker; a jackal has a lidar and nothing else.
"""

from __future__ import annotations

from dataclasses import replace

from launch.scoring.nav import NavScorer
from launch.spec import RunSpec, row
from policies.go_to import GoToConfig
from robot.bodies.jackal.body import JackalBody
from robot.navigation.costmap import CostmapConfig
from robot.navigation.lidar_map import LidarMapNodeConfig
from robot.navigation.mapping import MappingConfig
from robot.navigation.mapping_node import LocalMapNodeConfig
from robot.navigation.mppi import MppiConfig
from robot.navigation.mppi_kernels import Weights
from robot.navigation.navigator import PlannerConfig
from robot.navigation.navigator_node import NavigatorNodeConfig
from robot.navigation.odometry_node import OdometryNodeConfig
from robot.navigation.recovery import RecoveryConfig
from robot.safety.config import SafetyConfig
from sim.config import SimConfig
from sim.faults import Fault
from worlds.catalog import load_world
from worlds.suites.task import Task, task_of

JACKAL = JackalBody()

# A goal that stands still is insisted on, ground once seen is remembered, and gaps are measured as finely as they are
# narrow; following keeps the defaults.
PLANNER = PlannerConfig(
    plan_period_s=0.15,
    circles_per_side=6,
    insists=True,
    memory_m=30.0,
    slip_speed=0.3,
    recovery=RecoveryConfig(retry_s=4.0),
    mppi=MppiConfig(weights=Weights(ends_at_contact=1.0)),
    costmap=CostmapConfig(edge_cells=0.0),
)
MAP = MappingConfig(resolution_m=0.04)


def task(run: RunSpec) -> Task:
    """Return the task that a run's world and seed stand for."""
    return task_of(run.world, run.seed)


def task_scorer(run: RunSpec) -> NavScorer:
    """Return the scorer of a run of this profile."""
    return NavScorer(task(run))


def jackal(run: RunSpec) -> bool:
    """The challenge's base drives."""
    return task(run).robot == "jackal"


def rover(run: RunSpec) -> bool:
    """Our own body drives."""
    return not jackal(run)


def peopled(run: RunSpec) -> bool:
    """Somebody walks about: worlds that set a goal of their own bring their own people."""
    world = load_world(run.world)
    return rover(run) and world.goal is not None and bool(world.people)


def deserted(run: RunSpec) -> bool:
    """The rover is alone."""
    return rover(run) and not peopled(run)


def sim_config(run: RunSpec) -> SimConfig:
    """The world as the task wants it."""
    wanted = task(run)
    c = wanted.conditions
    faults = () if c.slip_from_s is None else (Fault("wheel_slip", c.slip_from_s, c.slip_s),)
    return SimConfig(
        world=run.world,
        seed=run.seed,
        script="home" if peopled(run) else "nobody",
        robot="jackal" if jackal(run) else "rover",
        start=wanted.start,
        slippery=c.slippery,
        faults=faults,
        delay_s=c.delay_s,
        lidar_dropout=c.lidar_dropout,
        gui=run.gui,
    )


def goal_config(run: RunSpec) -> GoToConfig:
    """Start and goal; the robot stops well inside what counts as there."""
    wanted = task(run)
    body_speed = JACKAL.drive.v_max if jackal(run) else 1.0
    return GoToConfig(wanted.start, wanted.goal, 0.6 * wanted.radius_m, body_speed)


NAVIGATE_ROWS = (
    row("sim", "sim.lean:DepthSim", when=deserted, config=sim_config),
    row("sim", "sim.node:EmulatedSim", when=peopled, config=sim_config),
    row("sim", "sim.lean:LidarSim", when=jackal, config=sim_config),
    row("tracker", "robot.perception.track:PeopleTracker", when=peopled),
    row("tracker", "policies.go_to:Nobody", when=lambda run: not peopled(run)),
    row("odometry", "robot.navigation.odometry_node:OdometryNode", when=rover),
    row(
        "odometry",
        "robot.navigation.odometry_node:OdometryNode",
        when=jackal,
        config=lambda run: OdometryNodeConfig(body=JACKAL),
    ),
    row(
        "mapping",
        "robot.navigation.mapping_node:LocalMapNode",
        when=rover,
        config=lambda run: LocalMapNodeConfig(map=MAP),
    ),
    row(
        "mapping",
        "robot.navigation.lidar_map:LidarMapNode",
        when=jackal,
        config=lambda run: LidarMapNodeConfig(body=JACKAL, map=MappingConfig(size_m=12.0)),
    ),
    row("goal", "policies.go_to:GoTo", config=goal_config),
    row(
        "navigator",
        "robot.navigation.navigator_node:NavigatorNode",
        when=rover,
        config=lambda run: NavigatorNodeConfig(back_speed=0.3, planner=PLANNER),
    ),
    row(
        "navigator",
        "robot.navigation.navigator_node:NavigatorNode",
        when=jackal,
        config=lambda run: NavigatorNodeConfig(body=JACKAL, planner=replace(PLANNER, plan_period_s=0.1)),
    ),
    row("safety", "robot.safety.supervisor:SafetyNode", when=rover),
    row("safety", "robot.safety.supervisor:SafetyNode", when=jackal, config=lambda run: SafetyConfig(body=JACKAL)),
)
