"""The simulator as a node: takes twists, publishes what the rover's hardware would, and ground truth for scorers.

One step is one physics step of 1/240 s. Sensors sample the world at the step's own time, before physics moves on, and
are spread over the ticks so that no step carries them all. `PixelSim` renders; `EmulatedSim` publishes the sightings
that the people detector would have made of the frames.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.random import Generator

from robot import topics
from robot.clock import Ticks
from robot.geometry import Pose2
from robot.messages import Scan
from robot.node import Inbox, Message, Node, Outbox, Topic
from robot.rng import spawn
from sim.base import BaseState, RoverBase
from sim.bullet import pybullet
from sim.config import SimConfig
from sim.emulated import SightingEmulator
from sim.emulated_model import load_model
from sim.faults import FaultPlan
from sim.movers import MoverStage
from sim.people_stage import PEOPLE_HZ, PeopleStage
from sim.scene import PHYSICS_HZ, Scene
from sim.sensors.camera import ColorCamera
from sim.sensors.contacts import TouchSensors
from sim.sensors.depth import DepthCamera
from sim.sensors.imu import ImuSensor
from sim.sensors.lidar import Lidar
from sim.sensors.shutter import Frame, Shutter
from sim.sensors.wheels import WheelEncoders
from sim.stagecraft import body_of, free_space, plans_for, robot_start
from sim.truth import TruthTeller
from worlds.catalog import load_world
from worlds.schema import World
from worlds.shape import Shape
from worlds.shapes import shapes_of

TICKS = Ticks(PHYSICS_HZ)
CHASSIS = -1  # link whose contacts count; wheels and casters touch the floor by design
TOUCHING_M = 0.001  # Bullet also reports what is merely near

WALK_TICKS = TICKS.period(PEOPLE_HZ, "people")  # every sensor samples at whole numbers of these
DELAYED = (topics.SCAN, topics.DEPTH, topics.DEPTH_FRONT, topics.DEPTH_REAR, topics.SIGHTINGS)  # by config.delay_s
POSING_TICKS = 12  # and what sees people (lidar, camera, truth) at whole numbers of these

Sampler = Callable[[int, BaseState], Message]


class SimNode(Node):
    """What both levels share: physics, people, and all sensors but the camera."""

    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.CMD_VEL,)
    rate_hz = PHYSICS_HZ
    faces_world = True
    renders: ClassVar[bool]

    def __init__(self, config: SimConfig, rng: Generator) -> None:
        """Build the world; `rng` is not drawn from, every sensor and person has a stream of its own by config.seed.

        Raises:
            WorldError, RouteError, ValueError: no such world, no walk through it, no rover in it.
        """
        world, body, seed = load_world(config.world), body_of(config), config.seed
        plans = plans_for(world, config)
        x, y, z, yaw = robot_start(world, config)
        self._config, self._body, self._floor_z, self._world = config, body, z, world
        shapes = (*shapes_of(world), *self.more_shapes(world))
        self._scene = Scene(shapes, len(plans), self.renders, config.gui, len(world.movers))
        self._base = RoverBase(self._scene.client, body, x, y, z, yaw)
        visible, free = self.renders or config.gui, free_space(world)
        self._people = PeopleStage(self._scene, world, plans, seed, visible, free, config.courteous)
        self._movers = MoverStage(self._scene, world.movers, body)
        self._truth = TruthTeller(self._scene, self._people, body)
        self._faults = FaultPlan(config.faults)
        self._lidar = Lidar(body.lidar, spawn(seed, "lidar"), config.lidar_dropout)
        self._imu = ImuSensor(body.imu, spawn(seed, "imu"))
        self._wheels = WheelEncoders(body.wheels, spawn(seed, "wheels"))
        self._late: deque[tuple[int, Topic[Any], Message]] = deque()
        self._delay = TICKS.count(config.delay_s)
        self._depth = DepthCamera(body.camera, spawn(seed, "depth"))
        self._floor = (
            (topics.DEPTH_FRONT, DepthCamera(body.floor_front, spawn(seed, "depth_front"))),
            (topics.DEPTH_REAR, DepthCamera(body.floor_rear, spawn(seed, "depth_rear"))),
        )
        self._touch = TouchSensors(body)
        self._touches: list[tuple[float, ...]] = []
        self._tick = 0
        self._sensors = self._schedule()
        self._shutters = self._all_shutters()

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Publish what the sensors see at `now_ns`, then advance physics by one step."""
        tick, out = self._tick, Outbox()
        self._base.command(now_ns, inbox.fresh(topics.CMD_VEL))
        if tick % WALK_TICKS == 0:
            state = self._base.state()
            self._sense(tick, now_ns, state, out)
            pose = Pose2(float(state.position[0]), float(state.position[1]), state.yaw)
            self._people.step(pose)
            self._movers.step(1.0 / PEOPLE_HZ, pose)
        for shutter in self._shutters:
            for topic, message in shutter.delivered(tick):
                self._publish(out, topic, message, now_ns)
        while self._late and self._late[0][0] <= tick:
            out.put(*self._late.popleft()[1:])
        self._base.slip(self._config.slippery or self._faults.active("wheel_slip", now_ns))
        self._base.drive()
        self._scene.step()
        self._feel()
        self._tick += 1
        return out

    def close(self) -> None:
        """Release PyBullet, and all else: samplers know the node, so it would wait for a search for cycles."""
        self._sensors, self._shutters = (), ()
        self._scene.close()

    @abstractmethod
    def expose(self, now_ns: int, state: BaseState) -> Frame:
        """Return what the camera, and what is computed in its place, delivers of this moment."""

    def expose_floor(self, now_ns: int, state: BaseState) -> Frame:
        """Return what the sensors that look at the floor deliver of this moment."""
        return [(topic, depth.cast(now_ns, state, self._scene.rays, depth.full)) for topic, depth in self._floor]

    def more_shapes(self, world: World) -> tuple[Shape, ...]:
        """Return what stands in the home of this run besides what its file says of walls and things."""
        del world
        return ()

    def _all_shutters(self) -> tuple[Shutter, ...]:
        camera, floor = self._body.camera, self._body.floor_front
        shutters = (
            Shutter(
                "camera",
                (TICKS, camera.rate_hz, camera.latency_s),
                (self._faults, "camera_freeze", "camera_dead"),
                self.expose,
            ),
            Shutter(
                "floor sensors",
                (TICKS, floor.rate_hz, floor.latency_s),
                (self._faults, "floor_freeze", "floor_dead"),
                self.expose_floor,
            ),
        )
        for shutter in shutters:
            if shutter.every // 2 % POSING_TICKS:
                raise ValueError(f"{shutter.name}: its rate does not fall on the ticks that people move at")
        return shutters

    def _schedule(self) -> tuple[tuple[Topic[Any], int, Sampler], ...]:
        """Return every sensor that takes no frames: topic, ticks between samples, and what samples it."""
        samplers: tuple[tuple[Topic[Any], Sampler], ...] = (
            (topics.SCAN, self._scan),
            (topics.IMU, self._imu.sample),
            (topics.WHEELS, self._wheels.sample),
            (topics.CONTACTS, self._contacts),
            (topics.TRUTH, lambda now_ns, state: self._truth.sample(now_ns, state, self._floor_z)),
        )
        rows = tuple((topic, TICKS.period(topic.rate_hz, topic.name), sample) for topic, sample in samplers)
        for topic, every, _ in rows:
            if every % (POSING_TICKS if topic in (topics.SCAN, topics.TRUTH) else WALK_TICKS):
                raise ValueError(f"{topic.name}: {topic.rate_hz:g} Hz does not fall on the ticks that people move at")
        return rows

    def _sense(self, tick: int, now_ns: int, state: BaseState, out: Outbox) -> None:
        """Sample every sensor that is due."""
        if tick % POSING_TICKS == 0:
            self._people.pose(tick)
            self._scene.update_loose()
        for topic, every, sample in self._sensors:
            if tick % every == 0:
                self._publish(out, topic, sample(now_ns, state), now_ns)
        for shutter in self._shutters:
            shutter.sense(tick, now_ns, state)

    def _scan(self, now_ns: int, state: BaseState) -> Scan:
        scan = self._lidar.sample(now_ns, state, self._scene.rays)
        if self._faults.active("lidar_nan", now_ns):
            return msgspec.structs.replace(scan, ranges=np.full_like(scan.ranges, np.nan))
        return scan

    def _contacts(self, now_ns: int, state: BaseState) -> Message:
        touches, self._touches = self._touches, []
        return self._touch.sample(now_ns, state, self._scene.rays, touches)

    def _publish(self, out: Outbox, topic: Topic[Any], message: Message, now_ns: int) -> None:
        if self._faults.silences(topic, now_ns):
            return
        if self._delay and topic in DELAYED:
            self._late.append((self._tick + self._delay, topic, message))
        else:
            out.put(topic, message)

    def _feel(self) -> None:
        """Collect what touches the chassis."""
        points = pybullet.getContactPoints(bodyA=self._base.id, linkIndexA=CHASSIS, physicsClientId=self._scene.client)
        for point in points:
            if point[8] < TOUCHING_M:
                self._truth.touch(point[2], point[6])
                self._touches.append(point[5])


