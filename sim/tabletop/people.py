"""The people of a scene in the renderer, put where the scene says, and the truth about their heads."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.bodies.tabletop.body import BezelCamera
from robot.messages import HeadTruth
from sim.people.appearance import Appearance, appearance
from sim.people.head_scripts import HeadAngles
from sim.people.person import PersonBody
from sim.people.state import PersonState
from sim.tabletop.scenes import Actor, Place, Scene

HEAD_RADIUS_M = 0.095
FACE_HALF_M = 0.07  # of a face, that must be in the picture
TURNED_AWAY = math.radians(65.0)

Floats = NDArray[np.float64]


class Cast:
    """Everybody of a scene."""

    def __init__(self, client: int, scene: Scene, visible: bool) -> None:
        self._scene = scene
        self._bodies = [PersonBody(client, _look(actor), actor.name, visible) for actor in scene.actors]
        self._now: list[tuple[Place, HeadAngles, str]] = []

    def pose(self, t: float) -> None:
        """Put everybody where they are at time t."""
        self._now = []
        for actor, body in zip(self._scene.actors, self._bodies, strict=True):
            place, (head, doing) = actor.place(t), actor.head(t)
            self._now.append((place, head, doing))
            _put(body, place, head)

    def truth(self, eye: Floats, axes: Floats, camera: BezelCamera) -> tuple[HeadTruth, ...]:
        """Return the heads as they are, and whether a camera at `eye` with optical `axes` can see their faces."""
        heads = []
        for i, (actor, (place, head, doing)) in enumerate(zip(self._scene.actors, self._now, strict=True)):
            facing = math.atan2(-place[1], -place[0])
            yaw = math.remainder(facing - math.pi + head.yaw, 2.0 * math.pi)
            heads.append(
                HeadTruth(
                    name=actor.name, x=place[0], y=place[1], z=place[2], yaw=yaw, pitch=head.pitch, roll=-head.roll,
                    mouth=head.mouth, in_view=self._in_view(i, eye, axes, camera, yaw), doing=doing,
                )
            )  # fmt: skip
        return tuple(heads)

    def _in_view(self, index: int, eye: Floats, axes: Floats, camera: BezelCamera, yaw: float) -> bool:
        return shows_face(self._now[index][0], yaw, eye, axes, camera) and not self._hidden(index, eye)

    def _hidden(self, index: int, eye: Floats) -> bool:
        """Whether a nearer head or trunk stands before the middle of the face."""
        target = np.array(self._now[index][0])
        for j, (place, _, _) in enumerate(self._now):
            other = np.array(place) - eye
            if j == index or other @ other >= (target - eye) @ (target - eye):
                continue
            ray = (target - eye) / np.linalg.norm(target - eye)
            miss = other - (other @ ray) * ray
            # Below the eyes of somebody nearer are their neck and shoulders.
            lateral, above = math.hypot(miss[0], miss[1]), -miss[2]
            width = HEAD_RADIUS_M if above > -0.13 else 0.2
            if lateral < width and above < 0.17:
                return True
        return False


def shows_face(place: Place, yaw: float, eye: Floats, axes: Floats, camera: BezelCamera) -> bool:
    """Whether a face is inside a camera's picture and turned to it, whatever stands between.

    Args:
        place: between the eyes, in the frame of `eye` and of the columns of `axes`, m.
        yaw: of the head against one that looks along that frame's -x, rad.
    """
    right, down, ahead = axes.T @ (np.array(place) - eye)
    if ahead < 0.2:
        return False
    half = camera.half_fov
    margin = FACE_HALF_M / ahead
    wide, high = math.tan(half), math.tan(half) * camera.height / camera.width
    inside = abs(right / ahead) < wide - margin and abs(down / ahead) < high - margin
    toward = math.atan2(-(place[1] - eye[1]), -(place[0] - eye[0]))
    away = abs(math.remainder(yaw + math.pi - toward, 2.0 * math.pi))
    return bool(inside) and away < TURNED_AWAY


def _look(actor: Actor) -> Appearance:
    look = appearance(actor.look)
    return look if actor.height_m is None else look.at_height(actor.height_m)


def _put(body: PersonBody, place: Place, head: HeadAngles) -> None:
    """Place a body so that its eyes would be at `place` if it held its head upright: nods turn about the neck."""
    x, y, z = place
    facing = math.atan2(-y, -x)
    body.place(PersonState(0.0, 0.0, 0.0, yaw=facing), tangible=False)
    eyes = body.face_center_world()
    state = PersonState(
        x - eyes[0], y - eyes[1], z - eyes[2], yaw=facing, head_yaw=head.yaw, head_pitch=head.pitch,
        head_roll=head.roll, mouth=head.mouth,
    )  # fmt: skip
    body.place(state)
