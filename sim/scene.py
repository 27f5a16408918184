"""A home in PyBullet: one body per shape, and the same shapes as rows for our own ray caster.

Fixed bodies use maximal coordinates (plain rigid bodies): a step over 150 of them costs a third of what it costs with
Bullet's multibodies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pybullet

from sim.raycast import RayScene
from sim.visuals import visual_shape
from worlds.shape import Shape

PHYSICS_HZ = 240
SOLVER_ITERATIONS = 100  # fewer let the wheels creep at rest: 0.5 mm/s at 30, 0.02 mm/s at 100
GRAVITY = 9.81  # m/s²
FLOOR_FRICTION = 0.9
THING_FRICTION = 0.5
DRIVABLE_M = 0.03  # chassis clearance: what is lower passes under it, and lifts the wheels
STATIC_GROUP, WHEEL_GROUP = 2, 1 << 6  # Bullet's collision filter bits
NOT_GROUND = ~(STATIC_GROUP | WHEEL_GROUP)  # mask of what the wheels' round contact shapes must not touch
PERSON_CAPSULES = 14  # rows of the ray caster that one person takes


class Scene:
    """The static and loose things of a home.

    Attributes:
        client: PyBullet's client id.
        shapes: what it was built from, in order.
        names: shape name of each physics body.
        rays: the ray caster's rows, `people` slices of PERSON_CAPSULES at the end.
    """

    def __init__(
        self, shapes: Sequence[Shape], people: int = 0, visible: bool = True, gui: bool = False
    ) -> None:
        """Build the home in a client of its own.

        Args:
            people: how many people the ray caster keeps rows for.
            visible: whether a camera will look at it.
            gui: open PyBullet's window (needs a display).
        """
        self.shapes = tuple(shapes)
        self.client: int = pybullet.connect(pybullet.GUI if gui else pybullet.DIRECT)
        self._visible = visible or gui
        self._collision: dict[tuple[str, tuple[float, ...]], int] = {}
        pybullet.setGravity(0.0, 0.0, -GRAVITY, physicsClientId=self.client)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=1.0 / PHYSICS_HZ,
            numSolverIterations=SOLVER_ITERATIONS,
            deterministicOverlappingPairs=1,
            physicsClientId=self.client,
        )
        self._tops = [s.z_range()[1] for s in self.shapes if s.semantic == "floor"]
        bodies = [self._add(shape) for shape in self.shapes]
        self.names = dict(zip(bodies, (shape.name for shape in self.shapes), strict=True))
        self.rays = RayScene(self.shapes, people * PERSON_CAPSULES)
        self._loose = [(row, bodies[row]) for row, shape in enumerate(self.shapes) if shape.mass > 0.0]

    def update_loose(self) -> None:
        """Tell the ray caster where things that can be pushed are now."""
        for row, body in self._loose:
            position, turn = pybullet.getBasePositionAndOrientation(body, physicsClientId=self.client)
            rotation = np.array(pybullet.getMatrixFromQuaternion(turn)).reshape(3, 3)
            self.rays.move(row, position, rotation)

    def step(self) -> None:
        """Advance physics by 1 / PHYSICS_HZ seconds."""
        pybullet.stepSimulation(physicsClientId=self.client)

    def close(self) -> None:
        """Release the client."""
        if pybullet.isConnected(self.client):
            pybullet.disconnect(self.client)

    def _add(self, shape: Shape) -> int:
        body: int = pybullet.createMultiBody(
            baseMass=shape.mass,
            baseCollisionShapeIndex=self._collision_shape(shape) if shape.solid else -1,
            baseVisualShapeIndex=visual_shape(self.client, shape) if self._visible else -1,
            basePosition=shape.position,
            baseOrientation=shape.orientation,
            useMaximalCoordinates=shape.mass == 0.0,
            physicsClientId=self.client,
        )
        friction = FLOOR_FRICTION if shape.semantic == "floor" else THING_FRICTION
        if shape.solid:
            pybullet.changeDynamics(body, -1, lateralFriction=friction, physicsClientId=self.client)
        if shape.solid and not self._is_ground(shape):
            spare_wheels(self.client, body)
        return body

    def _is_ground(self, shape: Shape) -> bool:
        """Return whether wheels can meet it from above: floors, and what is low enough to pass under the chassis."""
        low, high = shape.z_range()
        return shape.semantic == "floor" or any(low < top + 0.01 and high < top + DRIVABLE_M for top in self._tops)

    def _collision_shape(self, shape: Shape) -> int:
        key = (shape.kind, shape.size)
        if key not in self._collision:
            self._collision[key] = _collision_shape(self.client, shape)
        return self._collision[key]


def spare_wheels(client: int, body: int) -> None:
    """Let a body without mass touch the chassis but not the wheels, whose contact spheres are wider than they are."""
    pybullet.setCollisionFilterGroupMask(body, -1, STATIC_GROUP, NOT_GROUND, physicsClientId=client)


def _collision_shape(client: int, shape: Shape) -> int:
    if shape.kind == "box":
        half = [extent / 2.0 for extent in shape.size]
        found = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=client)
    elif shape.kind == "sphere":
        found = pybullet.createCollisionShape(
            pybullet.GEOM_SPHERE, radius=shape.size[0], physicsClientId=client
        )
    else:
        kind = pybullet.GEOM_CYLINDER if shape.kind == "cylinder" else pybullet.GEOM_CAPSULE
        radius, length = shape.size
        found = pybullet.createCollisionShape(kind, radius=radius, height=length, physicsClientId=client)
    return int(found)
