"""Things in the 3D view of Foxglove and Rerun: the home, the robot, people as they are and as the robot thinks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from foxglove.messages import (
    ArrowPrimitive,
    Color,
    CubePrimitive,
    CylinderPrimitive,
    LinePrimitive,
    LinePrimitiveLineType,
    Pose,
    Quaternion,
    SceneEntity,
    SceneUpdate,
    SpherePrimitive,
    TextPrimitive,
    Vector3,
)

from robot.bodies.rover.body import RoverBody
from robot.messages import Lock, NavGoal, Path, People, WorldTruth
from robot.recording.foxglove_values import OTHER, PATH, PERSON, ROBOT, WARNING, points, pose, timestamp

PERSON_HEIGHT = 1.7  # m, drawn
PERSON_WIDTH = 0.4  # m, drawn
_CIRCLE = tuple((math.cos(math.pi * i / 8), math.sin(math.pi * i / 8)) for i in range(16))
LOCK_COLORS = {"locked": ROBOT, "occluded": PERSON, "lost": WARNING, "none": OTHER}


class Solid(NamedTuple):
    """One primitive of a home in map. Plain values, so that whoever knows the home can hand it over."""

    name: str
    kind: str
    """"box", "cylinder", "sphere" or "capsule" (drawn as a cylinder)."""
    size: tuple[float, ...]
    """m: box (x, y, z); cylinder (radius, length); capsule (radius, length between centres); sphere (radius,)."""
    position: tuple[float, float, float]
    """m, of the centre"""
    orientation: tuple[float, float, float, float]
    """x, y, z, w"""
    color: tuple[float, float, float, float]
    """red, green, blue, alpha, 0 to 1"""


def home(solids: Sequence[Solid]) -> SceneUpdate:
    """Return the fixed scene as one entity in map. Raises ValueError on a kind that does not exist."""
    cubes, cylinders, spheres = [], [], []
    for solid in solids:
        where, color = _pose_of(solid), _color(solid.color)
        if solid.kind == "box":
            cubes.append(CubePrimitive(pose=where, size=_vector(solid.size), color=color))
        elif solid.kind == "sphere":
            spheres.append(SpherePrimitive(pose=where, size=_vector((2 * solid.size[0],) * 3), color=color))
        elif solid.kind in ("cylinder", "capsule"):
            radius, length = solid.size
            height = length + (2 * radius if solid.kind == "capsule" else 0.0)
            size = _vector((2 * radius, 2 * radius, height))
            cylinders.append(CylinderPrimitive(pose=where, size=size, bottom_scale=1.0, top_scale=1.0, color=color))
        else:
            raise ValueError(f"solid '{solid.name}': no kind '{solid.kind}' (box, cylinder, sphere, capsule)")
    entity = SceneEntity(
        timestamp=timestamp(0), frame_id="map", id="home", cubes=cubes, cylinders=cylinders, spheres=spheres
    )
    return SceneUpdate(entities=[entity])


def robot(body: RoverBody) -> SceneUpdate:
    """Return chassis, mast and footprint, fixed to base_link."""
    chassis = CubePrimitive(
        pose=pose(0.0, 0.0, body.chassis_height / 2),
        size=_vector((body.length, body.width, body.chassis_height)),
        color=Color(r=0.10, g=0.45, b=0.85, a=0.7),
    )
    mast = CylinderPrimitive(
        pose=pose(body.camera.x, body.camera.y, (body.chassis_height + body.height) / 2),
        size=_vector((2 * body.mast_radius, 2 * body.mast_radius, body.height - body.chassis_height)),
        bottom_scale=1.0,
        top_scale=1.0,
        color=ROBOT,
    )
    outline = _line(list(body.footprint), 0.01, ROBOT, closed=True)
    entity = SceneEntity(
        timestamp=timestamp(0),
        frame_id="base_link",
        id="robot",
        frame_locked=True,
        cubes=[chassis],
        cylinders=[mast],
        lines=[outline],
    )
    return SceneUpdate(entities=[entity])


def truth(world: WorldTruth, t_ns: int) -> SceneUpdate:
    """Return where people and the robot really are: the followed person in orange, others grey."""
    entities = []
    for index, person in enumerate(world.people):
        color = PERSON if index == 0 else OTHER
        heading = ArrowPrimitive(
            pose=pose(person.x, person.y, PERSON_HEIGHT, person.yaw),
            shaft_length=0.3,
            shaft_diameter=0.06,
            head_length=0.12,
            head_diameter=0.14,
            color=color,
        )
        label = TextPrimitive(
            pose=pose(person.x, person.y, PERSON_HEIGHT + 0.2),
            billboard=True,
            font_size=0.15,
            color=color,
            text=person.name,
        )
        entities.append(
            SceneEntity(
                timestamp=timestamp(t_ns),
                frame_id="map",
                id=f"person {person.name}",
                cylinders=[_body(person.x, person.y, color)],
                arrows=[heading],
                texts=[label],
            )
        )
    here = _line([(world.x, world.y), _ahead(world.x, world.y, world.yaw, 0.4)], 0.02, WARNING)
    entities.append(SceneEntity(timestamp=timestamp(t_ns), frame_id="map", id="robot, truly", lines=[here]))
    return SceneUpdate(entities=entities)


def tracks(people: People, t_ns: int) -> SceneUpdate:
    """Return the people the robot thinks are there, as one entity of rings in odom."""
    rings = [_ring(track.x, track.y, max(track.std_m, 0.1), OTHER) for track in people.tracks]
    labels = [
        TextPrimitive(
            pose=pose(track.x, track.y, 0.3), billboard=True, font_size=0.12, color=OTHER, text=f"track {track.id}"
        )
        for track in people.tracks
    ]
    entity = SceneEntity(timestamp=timestamp(t_ns), frame_id="odom", id="tracks", lines=rings, texts=labels)
    return SceneUpdate(entities=[entity])


def lock(message: Lock, t_ns: int) -> SceneUpdate:
    """Return the locked person as a ring whose colour tells the state."""
    rings = [] if message.state == "none" else [_ring(message.x, message.y, 0.35, LOCK_COLORS[message.state])]
    entity = SceneEntity(timestamp=timestamp(t_ns), frame_id="odom", id="lock", lines=rings)
    return SceneUpdate(entities=[entity])


def path(message: Path, t_ns: int) -> SceneUpdate:
    """Return the planned way as a line in odom."""
    way = [(float(x), float(y)) for x, y in message.points]
    lines = [_line(way, 0.03, PATH)] if len(way) > 1 else []
    return SceneUpdate(entities=[SceneEntity(timestamp=timestamp(t_ns), frame_id="odom", id="path", lines=lines)])


def goal(message: NavGoal, t_ns: int) -> SceneUpdate:
    """Return the goal as a ring in odom; nothing while the goal is to stop."""
    rings = [_ring(message.x, message.y, message.tolerance_m, PATH)] if message.mode == "go" else []
    return SceneUpdate(entities=[SceneEntity(timestamp=timestamp(t_ns), frame_id="odom", id="goal", lines=rings)])


def _body(x: float, y: float, color: Color) -> CylinderPrimitive:
    size = _vector((PERSON_WIDTH, PERSON_WIDTH, PERSON_HEIGHT))
    where = pose(x, y, PERSON_HEIGHT / 2)
    return CylinderPrimitive(pose=where, size=size, bottom_scale=1.0, top_scale=0.7, color=color)


def _ring(x: float, y: float, radius: float, color: Color) -> LinePrimitive:
    corners = [(x + radius * c, y + radius * s) for c, s in _CIRCLE]
    return _line(corners, 0.03, color, closed=True)


def _line(xy: list[tuple[float, float]], thickness: float, color: Color, closed: bool = False) -> LinePrimitive:
    kind = LinePrimitiveLineType.LineLoop if closed else LinePrimitiveLineType.LineStrip
    return LinePrimitive(type=kind, pose=pose(0.0, 0.0), thickness=thickness, points=points(xy, 0.05), color=color)


def _ahead(x: float, y: float, yaw: float, distance: float) -> tuple[float, float]:
    return x + distance * math.cos(yaw), y + distance * math.sin(yaw)


def _pose_of(solid: Solid) -> Pose:
    qx, qy, qz, qw = solid.orientation
    return Pose(position=_vector(solid.position), orientation=Quaternion(x=qx, y=qy, z=qz, w=qw))


def _vector(values: Sequence[float]) -> Vector3:
    x, y, z = values
    return Vector3(x=x, y=y, z=z)


def _color(rgba: tuple[float, float, float, float]) -> Color:
    r, g, b, a = rgba
    return Color(r=r, g=g, b=b, a=a)