class PixelSim(SimNode):
    """The simulator with rendered frames."""

    renders = True
    outputs: ClassVar[tuple[Topic[Any], ...]] = (
        topics.SCAN, topics.CAMERA, topics.DEPTH, topics.DEPTH_FRONT, topics.DEPTH_REAR, topics.IMU, topics.WHEELS,
        topics.CONTACTS, topics.TRUTH,
    )  # fmt: skip

    def __init__(self, config: SimConfig, rng: Generator) -> None:
        """As SimNode."""
        super().__init__(config, rng)
        mount = self._body.camera
        self._color = ColorCamera(self._scene.client, mount, spawn(config.seed, "camera"))
        self._stride = mount.width // mount.depth_width
        if not config.gui:
            self._base.hide()

    def expose(self, now_ns: int, state: BaseState) -> Frame:
        """Render colour, and depth registered to it."""
        rgb, depth = self._color.render(state)
        coarse = depth[:: self._stride, :: self._stride]
        return [
            (topics.CAMERA, self._color.message(now_ns, rgb)),
            (topics.DEPTH, self._depth.message(now_ns, coarse, self._depth.full)),
        ]


class EmulatedSim(SimNode):
    """The simulator without rendering: sightings by the measured error model, depth by ray casting."""

    renders = False
    outputs: ClassVar[tuple[Topic[Any], ...]] = (
        topics.SCAN, topics.DEPTH, topics.DEPTH_FRONT, topics.DEPTH_REAR, topics.SIGHTINGS, topics.IMU, topics.WHEELS,
        topics.CONTACTS, topics.TRUTH,
    )  # fmt: skip

    def __init__(self, config: SimConfig, rng: Generator) -> None:
        """As SimNode; also raises ValueError when the error model cannot be used."""
        super().__init__(config, rng)
        self._sightings = SightingEmulator(self._scene, self._people, self._body, load_model(), config.seed)

    def expose(self, now_ns: int, state: BaseState) -> Frame:
        """Return sightings and coarse depth."""
        return [
            (topics.DEPTH, self._depth.cast(now_ns, state, self._scene.rays, self._depth.coarse)),
            (topics.SIGHTINGS, self._sightings.sample(now_ns, state)),
        ]
