"""Ground truth for scorers: who is where, who could be seen, and what the rover touched since the last message."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.messages import Contact, PersonTruth, WorldTruth
from sim.base import BaseState
from sim.people_stage import Actor, PeopleStage
from sim.planar import Surroundings, capsules_gap
from sim.raycast import Pinhole
from sim.scene import Scene
from sim.sensors.mounts import camera_pose

FALL_TILT = math.radians(25.0)
FALL_DEPTH = 0.10  # m below the floor it should stand on
TRUNK_ROWS, HEAD_ROW = (0, 1, 2), 3  # of a person's capsules


class TruthTeller:
    """Makes WorldTruth messages; `touch` collects contacts between them."""

    def __init__(self, scene: Scene, stage: PeopleStage, body: RoverBody) -> None:
        """Bind to a world."""
        self._scene, self._stage, self._body = scene, stage, body
        self._around = Surroundings(scene.shapes, body)
        self._pinhole = Pinhole.of(body.camera.width, body.camera.height, body.camera.half_fov)
        self._touched: dict[tuple[str, str], None] = {}

    def touch(self, other: int) -> None:
        """Note that the chassis touched a physics body."""
        person = self._stage.name_of(other)
        if person is not None:
            self._touched[("person", person)] = None
        else:
            self._touched[("object", self._scene.names.get(other, "unknown"))] = None

    def sample(self, now_ns: int, state: BaseState, floor_z: float) -> WorldTruth:
        """Return the state of the world now; `floor_z` is the height of the floor under the rover."""
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
        origin, axes = camera_pose(state, self._body.camera)
        return tuple(self._person(actor, origin, axes, pose, z) for actor in self._stage.actors)

    def _person(
        self, actor: Actor, origin: NDArray[np.float64], axes: NDArray[np.float64], pose: Pose2, z: float
    ) -> PersonTruth:
        walker, body = actor.walker, self._body
        points = np.stack([_middle(actor.capsules[row]) for row in (*TRUNK_ROWS, HEAD_ROW)])
        clear = clear_rays(self._scene, actor, origin, points)
        framed = in_frame(self._pinhole, origin, axes, points)
        gap = capsules_gap(
            actor.capsules, pose.x, pose.y, pose.yaw, body.length / 2.0, body.width / 2.0, z + body.height
        )
        return PersonTruth(
            name=actor.name,
            x=walker.pose.x,
            y=walker.pose.y,
            yaw=wrap_angle(walker.pose.yaw),
            speed=walker.speed,
            in_sight=bool(clear.any()),
            in_view=bool((clear & framed).any()),
            gap_m=float(gap),
        )


def clear_rays(
    scene: Scene, actor: Actor, origin: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return for (N, 3) map points whether the line from `origin` to each is free of everything but `actor`."""
    rays = scene.rays
    rows = rays.depth_rows[(rays.depth_rows < actor.rows.start) | (rays.depth_rows >= actor.rows.stop)]
    fraction, _ = rays.rays(np.tile(origin, (len(points), 1)), points, rows)
    clear: NDArray[np.bool_] = np.isinf(fraction)
    return clear


def in_frame(
    camera: Pinhole, origin: NDArray[np.float64], axes: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return for (N, 3) map points whether they fall inside the image."""
    seen = (points - origin) @ axes
    depth = np.maximum(seen[:, 2], 1e-6)
    u, v = camera.cx + camera.fx * seen[:, 0] / depth, camera.cy + camera.fy * seen[:, 1] / depth
    inside = (u >= 0.0) & (u <= camera.width - 1) & (v >= 0.0) & (v <= camera.height - 1)
    framed: NDArray[np.bool_] = inside & (seen[:, 2] > 0.0)
    return framed


def _middle(capsule: NDArray[np.float64]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = (capsule[:3] + capsule[3:6]) / 2.0
    return middle


