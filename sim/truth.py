"""Ground truth for scorers: who is where, who could be seen, and what the rover touched since the last message."""

from __future__ import annotations

import math
from collections.abc import Sequence

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.messages import Contact, PersonTruth, WorldTruth
from sim.base import BaseState
from sim.people_stage import Actor, PeopleStage
from sim.planar import Surroundings, capsules_gap
from sim.raycast import Pinhole
from sim.scene import Scene
from sim.sensors.mounts import camera_pose
from sim.sight import clear, in_frame, limb_middles

FALL_TILT = math.radians(25.0)
FALL_DEPTH = 0.10  # m below the floor it should stand on
SEEN_ROWS = slice(0, 4)  # of a person's capsules: trunk and head


class TruthTeller:
    """Makes WorldTruth messages; `touch` collects contacts between them."""

    def __init__(self, scene: Scene, stage: PeopleStage, body: RoverBody) -> None:
        """Bind to a world."""
        self._scene, self._stage, self._body = scene, stage, body
        self._around = Surroundings(scene.shapes, body)
        self._pinhole = Pinhole.of(body.camera.width, body.camera.height, body.camera.half_fov)
        self._touched: dict[tuple[str, str], None] = {}

    def touch(self, other: int, point: Sequence[float]) -> None:
        """Note that the chassis touched a physics body at a point (map)."""
        person = self._stage.name_of(other)
        if person is not None:
            self._touched[("person", person)] = None
            return
        thing = self._scene.touched(other, point)
        if thing is not None:
            self._touched[("object", thing)] = None

    def sample(self, now_ns: int, state: BaseState, floor_z: float) -> WorldTruth:
        """Return the state of the world now; `floor_z` is the height of the floor that the rover started on."""
        pose = Pose2(float(state.position[0]), float(state.position[1]), state.yaw)
        z = float(state.position[2])
        if state.tilt > FALL_TILT or z < floor_z - FALL_DEPTH:
            self._touched[("fall", "floor")] = None
        contacts = tuple(Contact(kind=kind, name=name) for kind, name in self._touched)
        self._touched = {}
        return WorldTruth(
            stamp_ns=now_ns,
            x=pose.x,
            y=pose.y,
            z=z,
            yaw=pose.yaw,
            v=state.forward_speed,
            omega=float(state.angular[2]),
            people=self._people(state, pose, z),
            contacts=contacts,
            clearance_m=self._around.clearance(pose, z),
        )

    def _people(self, state: BaseState, pose: Pose2, z: float) -> tuple[PersonTruth, ...]:
        if not self._stage.actors:
            return ()
        origin, axes = camera_pose(state, self._body.camera)
        points = limb_middles(self._stage)[:, SEEN_ROWS]
        visible = clear(self._scene.rays, origin, points)
        framed = visible & in_frame(self._pinhole, origin, axes, points)
        return tuple(
            self._person(actor, pose, z, bool(visible[i].any()), bool(framed[i].any()))
            for i, actor in enumerate(self._stage.actors)
        )

    def _person(self, actor: Actor, pose: Pose2, z: float, in_sight: bool, in_view: bool) -> PersonTruth:
        walker, body = actor.walker, self._body
        limbs = self._stage.capsules()[actor.index]
        gap = capsules_gap(limbs, pose.x, pose.y, pose.yaw, body.length / 2.0, body.width / 2.0, z + body.height)
        return PersonTruth(
            name=actor.name,
            x=walker.pose.x,
            y=walker.pose.y,
            yaw=wrap_angle(walker.pose.yaw),
            speed=walker.speed,
            in_sight=in_sight,
            in_view=in_view,
            gap_m=float(gap),
        )
