"""One person in the physics engine: twelve massless bodies and a mouth, put where the gait says, never pushed.

Each part is a body of its own without mass: placing them all costs less than one multibody's forward kinematics, and
the solver has nothing to integrate. Contacts push the robot, not the person. Visual shapes may be left out for worlds
that are never rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from sim.bullet import pybullet
from sim.people import body_mesh
from sim.people.appearance import Appearance
from sim.people.head_mesh import head_mesh, mouth_mesh
from sim.people.limbs import (
    HEAD,
    PARTS,
    TRUNK,
    Capsule,
    CapsuleRig,
    Floats,
    Quaternion,
    Vector,
    capsule_frame,
    part_capsules,
    place_parts,
    rotate,
)
from sim.people.mesh import Mesh
from sim.people.skeleton import Skeleton
from sim.people.state import PersonState

BELOW_M = -100.0  # z where bodies wait that nobody can touch
MOUTH_OPENS = 0.35  # of PersonState.mouth, from which it is shown open


class PersonBody:
    """A person's bodies in one physics client.

    Attributes:
        body_ids: physics ids in the order of `limbs.PARTS`, for contact queries.
    """

    def __init__(self, client: int, appearance: Appearance, name: str, visible: bool = True) -> None:
        """Create the parts at the origin.

        Args:
            client: physics client id.
            visible: create meshes and texture; without them the person can be touched but not seen.
        """
        self.name = name
        self.appearance = appearance
        self.bones = Skeleton.of(appearance)
        self._client = client
        capsules = part_capsules(self.bones)
        self._rig = CapsuleRig(capsules)
        texture = pybullet.loadTexture(str(appearance.texture_path), physicsClientId=client) if visible else -1
        meshes = part_meshes(appearance, self.bones) if visible else {}
        self.body_ids = tuple(
            _create_part(client, [c for c in capsules if c.part == part], meshes.get(part), texture) for part in PARTS
        )
        self._mouth = _create_part(client, [], mouth_mesh(appearance), texture) if visible else -1
        self._parts: Floats = np.empty((len(PARTS), 7))
        self._tangible = True
        self.place(PersonState(0.0, 0.0))

    def place(self, state: PersonState, tangible: bool = True) -> None:
        """Put every part where the state says; bodies that need not be `tangible` wait far below the floor."""
        self.state = state
        self._parts = place_parts(state, self.bones)
        if tangible:
            self._put(self._parts.tolist())
        elif self._tangible:
            self._put([[0.0, 0.0, BELOW_M, 0.0, 0.0, 0.0, 1.0]] * len(PARTS))
        self._tangible = tangible
        if self._mouth >= 0:
            self._place_mouth(state.mouth > MOUTH_OPENS)

    def _put(self, rows: Sequence[Sequence[float]]) -> None:
        for body, row in zip(self.body_ids, rows, strict=True):
            pybullet.resetBasePositionAndOrientation(body, row[:3], row[3:], physicsClientId=self._client)

    def _place_mouth(self, is_open: bool) -> None:
        """An open mouth is a dark patch before the lips; a closed one hides it inside the head."""
        position, turn = self._pose(HEAD)
        x, y, z = (0.0, 0.0, 0.0) if is_open else rotate(turn, (-0.05, 0.0, 0.0))
        place = (position[0] + x, position[1] + y, position[2] + z)
        pybullet.resetBasePositionAndOrientation(self._mouth, place, turn, physicsClientId=self._client)

    def collision_shapes(self) -> Floats:
        """Return (14, 7) capsules in the map frame: ax, ay, az, bx, by, bz, radius (m)."""
        return self._rig.in_map(self._parts)

    def write_collision_shapes(self, out: Floats) -> None:
        """Fill (14, 7) with `collision_shapes`."""
        self._rig.write_in_map(self._parts, out)

    @property
    def capsule_half(self) -> Floats:
        """(14, 3) half extents of the capsules along their own axes (z is the axis), round ends included."""
        half: Floats = self._rig.half
        return half

    def write_capsules(self, center: Floats, rotation: Floats) -> None:
        """Fill (14, 3) centres (m, map) and (14, 3, 3) rotations local to map, for the ray caster's rows."""
        self._rig.write_frames(self._parts, center, rotation)

    def hip_pose_world(self) -> tuple[Vector, Quaternion]:
        """Return position and quaternion (x, y, z, w) of the hip centre, map frame."""
        return self._pose(TRUNK)

    def head_pose_world(self) -> tuple[Vector, Quaternion]:
        """Return position and quaternion (x, y, z, w) of the neck pivot frame: x out of the face, z up."""
        return self._pose(HEAD)

    def face_center_world(self) -> Vector:
        """Return the point between the eyes, map frame (m)."""
        position, turn = self._pose(HEAD)
        scale = self.appearance.head_scale
        x, y, z = rotate(turn, (0.080 * scale, 0.0, 0.066 * scale))
        return position[0] + x, position[1] + y, position[2] + z

    def face_direction_world(self) -> Vector:
        """Return the unit vector out of the face, map frame."""
        return rotate(self._pose(HEAD)[1], (1.0, 0.0, 0.0))

    def _pose(self, part: int) -> tuple[Vector, Quaternion]:
        x, y, z, qx, qy, qz, qw = self._parts[part].tolist()
        return (x, y, z), (qx, qy, qz, qw)

    def remove(self) -> None:
        """Take the person out of the physics client."""
        for body in (*self.body_ids, *([self._mouth] if self._mouth >= 0 else [])):
            pybullet.removeBody(body, physicsClientId=self._client)


