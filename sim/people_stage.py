"""The people of a home on stage: they walk at 60 Hz, around the rover and each other, and are posed when needed.

Walking is cheap, posing every limb is not. So limbs are placed only when a sensor is about to look, and at every step
of the people while one of them is close enough to be touched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.rng import spawn
from sim.people.appearance import APPEARANCES
from sim.people.person import PersonBody
from sim.people.plan import Blocker
from sim.people.walker import Walker
from sim.plans import SEAT_HIGH, SEAT_LOW, walker_plan
from sim.raycast import RayScene
from sim.raycast_kernels import capsule_rows
from sim.scene import PERSON_CAPSULES, Scene, spare_wheels
from worlds.plan import PersonPlan
from worlds.schema import World

PEOPLE_HZ = 60
ROVER_RADIUS = math.hypot(RoverBody().length, RoverBody().width) / 2.0  # m; people keep out of where corners turn
TOUCH_M = 1.0  # m between centres, within which limbs are placed at every step


@dataclass(frozen=True)
class Actor:
    """One person: where they are going, their body, and their rows of the ray caster."""

    index: int
    name: str
    walker: Walker
    body: PersonBody
    rows: slice


class PeopleStage:
    """Everybody at home; the followed person first.

    Attributes:
        actors: in the order of the plans given.
    """

    def __init__(
        self,
        scene: Scene,
        world: World,
        plans: Sequence[PersonPlan],
        seed: int,
        visible: bool,
        free: Callable[[float, float], bool],
        courteous: bool = False,
    ) -> None:
        """Put everybody at the start of their plan; all but the first make way for the robot if `courteous`."""
        self._rays, self._visible, self._courteous = scene.rays, visible, courteous
        self.actors: list[Actor] = []
        self._names: dict[int, str] = {}
        for index, plan in enumerate(plans):
            actor = self._enter(scene, world, plan, index, seed, free)
            self.actors.append(actor)
            for body in actor.body.body_ids:
                self._names[body] = actor.name
        self._capsules = np.zeros((len(plans), PERSON_CAPSULES, 7))
        self._posed = -1
        self._robot: Pose2 | None = None
        self.pose(0)

    def name_of(self, body: int) -> str | None:
        """Return whose limb a physics body is, None for anything else."""
        return self._names.get(body)

    def capsules(self) -> NDArray[np.float64]:
        """Return (P, PERSON_CAPSULES, 7) limbs of everybody as posed last, map; columns as in PersonBody."""
        return self._capsules

    def step(self, robot: Pose2) -> None:
        """Let everybody walk on by 1 / PEOPLE_HZ seconds, in order, around the robot and those who moved before."""
        for rank, actor in enumerate(self.actors):  # who comes first has the right of way
            others = [
                Blocker(a.walker.pose.x, a.walker.pose.y, a.walker.radius, True, "mine" if other > rank else "theirs")
                for other, a in enumerate(self.actors)
                if a is not actor
            ]
            yields = self._courteous and rank > 0  # the robot comes with the first
            rover = Blocker(robot.x, robot.y, ROVER_RADIUS, right_of_way="theirs" if yields else "shared")
            actor.walker.step(1.0 / PEOPLE_HZ, [rover, *others])
        self._robot = robot
        for actor in self.actors:
            if self._is_near(actor):
                self._place(actor)

    def pose(self, tick: int) -> None:
        """Place every limb where it is at `tick` (once)."""
        if tick != self._posed:
            self._posed = tick
            for actor in self.actors:
                self._place(actor)

    def _is_near(self, actor: Actor) -> bool:
        return self._robot is None or actor.walker.pose.distance_to(self._robot.x, self._robot.y) < TOUCH_M

    def _place(self, actor: Actor) -> None:
        """Put the limbs where they are; those that nobody can touch or see stay out of the physics."""
        actor.body.place(actor.walker.state, tangible=self._visible or self._is_near(actor))
        capsules = self._capsules[actor.index]
        actor.body.write_collision_shapes(capsules)
        rays, rows = self._rays, actor.rows
        capsule_rows(capsules, rays.center[rows], rays.rotation[rows], rays.half[rows])

    def _enter(
        self,
        scene: Scene,
        world: World,
        plan: PersonPlan,
        index: int,
        seed: int,
        free: Callable[[float, float], bool],
    ) -> Actor:
        person = world.person(plan.person)
        look = APPEARANCES[person.appearance].at_height(person.height)
        body = PersonBody(scene.client, look, plan.person, self._visible)
        for part in body.body_ids:
            spare_wheels(scene.client, part)
        walker = Walker(
            walker_plan(world, plan.segments, lambda x, y: _seat_height(scene.rays, world, x, y)),
            Pose2(*plan.start, plan.yaw),
            person.height,
            spawn(seed, f"walker/{plan.person}"),
            loop=plan.loop,
            free=free,
            floor=lambda x, y: floor_height(world, x, y),
        )
        first = scene.rays.fixed + index * PERSON_CAPSULES
        return Actor(index, plan.person, walker, body, slice(first, first + PERSON_CAPSULES))


def floor_height(world: World, x: float, y: float) -> float:
    """Return the height (m) of the floor at a map point; 0 outside the home."""
    room = world.room_at(x, y)
    return 0.0 if room is None else room.floor_z


def _seat_height(rays: RayScene, world: World, x: float, y: float) -> float:
    """Return the height (m above the floor) of the seat at a map point, by looking down on it."""
    floor = floor_height(world, x, y)
    top, bottom = floor + SEAT_HIGH, floor + SEAT_LOW
    fraction, _ = rays.rays(np.array([[x, y, top]]), np.array([[x, y, bottom]]), np.arange(rays.fixed))
    return SEAT_HIGH - (SEAT_HIGH - SEAT_LOW) * min(1.0, float(fraction[0]))
