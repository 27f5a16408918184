"""What can be launched: one profile per job, one row per node, each with the condition under which it runs.

Reading a profile is reading the system; `launch graph PROFILE` prints it with its edges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from launch.home import HOME_ROWS, home_scorer
from launch.navigate import NAVIGATE_ROWS, task_scorer
from launch.scoring.follow import FollowScorer
from launch.scoring.scorer import Scorer
from launch.scoring.tabletop import TabletopScorer
from launch.spec import Perception, ProfileRow, Runner, RunSpec, both, emulated, pixels, row, windowed, without
from launch.tabletop import SCENES, TABLETOP_ROWS
from robot.runtime.table import Row
from sim.config import SimConfig

__all__ = ["PROFILES", "Perception", "Profile", "RunSpec", "Runner", "row"]

EPISODE_S = 120.0  # within this time a followed person does everything that the benches ask of them


def sim_config(run: RunSpec) -> SimConfig:
    """The world and its seed, for the simulator. Short runs are the beginning of the same walk as long ones."""
    return SimConfig(world=run.world, seed=run.seed, seconds=max(EPISODE_S, run.duration_s), gui=run.gui)


@dataclass(frozen=True)
class Profile:
    """A job: its default world, the rate of its ticks, its nodes, and who scores it."""

    name: str
    summary: str
    world: str
    duration_s: float
    tick_hz: int
    rows: tuple[ProfileRow, ...]
    privileged: bool = False  # a labelled baseline that reads truth
    listed: bool = True  # whether `launch` offers it
    scenes: tuple[str, ...] = ()  # where the run's world is one of these and no home
    scorer: Callable[[RunSpec], Scorer] = lambda run: FollowScorer()

    def table(self, run: RunSpec) -> tuple[Row, ...]:
        """Return the rows that run under `run`, configs filled in."""
        return tuple(
            Row(r.name, r.node, r.config(run) if r.config else None, r.rate_hz, r.latency_s, r.on_failure, r.renames)
            for r in self.rows
            if r.when(run)
        )


SIM_ROWS = (
    row("sim", "sim.node:PixelSim", when=both(pixels, without(windowed)), config=sim_config),
    row("sim", "sim.node:EmulatedSim", when=both(emulated, without(windowed)), config=sim_config),
    row("sim", "sim.window:PixelWindow", when=both(pixels, windowed), config=sim_config),
    row("sim", "sim.window:EmulatedWindow", when=both(emulated, windowed), config=sim_config),
)

DRIVING_ROWS = (
    row("odometry", "robot.navigation.odometry_node:OdometryNode"),
    row("mapping", "robot.navigation.mapping_node:LocalMapNode"),
    row("follower", "policies.follow.follower:Follower"),
    row("navigator", "robot.navigation.navigator_node:NavigatorNode"),
    row("safety", "robot.safety.supervisor:SafetyNode"),
)


def baseline(name: str, summary: str, *rows: ProfileRow) -> Profile:
    """Return a labelled profile that may read the truth, to compare following with."""
    return Profile(
        name=name,
        summary=f"baseline: {summary}",
        world="apartment",
        duration_s=60.0,
        tick_hz=240,
        rows=(row("sim", "sim.node:EmulatedSim", config=sim_config), *rows),
        privileged=True,
        listed=False,
    )


NAVIGATE = Profile(
    name="navigate",
    summary="a robot drives to one goal: rover in homes, clutter and hazards, jackal in BARN worlds",
    world="apartment",
    duration_s=60.0,
    tick_hz=240,
    rows=NAVIGATE_ROWS,
    scorer=task_scorer,
)

TABLETOP = Profile(
    name="tabletop",
    summary="a display keeps one person in view, nods when they nod, and does what it is told",
    world="one_caller",
    duration_s=30.0,
    tick_hz=240,
    rows=TABLETOP_ROWS,
    scenes=SCENES,
    scorer=lambda run: TabletopScorer(),
)

HOME = Profile(
    name="home",
    summary='rover and display do what they are told: launch say "go to the kitchen", launch say "display, look at me"',
    world="apartment",
    duration_s=300.0,
    tick_hz=240,
    rows=HOME_ROWS,
    scorer=home_scorer,
)

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="follow_me",
            summary="the rover follows its person through a furnished home",
            world="apartment",
            duration_s=60.0,
            tick_hz=240,
            rows=(
                *SIM_ROWS,
                row("detector", "robot.perception.detect:PersonDetector", when=pixels, latency_s=0.05),
                row("tracker", "robot.perception.track:PeopleTracker"),
                *DRIVING_ROWS,
            ),
        ),
        baseline(
            "follow_naive",
            "drives straight at the person's true position, blind to obstacles",
            row("follower", "policies.baseline:NaiveFollower"),
        ),
        baseline(
            "follow_told",
            "ours, but told where everybody in sight truly is",
            row("tracker", "policies.baseline:ToldPeople"),
            *DRIVING_ROWS,
        ),
        NAVIGATE,
        TABLETOP,
        HOME,
    )
}
