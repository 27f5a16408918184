"""A home in PyBullet, and the same shapes as rows for our own ray caster.

Where nothing is drawn, what is fixed and stands higher than the rover's belly is joined into blocks (PyBullet
would draw those too); floors, what can be driven over and what can be pushed are bodies of their own. Fixed bodies use
maximal coordinates (plain rigid bodies): a step over 150 of them costs a third of what it costs with Bullet's
multibodies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.blocks import compound, neighbours, touched_row
from sim.bullet import pybullet
from sim.raycast import RayScene
from sim.visuals import visual_shape
from worlds.shape import Shape

PHYSICS_HZ = 240
SOLVER_ITERATIONS = 50  # at most; at rest the wheels creep by 0.25 mm/s, with 10 by ten times that
SOLVED = 1e-6  # what is left to solve at which it is enough: creep 0.3 mm/s, and a turning base costs a third less time
GRAVITY = 9.81  # m/s²
FLOOR_FRICTION = 0.9
THING_FRICTION = 0.5
DRIVABLE_M = 0.03  # chassis clearance: what is lower passes under it, and lifts the wheels
# The renderer draws bodies in the order of their creation and shades what is hidden only later: front to back is cheap.
DRAW_ORDER = {"clutter": 0, "furniture": 1, "door": 2, "rug": 3, "wall": 4, "floor": 5}
STATIC_GROUP, WHEEL_GROUP, CASTER_GROUP = 2, 1 << 6, 1 << 7  # Bullet's collision filter bits
PERSON_CAPSULES = 14  # rows of the ray caster that one person takes


class Scene:
    """The static and loose things of a home.

    Attributes:
        client: PyBullet's client id.
        shapes: what it was built from, in order.
        names: shape name of each physics body that is one shape.
        drivable: physics bodies so low that they pass under the chassis.
        rays: the ray caster's rows, `people` slices of PERSON_CAPSULES at the end.
    """

    def __init__(
        self, shapes: Sequence[Shape], people: int = 0, visible: bool = True, gui: bool = False, movers: int = 0
    ) -> None:
        """Build the home in a client of its own.

        Args:
            people, movers: how many of each the ray caster keeps rows for; movers have the last ones.
            visible: whether a camera will look at it.
            gui: open PyBullet's window (needs a display).
        """
        self.shapes = tuple(shapes)
        self.client: int = pybullet.connect(pybullet.GUI if gui else pybullet.DIRECT)
        self._curtain = gui  # until the first step: or every body would be drawn as often as there are bodies
        if gui:
            pybullet.configureDebugVisualizer(pybullet.COV_ENABLE_RENDERING, 0, physicsClientId=self.client)
        self._visible = visible or gui
        self._collision: dict[tuple[str, tuple[float, ...]], int] = {}
        pybullet.setGravity(0.0, 0.0, -GRAVITY, physicsClientId=self.client)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=1.0 / PHYSICS_HZ,
            numSolverIterations=SOLVER_ITERATIONS,
            solverResidualThreshold=SOLVED,
            deterministicOverlappingPairs=1,
            collisionFilterMode=0,  # both bodies must want to meet
            physicsClientId=self.client,
        )
        self._tops = [s.z_range()[1] for s in self.shapes if s.semantic == "floor"]
        joined = [row for row, shape in enumerate(self.shapes) if not self._visible and self._is_joined(shape)]
        bodies = self._add_all(frozenset(joined))
        self._blocks = {self._add_block(rows): rows for rows in neighbours(joined, self.shapes)}
        self.names = {body: self.shapes[row].name for row, body in bodies.items()}
        self.drivable = frozenset(body for row, body in bodies.items() if self._is_drivable(self.shapes[row]))
        self.rays = RayScene(self.shapes, people * PERSON_CAPSULES + movers)
        self._loose = [(row, bodies[row]) for row, shape in enumerate(self.shapes) if shape.mass > 0.0]

    def touched(self, body: int, point: Sequence[float]) -> str | None:
        """Return the name of the shape that a contact with `body` at `point` (map) is with; None: it is driven over.

        What is lower than the chassis' clearance is driven over: the belly may brush it while the wheels climb it.
        """
        if body in self.drivable:
            return None
        rows = self._blocks.get(body)
        if rows is None:
            return self.names[body]
        return self.shapes[touched_row(point, rows, self.rays.center, self.rays.rotation, self.rays.half)].name

    def update_loose(self) -> None:
        """Tell the ray caster where things that can be pushed are now."""
        for row, body in self._loose:
            position, turn = pybullet.getBasePositionAndOrientation(body, physicsClientId=self.client)
            rotation = np.array(pybullet.getMatrixFromQuaternion(turn)).reshape(3, 3)
            self.rays.move(row, position, rotation)

    def add_moved(self, shape: Shape) -> int:
        """Add a body that somebody else will move about, and return its id."""
        body = self._add(shape)
        self.names[body] = shape.name
        return body

    def step(self) -> None:
        """Advance physics by 1 / PHYSICS_HZ seconds."""
        if self._curtain:
            pybullet.configureDebugVisualizer(pybullet.COV_ENABLE_RENDERING, 1, physicsClientId=self.client)
            self._curtain = False
        pybullet.stepSimulation(physicsClientId=self.client)

    def close(self) -> None:
        """Release the client."""
        if pybullet.isConnected(self.client):
            pybullet.disconnect(self.client)

    def _is_joined(self, shape: Shape) -> bool:
        return shape.solid and shape.mass == 0.0 and shape.semantic != "floor" and not self._is_low(shape)

    def _add_all(self, joined: frozenset[int]) -> dict[int, int]:
        """Create a body for each row of `shapes`, those first that usually stand before others.

        Those `joined` collide as part of a block, and what does not collide is only there to be seen.
        """
        order = sorted(range(len(self.shapes)), key=lambda row: DRAW_ORDER[self.shapes[row].semantic])
        return {
            row: self._add(self.shapes[row], row in joined)
            for row in order
            if self._visible or (self.shapes[row].solid and row not in joined)
        }

    def _add(self, shape: Shape, joined: bool = False) -> int:
        solid = shape.solid and not joined
        collision = self._collision_shape(shape) if solid else -1
        body = self._create(collision, shape.mass, shape.position, shape.orientation, shape if self._visible else None)
        if solid:
            self._rub(body, FLOOR_FRICTION if shape.semantic == "floor" else THING_FRICTION)
        if solid and shape.semantic != "floor":
            spare_wheels(self.client, body, casters_only=self._is_low(shape))
        return body

    def _add_block(self, rows: Sequence[int]) -> int:
        """Return the body of several fixed shapes."""
        body = self._create(compound(self.client, [self.shapes[row] for row in rows]))
        self._rub(body, THING_FRICTION)
        spare_wheels(self.client, body)
        return body

    def _create(
        self,
        collision: int,
        mass: float = 0.0,
        position: Sequence[float] = (0.0, 0.0, 0.0),
        orientation: Sequence[float] = (0.0, 0.0, 0.0, 1.0),
        look: Shape | None = None,
    ) -> int:
        body: int = pybullet.createMultiBody(
            baseMass=mass,
            baseCollisionShapeIndex=collision,
            baseVisualShapeIndex=-1 if look is None else visual_shape(self.client, look),
            basePosition=position,
            baseOrientation=orientation,
            useMaximalCoordinates=mass == 0.0,
            physicsClientId=self.client,
        )
        return body

    def _rub(self, body: int, friction: float) -> None:
        pybullet.changeDynamics(body, -1, lateralFriction=friction, physicsClientId=self.client)

    def _is_low(self, shape: Shape) -> bool:
        """Return whether it lies on a floor and passes under the chassis, so that wheels roll over it."""
        low, high = shape.z_range()
        return any(abs(low - top) < 0.02 and high < top + DRIVABLE_M for top in self._tops)

    def _is_drivable(self, shape: Shape) -> bool:
        return shape.semantic != "floor" and self._is_low(shape)

    def _collision_shape(self, shape: Shape) -> int:
        key = (shape.kind, shape.size)
        if key not in self._collision:
            self._collision[key] = _collision_shape(self.client, shape)
        return self._collision[key]


def spare_wheels(client: int, body: int, casters_only: bool = False) -> None:
    """Let a body without mass touch the chassis, but not the wheels or at least not the casters.

    The wheels' contact spheres are wider than the wheels are, and rigid casters would lift the wheels off the floor.
    """
    spared = CASTER_GROUP if casters_only else WHEEL_GROUP | CASTER_GROUP
    pybullet.setCollisionFilterGroupMask(body, -1, STATIC_GROUP, ~(STATIC_GROUP | spared), physicsClientId=client)


def _collision_shape(client: int, shape: Shape) -> int:
    if shape.kind == "box":
        half = [extent / 2.0 for extent in shape.size]
        found = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=client)
    elif shape.kind == "sphere":
        found = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=shape.size[0], physicsClientId=client)
    else:
        kind = pybullet.GEOM_CYLINDER if shape.kind == "cylinder" else pybullet.GEOM_CAPSULE
        radius, length = shape.size
        found = pybullet.createCollisionShape(kind, radius=radius, height=length, physicsClientId=client)
    return int(found)
