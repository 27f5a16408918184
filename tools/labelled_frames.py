"""Frames of the rover's camera in real homes with the truth beside them, for training and measuring the detector.

Nobody drives: the camera is carried along the followed person's own trail, 1.2 to 2.2 m behind and turned toward them,
as a good follower would be; between those frames it may also look around from random free places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2, wrap_angle
from robot.messages import DepthImage, Image, Scan
from robot.perception.silhouettes import Cloud
from robot.rng import spawn
from sim.base import BaseState
from sim.config import SimConfig
from sim.look import Look, looks_of
from sim.people.appearance import APPEARANCES
from sim.people_stage import PEOPLE_HZ, PeopleStage
from sim.scene import Scene
from sim.sensors.camera import ColorCamera
from sim.sensors.depth import DepthCamera
from sim.sensors.lidar import Lidar
from sim.sensors.mounts import camera_pose
from sim.sight import clear, limb_middles
from sim.stagecraft import free_space, plans_for, robot_start
from worlds.catalog import load_world
from worlds.grid import Band, grid_of
from worlds.schema import World
from worlds.shapes import shapes_of

FRAME_HZ = 10
MAX_SPEED, MAX_TURN = 1.0, 2.0  # m/s, rad/s
MAKE_WAY_M = 0.95  # nearer than this the follower backs off
SKIN_M = 0.05  # a depth point this near a limb belongs to it
ROVER_BAND = Band(0.01, 1.0)


@dataclass(frozen=True)
class PersonTruth:
    """One person relative to the camera's base_link."""

    name: str
    look: str
    x: float
    y: float
    facing: float
    height_m: float  # of the crown above the camera's floor
    visible: float  # share of the limbs that can be seen
    seen: Look


@dataclass(frozen=True)
class LabelledFrame:
    """What the sensors deliver and what is true."""

    t_ns: int
    pose: Pose2  # of base_link in map
    image: Image
    depth: DepthImage
    people: tuple[PersonTruth, ...]
    limbs: NDArray[np.float64]  # (P, K, 7) capsules in map


