"""How a display that stands in a home looks to others: three simple bodies that turn with its joints.

They take no part in the home's physics: nobody reaches them up there. To the display's own camera they are not there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from robot.bodies.tabletop.body import TabletopBody, about_z
from sim.bullet import pybullet
from sim.scene import Scene
from worlds.place import Stand
from worlds.shape import Color, Shape, ShapeKind, Vector, quaternion_from_yaw

Floats = NDArray[np.float64]
OWNER = "display"
FOOT: Color = (0.20, 0.21, 0.23, 1.0)
METAL: Color = (0.62, 0.64, 0.67, 1.0)
SCREEN: Color = (0.10, 0.11, 0.13, 1.0)
BOOM_RADIUS, SCREEN_THICK = 0.015, 0.03  # m
AWAY = (0.0, 0.0, -50.0)  # where a camera that must not see them has them: outside every frustum
BODY = TabletopBody()


def figure_shapes(stand: Stand) -> tuple[Shape, ...]:
    """Return base, boom and screen of a display at rest, in map; they are seen and collide with nothing."""
    load = BODY.payload
    bodies: tuple[tuple[str, ShapeKind, tuple[float, ...], Color], ...] = (
        ("base", "box", (2.0 * BODY.base_half, 2.0 * BODY.base_half, BODY.turntable_z), FOOT),
        ("boom", "cylinder", (BOOM_RADIUS, BODY.boom_length), METAL),
        ("screen", "box", (SCREEN_THICK, load.width, load.height), SCREEN),
    )
    places = _places(stand, (0.0, 0.0, 0.0, 0.0))
    return tuple(
        Shape(
            f"{OWNER}.{name}", kind, size, _vector(place), quaternion_from_yaw(stand.yaw), color, solid=False,
            owner=OWNER, semantic="clutter",
        )
        for (name, kind, size, color), (place, _) in zip(bodies, places, strict=True)
    )  # fmt: skip


class Figure:
    """Moves those shapes."""

    def __init__(self, scene: Scene, stand: Stand) -> None:
        """Find the shapes that `figure_shapes` gave to `scene`."""
        self._scene, self._stand = scene, stand
        self.rows = tuple(row for row, shape in enumerate(scene.shapes) if shape.owner == OWNER)
        ids = {name: body for body, name in scene.names.items()}
        self._bodies = [ids[scene.shapes[row].name] for row in self.rows if scene.shapes[row].name in ids]
        self._posed: tuple[float, ...] = ()

    def pose(self, joints: Sequence[float]) -> None:
        """Turn them as the joints (rad) are."""
        rounded = tuple(round(joint, 3) for joint in joints)
        if rounded == self._posed:
            return
        self._posed = rounded
        for row, (place, axes) in zip(self.rows, _places(self._stand, rounded), strict=True):
            self._scene.rays.move(row, _vector(place), axes)
        self.show()

    def show(self) -> None:
        """Put them where they are."""
        rays = self._scene.rays
        for body, row in zip(self._bodies, self.rows, strict=False):
            self._put(body, _vector(rays.center[row]), _quaternion(rays.rotation[row]))

    def hide(self) -> None:
        """Put them where no camera looks."""
        for body in self._bodies:
            self._put(body, AWAY, (0.0, 0.0, 0.0, 1.0))

    def _put(self, body: int, place: Vector, turn: tuple[float, float, float, float]) -> None:
        pybullet.resetBasePositionAndOrientation(body, place, turn, physicsClientId=self._scene.client)


def _places(stand: Stand, joints: Sequence[float]) -> tuple[tuple[Floats, Floats], ...]:
    """Return the middle (m, map) and the axes of base, boom and screen."""
    turn, origin = about_z(stand.yaw), np.array([stand.x, stand.y, stand.z])
    top, axes = BODY.display_pose(joints)
    foot = np.array([0.0, 0.0, BODY.turntable_z + BODY.boom_z])
    along = (top - foot) / BODY.boom_length
    aside = about_z(joints[0])[:, 1]
    boom = np.stack([np.cross(aside, along), aside, along], axis=1)
    screen = top + axes @ np.array([0.0, 0.0, BODY.payload.z])
    local: tuple[tuple[Floats, Floats], ...] = (
        (np.array([0.0, 0.0, BODY.turntable_z / 2.0]), np.eye(3)),
        ((foot + top) / 2.0, boom),
        (screen, axes),
    )
    return tuple((origin + turn @ place, turn @ rotation) for place, rotation in local)


def _vector(values: Floats) -> Vector:
    x, y, z = values
    return float(x), float(y), float(z)


def _quaternion(m: Floats) -> tuple[float, float, float, float]:
    """Return a rotation of less than half a turn about x and y as x, y, z, w."""
    w = math.sqrt(max(0.0, 1.0 + m[0, 0] + m[1, 1] + m[2, 2])) / 2.0
    if w > 0.1:
        return (m[2, 1] - m[1, 2]) / (4 * w), (m[0, 2] - m[2, 0]) / (4 * w), (m[1, 0] - m[0, 1]) / (4 * w), w
    z = math.sqrt(max(0.0, 1.0 + m[2, 2] - m[0, 0] - m[1, 1])) / 2.0
    return (m[0, 2] + m[2, 0]) / (4 * z), (m[1, 2] + m[2, 1]) / (4 * z), z, (m[1, 0] - m[0, 1]) / (4 * z)
