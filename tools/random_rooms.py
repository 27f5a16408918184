"""Rooms that are nobody's home, for training: walls, boxes of furniture's sizes and people dropped anywhere.

They keep the shape network from learning the six homes by heart; bodies may even stand half in a wardrobe.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.rng import spawn
from sim.base import BaseState
from sim.people.appearance import APPEARANCES
from sim.people.person import PersonBody
from sim.people.state import PersonState
from sim.scene import Scene
from sim.sensors.camera import ColorCamera
from sim.sensors.depth import DepthCamera
from tools.labelled_frames import LabelledFrame
from worlds.shape import Shape, quaternion_from_yaw

FURNITURE = (  # length, width, height, m: cupboards, shelves, tables, seats, posts, appliances
    (0.6, 0.65, 1.8), (0.3, 0.4, 1.9), (1.2, 0.5, 2.0), (0.9, 1.6, 0.45), (0.45, 0.45, 0.9), (0.08, 0.08, 1.5),
    (0.9, 2.0, 0.8), (0.35, 0.8, 1.2), (0.3, 0.3, 1.4), (0.5, 0.5, 0.5), (0.25, 0.25, 1.7),
)  # fmt: skip
FRAMES = 10  # of one room
AWAY = PersonState(0.0, 0.0, z_floor=-60.0)


def random_room_frames(seed: int, rooms: int) -> Iterator[LabelledFrame]:
    """Yield FRAMES frames of each room, with up to three people before the camera at new places each time."""
    rng, body = spawn(seed, "random_rooms"), RoverBody()
    for _ in range(rooms):
        length, width = float(rng.uniform(5.0, 9.0)), float(rng.uniform(4.0, 7.0))
        scene = Scene(_room(rng, length, width))
        color = ColorCamera(scene.client, body.camera, rng)
        depth = DepthCamera(body.camera, rng)
        people = [PersonBody(scene.client, look, look.name) for look in rng.permutation(np.array(APPEARANCES))[:3]]
        for _ in range(FRAMES):
            pose = _viewpoint(rng, length, width)
            shown = people[: int(rng.integers(0, 4))]
            for person in people:
                person.place(_somewhere(rng, pose) if person in shown else AWAY)
            state = _state(pose)
            rgb, metres = color.render(state)
            limbs = np.stack([p.collision_shapes() for p in people])[: len(shown)]
            image, frame = color.message(0, rgb), depth.message(0, metres[::2, ::2], depth.full)
            yield LabelledFrame(0, pose, image, frame, (), limbs)
        scene.close()


def _room(rng: Generator, length: float, width: float) -> list[Shape]:
    """Return floor, four walls, perhaps a wall with a doorway, and furniture, half of it against a wall."""
    floor = Shape("floor", "box", (length + 1.0, width + 1.0, 0.1), (length / 2.0, 0.0, -0.05), semantic="floor")
    walls = [(length / 2, width / 2, length, 0.1), (length / 2, -width / 2, length, 0.1)]
    walls += [(0.0, 0.0, 0.1, width), (length, 0.0, 0.1, width)]
    if rng.random() < 0.6:
        x, door = float(rng.uniform(2.5, length - 1.5)), float(rng.uniform(-width / 2 + 1, width / 2 - 1))
        low, high = door - 0.45 + width / 2, width / 2 - door - 0.45
        walls += [(x, -width / 2 + low / 2, 0.1, low), (x, width / 2 - high / 2, 0.1, high)]
    shapes = [floor]
    shapes += [Shape(f"wall{i}", "box", (a, b, 2.5), (x, y, 1.25)) for i, (x, y, a, b) in enumerate(walls)]
    for i in range(int(rng.integers(4, 12))):
        size = np.array(FURNITURE[int(rng.integers(len(FURNITURE)))]) * rng.uniform(0.85, 1.2, 3)
        x, y = float(rng.uniform(0.5, length - 0.5)), float(rng.uniform(-width / 2 + 0.4, width / 2 - 0.4))
        if rng.random() < 0.5:
            y = math.copysign(width / 2 - float(size[1]) / 2 - 0.05, y)
        yaw = float(rng.choice([0.0, math.pi / 2.0, float(rng.uniform(0.0, 3.0))]))
        box = (float(size[0]), float(size[1]), float(size[2]))
        shapes.append(Shape(f"thing{i}", "box", box, (x, y, box[2] / 2.0), quaternion_from_yaw(yaw)))
    return shapes


def _viewpoint(rng: Generator, length: float, width: float) -> Pose2:
    x, y = float(rng.uniform(0.5, length - 1.5)), float(rng.uniform(-width / 2 + 0.6, width / 2 - 0.6))
    toward_middle = math.atan2(-y + float(rng.uniform(-1.0, 1.0)), length / 2.0 - x)
    anywhere = float(rng.uniform(-math.pi, math.pi))
    return Pose2(x, y, toward_middle if rng.random() < 0.7 else anywhere)


def _somewhere(rng: Generator, robot: Pose2) -> PersonState:
    """Return a person in any phase of walking, turned anyhow, mostly in view."""
    x, y = Pose2(robot.x, robot.y, wrap_angle(robot.yaw + float(rng.uniform(-0.7, 0.7)))).apply(
        float(rng.uniform(0.6, 5.0)), 0.0
    )
    return PersonState(
        x,
        y,
        yaw=float(rng.uniform(-math.pi, math.pi)),
        gait_phase=float(rng.random()),
        speed=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.5 else 0.0,
        sitting=1.0 if rng.random() < 0.08 else 0.0,
    )


def _state(pose: Pose2) -> BaseState:
    c, s = math.cos(pose.yaw), math.sin(pose.yaw)
    rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return BaseState(np.array([pose.x, pose.y, 0.0]), rotation, pose.yaw, np.zeros(3), np.zeros(3), 0.0, 0.0)