class Stroll:
    """One home, one episode."""

    def __init__(self, world: str, seed: int, behind_m: float = 1.5, dressed: int = 0) -> None:
        """Start an episode.

        Args:
            behind_m: how far behind the followed person.
            dressed: everybody's appearance is this many rows further on, so that every look can be seen in every home.
        """
        body = RoverBody()
        home, self._body = _dressed(load_world(world), dressed), body
        config = SimConfig(world=world, seed=seed)
        plans = plans_for(home, config)
        self.scene = Scene(shapes_of(home), len(plans))
        self.stage = PeopleStage(self.scene, home, plans, seed, True, free_space(home))
        self._color = ColorCamera(self.scene.client, body.camera, spawn(seed, "camera"))
        self._depth = DepthCamera(body.camera, spawn(seed, "depth"))
        self._lidar = Lidar(body.lidar, spawn(seed, "lidar"))
        x, y, self._floor, yaw = robot_start(home)
        self.pose, self._behind, self._steps = Pose2(x, y, yaw), behind_m, 0
        first = self.stage.actors[0].walker.pose
        self._trail = [(x, y), (first.x, first.y)]
        self._past: list[tuple[float, float]] = []
        grid = grid_of(home, ROVER_BAND, self._floor)
        rows, columns = np.nonzero(grid.clearance > 0.3)
        self._free = grid.points(rows, columns)

    @property
    def t_ns(self) -> int:
        """Time since the start, ns."""
        return self._steps * NS_PER_S // PEOPLE_HZ

    def advance(self) -> None:
        """Let 1 / FRAME_HZ seconds pass."""
        for _ in range(PEOPLE_HZ // FRAME_HZ):
            self.stage.step(self.pose)
            self._steps += 1
            self._follow(1.0 / PEOPLE_HZ)
        self.stage.pose(self._steps)
        self.scene.update_loose()

    def frame(self, pose: Pose2 | None = None) -> LabelledFrame:
        """Return what the camera sees now from the follower's place, or from `pose`."""
        where = self.pose if pose is None else pose
        state = self.state(where)
        rgb, metres = self._color.render(state)
        stride = self._body.camera.width // self._body.camera.depth_width
        image = self._color.message(self.t_ns, rgb)
        depth = self._depth.message(self.t_ns, metres[::stride, ::stride], self._depth.full)
        return LabelledFrame(self.t_ns, where, image, depth, self._people(where, state), self.stage.capsules().copy())

    def truth(self, pose: Pose2) -> tuple[PersonTruth, ...]:
        """Return how everybody appears from `pose`, without rendering."""
        return self._people(pose, self.state(pose))

    def scan(self) -> Scan:
        """Return a turn of the lidar from the follower's place."""
        return self._lidar.sample(self.t_ns, self.state(self.pose), self.scene.rays)

    def random_pose(self, rng: np.random.Generator) -> Pose2:
        """Return a free place; mostly with somebody's direction in view."""
        x, y = (float(v) for v in self._free[int(rng.integers(len(self._free)))])
        yaw = float(rng.uniform(-math.pi, math.pi))
        if rng.random() < 0.6:
            to = self.stage.actors[int(rng.integers(len(self.stage.actors)))].walker.pose
            yaw = math.atan2(to.y - y, to.x - x) + float(rng.uniform(-0.5, 0.5))
        return Pose2(x, y, wrap_angle(yaw))

    def beside_pose(self, rng: np.random.Generator) -> Pose2:
        """Return a free place 0.35 to 1.2 m from somebody, who is in view; any free place when there is none."""
        to = self.stage.actors[int(rng.integers(len(self.stage.actors)))].walker.pose
        away = np.hypot(self._free[:, 0] - to.x, self._free[:, 1] - to.y)
        near = self._free[(away > 0.35) & (away < 1.2)]
        if not len(near):
            return self.random_pose(rng)
        x, y = (float(v) for v in near[int(rng.integers(len(near)))])
        return Pose2(x, y, wrap_angle(math.atan2(to.y - y, to.x - x) + float(rng.uniform(-0.6, 0.6))))

    def close(self) -> None:
        """Release PyBullet."""
        self.scene.close()

    def state(self, pose: Pose2) -> BaseState:
        """Return the state of a base that stands at `pose`."""
        c, s = math.cos(pose.yaw), math.sin(pose.yaw)
        rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
        position = np.array([pose.x, pose.y, self._floor])
        return BaseState(position, rotation, pose.yaw, np.zeros(3), np.zeros(3), 0.0, 0.0)

    def _people(self, pose: Pose2, state: BaseState) -> tuple[PersonTruth, ...]:
        origin, axes = camera_pose(state, self._body.camera)
        looks = looks_of(self.scene.rays, self.stage, self._color.pinhole, origin, axes)
        rows = []
        for actor, seen in zip(self.stage.actors, looks, strict=True):
            there, body = actor.walker.pose, actor.body.appearance
            x, y = pose.inverse().apply(there.x, there.y)
            facing = wrap_angle(there.yaw - pose.yaw)
            crown = seen.top - self._floor
            rows.append(PersonTruth(actor.name, body.name, x, y, facing, crown, seen.fraction, seen))
        return tuple(rows)

    def _follow(self, dt: float) -> None:
        """Move along the trail to `behind` metres from its end, turned toward the person while they are in sight."""
        person = self.stage.actors[0].walker.pose
        if math.dist(self._trail[-1], (person.x, person.y)) > 0.05:
            self._trail.append((person.x, person.y))
        while len(self._trail) > 2 and math.dist(self._trail[0], (self.pose.x, self.pose.y)) < 0.06:
            self._trail.pop(0)
        if self.pose.distance_to(person.x, person.y) < MAKE_WAY_M and self._past:
            self._make_way(dt)
            return
        left = sum(math.dist(a, b) for a, b in zip(self._trail, self._trail[1:], strict=False))
        x, y = self.pose.x, self.pose.y
        if left > self._behind:
            gap = max(1e-6, math.dist((x, y), self._trail[0]))
            step = min(MAX_SPEED * dt, gap)
            if not self._past or math.dist(self._past[-1], (x, y)) > 0.05:
                self._past.append((x, y))
            x, y = x + (self._trail[0][0] - x) / gap * step, y + (self._trail[0][1] - y) / gap * step
        aim = (person.x, person.y) if self._in_sight() else self._trail[min(12, len(self._trail) - 1)]
        turn = wrap_angle(math.atan2(aim[1] - y, aim[0] - x) - self.pose.yaw)
        self.pose = Pose2(x, y, wrap_angle(self.pose.yaw + max(-MAX_TURN * dt, min(MAX_TURN * dt, turn))))

    def _make_way(self, dt: float) -> None:
        """Back off the way it came, without turning."""
        x, y = self.pose.x, self.pose.y
        gap = math.dist((x, y), self._past[-1])
        if gap < 0.06:
            self._trail.insert(0, self._past.pop())
            return
        step = min(0.5 * MAX_SPEED * dt, gap)
        back = self._past[-1]
        self.pose = Pose2(x + (back[0] - x) / gap * step, y + (back[1] - y) / gap * step, self.pose.yaw)

    def _in_sight(self) -> bool:
        origin, _ = camera_pose(self.state(self.pose), self._body.camera)
        return bool(clear(self.scene.rays, origin, limb_middles(self.stage))[0, :4].any())


def _dressed(home: World, rows: int) -> World:
    people = tuple(replace(p, appearance=(p.appearance + rows) % len(APPEARANCES)) for p in home.people)
    return replace(home, people=people)


def owners(frame: LabelledFrame, cloud: Cloud) -> NDArray[np.int64]:
    """Return (H, W) index of the person whose limb each depth point lies on; -1 for everything else."""
    floor_z = 0.0
    x, y = cloud.x.ravel().astype(np.float64), cloud.y.ravel().astype(np.float64)
    points = np.column_stack([frame.pose.apply_all(np.column_stack([x, y])), cloud.z.ravel() + floor_z])
    owner = np.full(len(points), -1, dtype=np.int64)
    for i, limbs in enumerate(frame.limbs):
        near = np.hypot(points[:, 0] - limbs[0, 0], points[:, 1] - limbs[0, 1]) < 1.2
        near &= cloud.valid.ravel()
        rows = np.flatnonzero(near)
        if len(rows):
            inside = _distance(points[rows], limbs) < SKIN_M
            owner[rows[inside]] = i
    return owner.reshape(cloud.valid.shape)


def _distance(points: NDArray[np.float64], limbs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N,) distance (m) from points to the nearest capsule's surface."""
    a, b = limbs[:, :3], limbs[:, 3:6]
    axis = b - a
    along = np.einsum("nki,ki->nk", points[:, None] - a, axis) / np.maximum((axis**2).sum(axis=1), 1e-9)
    nearest = a + np.clip(along, 0.0, 1.0)[:, :, None] * axis
    gap: NDArray[np.float64] = (np.linalg.norm(points[:, None] - nearest, axis=2) - limbs[:, 6]).min(axis=1)
    return gap
