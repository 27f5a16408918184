"""The profile `home`: a rover, and a display where one stands in the home, carry out what they are told.

Also the floor plan that the rover is given of a world. The plan holds what somebody would show a new robot around:
rooms, doors, furniture, its dock. No people, no clutter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from launch.listening import COMMANDS, LANGUAGE, VOICE, mailbox
from launch.navigate import PLANNER
from launch.scoring.home import HomeScorer
from launch.spec import ProfileRow, RunSpec, both, emulated, pixels, row, without
from policies.behaviour.floor_plan import FloorPlan, PlanDoor, PlanRoom, PlanThing
from policies.behaviour.node import BehaviourConfig
from policies.language.naming import BOTH, BodyNames
from policies.language.node import LanguageConfig
from policies.language.teach import users_own
from robot import topics
from robot.navigation.navigator_node import NavigatorNodeConfig
from robot.node import Topic
from robot.perception.faces.node import FaceNodeConfig
from sim.config import ANEW_S, HomeConfig, SimConfig
from worlds.catalog import load_world
from worlds.place import Placed, placed_furniture
from worlds.schema import Door, Room, World
from worlds.shape import Shape
from worlds.walls import doors

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
FLAT = frozenset({"rug", "picture", "shelf_wall"})  # on the floor or above the robot: nothing to drive around


def floor_plan(world: World) -> FloorPlan:
    """Return what a robot is told of a world."""
    robot = next((robot for robot in world.robots if robot.kind == "rover"), None)
    dock = (*robot.start, math.radians(robot.yaw_deg)) if robot else (0.0, 0.0, 0.0)
    return FloorPlan(
        rooms=tuple(PlanRoom(r.name, r.x, r.y, r.width, r.depth, r.floor_z) for r in world.rooms),
        doors=(*(_door(world, door) for door in world.doors), *_open_walls(world)),
        things=tuple(_thing(item) for item in placed_furniture(world)),
        dock=dock,
        leaves=tuple(_leaf(shape) for shape in doors(world)),
        wall_m=world.wall_thickness,
    )


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
    names = {"display" if not robot.drives else "rover": robot.name for robot in load_world(run.world).robots[::-1]}
    called = tuple(BodyNames(b.body, tuple(dict.fromkeys((*b.words, *_own(names.get(b.body)))))) for b in CALLED)
    return LanguageConfig(phrasebook=str(users_own()), bodies=called)


def _own(name: str | None) -> tuple[str, ...]:
    return (name.lower(),) if name else ()


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


alone = without(has_display)
BEHAVIOUR = row("behaviour", "policies.behaviour.node:Behaviour", when=alone, config=behaviour_config)

HOME_ROWS = (
    replace(COMMANDS, when=alone),
    replace(COMMANDS, when=has_display, config=lambda run: replace(mailbox(run), speaker="rover")),
    VOICE,
    row("sim", "sim.node:PixelSim", when=both(pixels, alone), config=sim_config),
    row("sim", "sim.node:EmulatedSim", when=both(emulated, alone), config=sim_config),
    row("sim", "sim.household:PixelHome", when=both(pixels, has_display), config=household_config),
    row("sim", "sim.household:EmulatedHome", when=both(emulated, has_display), config=household_config),
    row("detector", "robot.perception.detect:PersonDetector", when=pixels, latency_s=0.05),
    row("tracker", "robot.perception.track:PeopleTracker"),
    row("odometry", "robot.navigation.odometry_node:OdometryNode"),
    row("mapping", "robot.navigation.mapping_node:LocalMapNode"),
    replace(LANGUAGE, when=alone),
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


def _door(world: World, door: Door) -> PlanDoor:
    a, b = (world.room(name) for name in door.between)
    wall = _shared(a, b)
    x, y = (door.at, wall[1]) if wall[0] else (wall[1], door.at)
    return PlanDoor(door.between, x, y, door.width, wall[0])


def _open_walls(world: World) -> tuple[PlanDoor, ...]:
    """Return rooms without a wall between them as one wide door each."""
    found = []
    for room in world.rooms:
        for name in room.open_to:
            other = world.room(name)
            along_x, at = _shared(room, other)
            low, high = _overlap(room, other, along_x)
            middle = (low + high) / 2.0
            x, y = (middle, at) if along_x else (at, middle)
            found.append(PlanDoor((room.name, name), x, y, high - low - world.wall_thickness, along_x))
    return tuple(found)


def _shared(a: Room, b: Room) -> tuple[bool, float]:
    """Return whether the wall between two rooms runs along x, and its y (else its x)."""
    for low, high in ((a, b), (b, a)):
        if abs(low.y + low.depth - high.y) < 0.02 and _overlap(a, b, True)[0] < _overlap(a, b, True)[1]:
            return True, high.y
        if abs(low.x + low.width - high.x) < 0.02 and _overlap(a, b, False)[0] < _overlap(a, b, False)[1]:
            return False, high.x
    raise ValueError(f"rooms '{a.name}' and '{b.name}' share no wall")


def _overlap(a: Room, b: Room, along_x: bool) -> tuple[float, float]:
    if along_x:
        return max(a.x, b.x), min(a.x + a.width, b.x + b.width)
    return max(a.y, b.y), min(a.y + a.depth, b.y + b.depth)


def _leaf(shape: Shape) -> PlanThing:
    x, y, z, w = shape.orientation
    yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return PlanThing(shape.name, "leaf", "", shape.position[0], shape.position[1], yaw, shape.size[1], shape.size[0])


def _thing(item: Placed) -> PlanThing:
    return PlanThing(
        name=item.name.partition("/")[2],
        kind=item.kind,
        room=item.room,
        x=item.x,
        y=item.y,
        yaw=item.yaw,
        width=item.size.width,
        depth=item.size.depth,
        solid=item.kind not in FLAT,
    )
