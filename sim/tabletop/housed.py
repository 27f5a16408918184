"""A display on a piece of a home's furniture: its stand, its servos' feedback, and what its camera sees of that home.

The people are those who walk there, at their places. The stand has a physics client of its own, where the desk's top
is z = 0 and x is where the display looks at rest; nothing of it touches the rover's. While nothing moves, it is not
stepped.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.tabletop.body import BezelCamera, TabletopBody, about_z
from robot.geometry import wrap_angle
from robot.messages import HeadTruth, JointStates, TabletopTruth
from sim.bullet import pybullet
from sim.people_stage import Actor, PeopleStage
from sim.raycast_kernels import clear_lines
from sim.scene import PERSON_CAPSULES, Scene
from sim.tabletop.figure import Figure
from sim.tabletop.people import shows_face
from sim.tabletop.stand import PHYSICS_HZ, StandState, start_physics
from sim.tabletop.stand import Stand as Servos
from worlds.place import Stand

FEEDBACK_STD = math.radians(0.03)
FOUND_M = 4.0  # as far as everybody's face is found in rendered frames; from 5 m on some are not
STIRS_RAD = 1e-4  # of a setpoint: far less than a servo's dead band
FACE_M = np.array([(0.0, 0.0), (-0.06, 0.0), (0.06, 0.0), (0.0, 0.06), (0.0, -0.09)])  # aside and up, of a whole face
SETTLED_TICKS = PHYSICS_HZ // 2  # after its servos were told nothing new for so long, nothing of it moves

Floats = NDArray[np.float64]


class HousedDisplay:
    """One display and the home around it."""

    def __init__(self, scene: Scene, stage: PeopleStage, stand: Stand, rate_hz: float, noise: Generator) -> None:
        """Stand it up. `rate_hz`: of its camera."""
        self.body = with_camera_rate(rate_hz)
        self.figure = Figure(scene, stand)
        self._scene, self._stage, self._noise = scene, stage, noise
        self._origin, self._turn, self._yaw = np.array([stand.x, stand.y, stand.z]), about_z(stand.yaw), stand.yaw
        self._client = start_physics()
        self._servos = Servos(self._client, self.body, self.body.payload.mass)
        self._setpoints: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
        self._held: tuple[float, ...] = self._setpoints  # nothing has stirred since that was told
        self._settled = 0
        self._state: StandState | None = None
        self._heads: tuple[HeadTruth, ...] = ()
        self._heads_ns = -1
        rows = scene.rays.depth_rows
        self._hiding = rows[~np.isin(rows, self.figure.rows)]

    def step(self, setpoints: tuple[float, ...] | None) -> None:
        """Advance physics by one step, with new setpoints (rad) or the last ones."""
        new = self._setpoints if setpoints is None else setpoints
        stirs = any(not abs(a - b) < STIRS_RAD for a, b in zip(new, self._held, strict=True))  # also what is no number
        self._settled = 0 if stirs else self._settled + 1
        self._held = new if stirs else self._held
        self._setpoints = new
        if self._settled > SETTLED_TICKS:
            return
        self._servos.drive(new)
        pybullet.stepSimulation(physicsClientId=self._client)
        self._state = None

    @property
    def state(self) -> StandState:
        """Where the stand is."""
        if self._state is None:
            self._state = self._servos.state()
        return self._state

    def feedback(self, now_ns: int) -> JointStates:
        """Return what the servos say of themselves."""
        errors = self._noise.normal(0.0, FEEDBACK_STD, len(self._setpoints))
        measured = tuple(float(p + e) for p, e in zip(self.state.joints, errors, strict=True))
        return JointStates(stamp_ns=now_ns, commanded=self._setpoints, measured=measured)

    def eye(self) -> tuple[Floats, Floats]:
        """Return the camera's place (3,) and optical axes (3, 3), in base_link at rest."""
        return self._servos.camera_pose(self.state)

    def eye_in_map(self) -> tuple[Floats, Floats]:
        """Return the same in map."""
        place, axes = self.eye()
        return self._origin + self._turn @ place, self._turn @ axes

    def heads(self, now_ns: int) -> tuple[HeadTruth, ...]:
        """Return everybody's head as posed last, in base_link at rest, and whether the camera can see its face."""
        if now_ns != self._heads_ns:
            eye, axes = self.eye()
            self._heads_ns = now_ns
            self._heads = tuple(self._head(actor, eye, axes) for actor in self._stage.actors)
        return self._heads

    def truth(self, now_ns: int) -> TabletopTruth:
        """Return the state of the display and of everybody's head."""
        eye, axes = self.eye()
        people = self.heads(now_ns)
        error = math.nan
        if people:
            right, _, ahead = axes.T @ (np.array([people[0].x, people[0].y, people[0].z]) - eye)
            error = -math.atan2(right, ahead) if ahead > 0.0 else math.nan
        state = self.state
        return TabletopTruth(
            stamp_ns=now_ns, joints=state.joints, base_tilt=state.tilt, base_slip_m=state.slip_m, fallen=state.fallen,
            target_error=error, people=people,
        )  # fmt: skip

    def close(self) -> None:
        """Release its physics client."""
        if pybullet.isConnected(self._client):
            pybullet.disconnect(self._client)

    def _head(self, actor: Actor, eye: Floats, axes: Floats) -> HeadTruth:
        state = actor.body.state
        in_map = np.array(actor.body.face_center_world())
        x, y, z = (float(v) for v in self._turn.T @ (in_map - self._origin))
        yaw = wrap_angle(state.yaw + state.head_yaw - self._yaw - math.pi)
        near = math.dist((x, y, z), eye) <= FOUND_M
        seen = near and shows_face((x, y, z), yaw, eye, axes, self.body.camera) and self._free(actor.index, eye, in_map)
        return HeadTruth(
            name=actor.name, x=x, y=y, z=z, yaw=yaw, pitch=state.head_pitch, roll=-state.head_roll, mouth=state.mouth,
            in_view=seen, doing="",
        )  # fmt: skip

    def _free(self, index: int, eye: Floats, point: Floats) -> bool:
        """Whether nothing but themselves stands between the camera at `eye` and the face around a point (map)."""
        rays, origin = self._scene.rays, self._origin + self._turn @ eye
        first = rays.fixed + index * PERSON_CAPSULES
        ahead = point - origin
        right = np.array([ahead[1], -ahead[0], 0.0]) / math.hypot(ahead[0], ahead[1])
        points = point + FACE_M[:, :1] * right + FACE_M[:, 1:] * np.array([0.0, 0.0, 1.0])
        found = clear_lines(
            origin, points[None], first, PERSON_CAPSULES, rays.kind, rays.center, rays.rotation, rays.half,
            self._hiding,
        )  # fmt: skip
        return bool(found.all())


def with_camera_rate(rate_hz: float) -> TabletopBody:
    """Return the display's body with a camera of another rate."""
    body = TabletopBody()
    camera: BezelCamera = replace(body.camera, rate_hz=rate_hz)
    return replace(body, camera=camera)
