"""The profile `home`: a rover, and a display where one stands in the home, carry out what they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from launch.floor_plan import floor_plan
from launch.listening import COMMANDS, LANGUAGE, VOICE, mailbox, phrasebook
from launch.navigate import PLANNER
from launch.scoring.home import HomeScorer
from launch.spec import ProfileRow, RunSpec, both, emulated, pixels, row, without
from policies.behaviour.node import BehaviourConfig
from policies.language.naming import BOTH, BodyNames
from policies.language.node import LanguageConfig
from robot import topics
from robot.navigation.navigator_node import NavigatorNodeConfig
from robot.node import Topic
from robot.perception.faces.node import FaceNodeConfig
from sim.config import ANEW_S, HomeConfig, SimConfig
from worlds.catalog import load_world

CALLED = (
    BodyNames("rover", ("rover", "mobile robot", "big one")),
    BodyNames("display", ("display", "screen", "lamp", "desk lamp", "arm", "display arm", "tabletop", "little one")),
    BodyNames(BOTH, ("both of you", "you both", "you two", "all of you")),
)
"""What people call the two bodies; so they may by the names that the home's file gives them"""
DISPLAY_TOPICS: dict[Topic[Any], Topic[Any]] = {
    topics.CAMERA: topics.DISPLAY_CAMERA,
    topics.FACES: topics.DISPLAY_FACES,
    topics.COMMAND: topics.DISPLAY_COMMAND,
    topics.REPLY: topics.DISPLAY_REPLY,
    topics.BEHAVIOUR: topics.DISPLAY_BEHAVIOUR,
    topics.OPERATOR: topics.DISPLAY_OPERATOR,
}


def has_display(run: RunSpec) -> bool:
    """Whether a display stands in the run's home."""
    return load_world(run.world).display is not None


def sim_config(run: RunSpec) -> SimConfig:
    """The home with its people doing what its file says."""
    return SimConfig(world=run.world, seed=run.seed, seconds=max(120.0, run.duration_s), script="home", gui=run.gui)


def household_config(run: RunSpec) -> HomeConfig:
    """The same with the display."""
    return HomeConfig(world=run.world, seed=run.seed, seconds=max(120.0, run.duration_s), script="home", gui=run.gui)


def language_config(run: RunSpec) -> LanguageConfig:
    """Both bodies may be called."""
    robots = load_world(run.world).robots
    own = {"rover" if robot.drives else "display": (robot.name.lower(),) for robot in reversed(robots) if robot.name}
    called = (BodyNames(it.body, tuple(dict.fromkeys(it.words + own.get(it.body, ())))) for it in CALLED)
    return replace(phrasebook(run), bodies=tuple(called))


def home_scorer(run: RunSpec) -> HomeScorer:
    """Return the scorer of a run of this profile."""
    return HomeScorer(load_world(run.world))


def behaviour_config(run: RunSpec) -> BehaviourConfig:
    """The robot knows the floor plan."""
    return BehaviourConfig(plan=floor_plan(load_world(run.world)))


def display_row(
    name: str,
    node: str,
    *ports: Topic[Any],
    when: Callable[[RunSpec], bool] = has_display,
    config: Callable[[RunSpec], Any] | None = None,
) -> ProfileRow:
    """Return a row of the display in a home; of `ports`, its node has those that the rover's nodes have too."""
    return row(name, node, when=when, config=config, renames={port: DISPLAY_TOPICS[port] for port in ports})


BEHAVIOUR = row("behaviour", "policies.behaviour.node:Behaviour", when=without(has_display), config=behaviour_config)

HOME_ROWS = (
    replace(COMMANDS, when=without(has_display)),
    replace(COMMANDS, when=has_display, config=lambda run: replace(mailbox(run), speaker="rover")),
    VOICE,
    row("sim", "sim.node:PixelSim", when=both(pixels, without(has_display)), config=sim_config),
    row("sim", "sim.node:EmulatedSim", when=both(emulated, without(has_display)), config=sim_config),
    row("sim", "sim.household:PixelHome", when=both(pixels, has_display), config=household_config),
    row("sim", "sim.household:EmulatedHome", when=both(emulated, has_display), config=household_config),
    row("detector", "robot.perception.detect:PersonDetector", when=pixels, latency_s=0.05),
    row("tracker", "robot.perception.track:PeopleTracker"),
    row("odometry", "robot.navigation.odometry_node:OdometryNode"),
    row("mapping", "robot.navigation.mapping_node:LocalMapNode"),
    replace(LANGUAGE, when=without(has_display)),
    replace(LANGUAGE, when=has_display, config=language_config),
    row("addressing", "policies.addressing.node:Addressing", when=has_display),
    BEHAVIOUR,
    replace(BEHAVIOUR, when=has_display, renames=((topics.COMMAND, topics.ROVER_COMMAND),)),
    row(
        "navigator",
        "robot.navigation.navigator_node:NavigatorNode",
        config=lambda run: NavigatorNodeConfig(back_speed=0.3, planner=PLANNER),
    ),
    row("safety", "robot.safety.supervisor:SafetyNode"),
    display_row(
        "display_faces",
        "robot.perception.faces.node:FaceNode",
        topics.CAMERA,
        topics.FACES,
        topics.OPERATOR,
        when=both(pixels, has_display),
        config=lambda run: FaceNodeConfig(anew_s=ANEW_S),
    ),
    display_row(
        "display_behaviour",
        "policies.display.node:DisplayBehaviour",
        topics.COMMAND,
        topics.FACES,
        topics.REPLY,
        topics.BEHAVIOUR,
    ),
    display_row("display_arm", "robot.motion.node:ArmNode", topics.FACES),
    display_row("display_safety", "robot.safety.joints:JointSafety"),
)