def part_meshes(look: Appearance, bones: Skeleton) -> dict[str, Mesh]:
    """Return the mesh of every part that has one."""
    makers: dict[str, Callable[[], Mesh]] = {
        "trunk": partial(body_mesh.trunk_mesh, look, bones),
        "head": partial(head_mesh, look),
        "forearm_left": partial(body_mesh.forearm_mesh, look, bones, 1),
        "forearm_right": partial(body_mesh.forearm_mesh, look, bones, -1),
    }
    for side in ("left", "right"):
        makers[f"upper_arm_{side}"] = partial(body_mesh.upper_arm_mesh, look, bones)
        makers[f"thigh_{side}"] = partial(body_mesh.thigh_mesh, look, bones)
        makers[f"shank_{side}"] = partial(body_mesh.shank_mesh, look, bones)
        makers[f"foot_{side}"] = partial(body_mesh.foot_mesh, look, bones)
    return {part: make() for part, make in makers.items()}


def _create_part(client: int, capsules: list[Capsule], mesh: Mesh | None, texture: int) -> int:
    body: int = pybullet.createMultiBody(
        baseMass=0.0,
        baseCollisionShapeIndex=_collision_shape(client, capsules) if capsules else -1,
        baseVisualShapeIndex=-1 if mesh is None else _visual_shape(client, mesh),
        useMaximalCoordinates=True,
        physicsClientId=client,
    )
    if mesh is not None:
        pybullet.changeVisualShape(body, -1, textureUniqueId=texture, physicsClientId=client)
    return body


def _visual_shape(client: int, mesh: Mesh) -> int:
    shape: int = pybullet.createVisualShape(
        pybullet.GEOM_MESH,
        vertices=mesh.vertices.tolist(),
        indices=mesh.faces.ravel().tolist(),
        uvs=mesh.uvs.tolist(),
        normals=mesh.normals.tolist(),
        rgbaColor=[1.0, 1.0, 1.0, 1.0],
        specularColor=[0.0, 0.0, 0.0],
        physicsClientId=client,
    )
    return shape


def _collision_shape(client: int, capsules: list[Capsule]) -> int:
    axes = [capsule_frame(c) for c in capsules]
    shape: int = pybullet.createCollisionShapeArray(
        shapeTypes=[pybullet.GEOM_CAPSULE] * len(capsules),
        radii=[c.radius for c in capsules],
        lengths=[length for _, _, length in axes],
        collisionFramePositions=[position for position, _, _ in axes],
        collisionFrameOrientations=[turn for _, turn, _ in axes],
        physicsClientId=client,
    )
    return shape
