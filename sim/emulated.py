"""What the people detector would have seen, without rendering: geometry says what is visible, the measured model errs.

Each person has a random stream of their own and draws the same number of values in every frame, so one person's
sightings do not depend on who else is at home.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.messages import Sighting, Sightings
from robot.rng import spawn
from sim.base import BaseState
from sim.emulated_model import DetectorModel, NumberByView, VectorByView
from sim.people_stage import Actor, PeopleStage
from sim.raycast import Pinhole
from sim.scene import Scene
from sim.sensors.mounts import camera_pose
from sim.sight import clear, in_frame, limb_middles

FRONT_WITHIN, BACK_BEYOND = math.radians(60.0), math.radians(120.0)
LEAST_BOX_PX = 6.0
HEAD_ROW = 3  # of a person's capsules
_NORMAL = NormalDist()
Floats = NDArray[np.float64]


class _Stream:
    """One person's randomness and what stays of it from frame to frame."""

    def __init__(self, rng: Generator) -> None:
        self.rng = rng
        self.luck, self.along, self.across = rng.standard_normal(3).tolist()

    def advance(self, model: DetectorModel) -> list[float]:
        """Move the correlated errors on, and return 9 standard normal values for the rest."""
        values: list[float] = self.rng.standard_normal(12).tolist()
        self.luck = _mix(self.luck, values[0], model.miss_memory)
        self.along = _mix(self.along, values[1], model.error_memory)
        self.across = _mix(self.across, values[2], model.error_memory)
        return values[3:]


class _Look(NamedTuple):
    """How a person appears to the camera."""

    box: tuple[float, float, float, float]  # px: x, y, width, height
    fraction: float  # of the limbs that can be seen
    top: float  # m, map z of the crown
    top_in_view: bool


class SightingEmulator:
    """Makes Sightings messages."""

    def __init__(self, scene: Scene, stage: PeopleStage, body: RoverBody, model: DetectorModel, seed: int) -> None:
        """Bind to a world; raises ValueError when somebody's appearance is not in the model."""
        self._scene, self._stage, self._body, self._model = scene, stage, body, model
        mount = body.camera
        self._pinhole = Pinhole.of(mount.width, mount.height, mount.half_fov)
        self._streams = {a.name: _Stream(spawn(seed, f"sightings/{a.name}")) for a in stage.actors}
        self._ghosts = spawn(seed, "sightings/ghosts")
        for actor in stage.actors:
            if actor.body.appearance.name not in model.appearance_means:
                raise ValueError(f"emulated model: no appearance_means for '{actor.body.appearance.name}'")

    def sample(self, now_ns: int, state: BaseState) -> Sightings:
        """Return what the detector finds in the frame of now."""
        base = Pose2(float(state.position[0]), float(state.position[1]), state.yaw)
        looks = self._looks(state)
        found = [self._person(a, state, base, look) for a, look in zip(self._stage.actors, looks, strict=True)]
        found.append(self._ghost())
        return Sightings(
            stamp_ns=now_ns,
            people=tuple(sighting for sighting in found if sighting is not None),
            half_fov=self._body.camera.half_fov,
            range_m=self._model.range_m,
        )

    def _person(self, actor: Actor, state: BaseState, base: Pose2, look: _Look) -> Sighting | None:
        model, stream = self._model, self._streams[actor.name]
        noise = stream.advance(model)
        clothes = stream.rng.standard_normal(self._descriptor_size()) * model.appearance_noise
        there = base.inverse().apply(actor.walker.pose.x, actor.walker.pose.y)
        distance, bearing = math.hypot(*there), math.atan2(there[1], there[0])
        facing = wrap_angle(actor.walker.pose.yaw - base.yaw)
        view = _view(wrap_angle(facing - bearing - math.pi))
        chance: float = getattr(model.detection, view).at(distance)
        chance *= model.visible.at(look.fraction) * model.bearing.at(abs(bearing))
        if min(look.box[2:]) < LEAST_BOX_PX or _NORMAL.cdf(stream.luck) >= chance:
            return None
        along = distance + model.along_bias_m.at(distance) + model.along_std_m.at(distance) * stream.along
        across = model.across_std_m.at(distance) * stream.across
        c, s = math.cos(bearing), math.sin(bearing)
        height = look.top - float(state.position[2]) + model.height_std_m * noise[0]
        return Sighting(
            x=along * c - across * s,
            y=along * s + across * c,
            std_m=model.reported_std_m.at(distance),
            height_m=height if look.top_in_view else 0.0,
            facing=self._facing(facing, view, noise[1:4]),
            bbox=_shaken(look.box, model.bbox_std, noise[4:8]),
            appearance=_unit(_by_view(model.appearance_means[actor.body.appearance.name], view) + clothes),
            score=_share(model.score_mean.at(distance) + model.score_std * noise[8]),
        )

    def _looks(self, state: BaseState) -> list[_Look]:
        """Return how each person on stage appears to the camera."""
        if not self._stage.actors:
            return []
        origin, axes = camera_pose(state, self._body.camera)
        limbs, middles = self._stage.capsules(), limb_middles(self._stage)
        seen = clear(self._scene.rays, origin, middles) & in_frame(self._pinhole, origin, axes, middles)
        tops = (np.maximum(limbs[:, :, 2], limbs[:, :, 5]) + limbs[:, :, 6]).max(axis=1)
        crowns = np.stack([middles[:, HEAD_ROW, 0], middles[:, HEAD_ROW, 1], tops], axis=1)
        crowns_in_view = in_frame(self._pinhole, origin, axes, crowns)
        return [
            _Look(
                _box(self._pinhole, origin, axes, limbs[i]),
                float(seen[i].mean()),
                float(tops[i]),
                bool(crowns_in_view[i]),
            )
            for i in range(len(limbs))
        ]

    def _facing(self, facing: float, view: str, noise: list[float]) -> float | None:
        model = self._model
        if _NORMAL.cdf(noise[0]) >= _number(model.facing_given, view):
            return None
        half_turn = math.pi if _NORMAL.cdf(noise[1]) < _number(model.facing_reversed, view) else 0.0
        return wrap_angle(facing + half_turn + _number(model.facing_std_rad, view) * noise[2])

    def _ghost(self) -> Sighting | None:
        """Return something taken for a person, now and then."""
        model, ghosts = self._model.false_positives, self._ghosts
        happens, where, how_far = ghosts.random(3).tolist()
        score = model.score_mean + model.score_std * float(ghosts.standard_normal())
        looks = ghosts.standard_normal(self._descriptor_size())
        if happens >= model.per_frame:
            return None
        bearing = (2.0 * where - 1.0) * self._body.camera.half_fov
        distance = model.distance_min_m + how_far * (model.distance_max_m - model.distance_min_m)
        width = 0.5 * self._pinhole.fx / distance
        u = self._pinhole.cx - self._pinhole.fx * math.tan(bearing)
        return Sighting(
            x=distance * math.cos(bearing),
            y=distance * math.sin(bearing),
            std_m=self._model.reported_std_m.at(distance),
            height_m=0.0,
            facing=None,
            bbox=(u - width / 2.0, self._pinhole.cy - width, width, 2.0 * width),
            appearance=_unit(looks),
            score=_share(score),
        )

    def _descriptor_size(self) -> int:
        return len(next(iter(self._model.appearance_means.values())).front)


def _mix(old: float, fresh: float, memory: float) -> float:
    return memory * old + math.sqrt(1.0 - memory * memory) * fresh


def _view(angle: float) -> str:
    """Return the side from which the camera sees a person whose chest is `angle` off the line to it."""
    if abs(angle) < FRONT_WITHIN:
        return "front"
    return "back" if abs(angle) > BACK_BEYOND else "side"


def _number(numbers: NumberByView, view: str) -> float:
    value: float = getattr(numbers, view)
    return value


def _by_view(vectors: VectorByView, view: str) -> Floats:
    return np.array(getattr(vectors, view))


def _unit(vector: Floats) -> NDArray[np.float32]:
    return (vector / max(1e-9, float(np.linalg.norm(vector)))).astype(np.float32)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _box(camera: Pinhole, origin: Floats, axes: Floats, capsules: Floats) -> tuple[float, float, float, float]:
    """Return the box around what of the capsules is before the camera and inside the image, px."""
    ends = (capsules[:, :6].reshape(-1, 3) - origin) @ axes
    radius = np.repeat(capsules[:, 6], 2)
    ahead = ends[:, 2] > 0.1
    if not ahead.any():
        return 0.0, 0.0, 0.0, 0.0
    x, y, z = ends[ahead].T
    spread = camera.fx * radius[ahead] / z
    u, v = camera.cx + camera.fx * x / z, camera.cy + camera.fy * y / z
    left, right = np.clip([(u - spread).min(), (u + spread).max()], 0.0, camera.width)
    top, bottom = np.clip([(v - spread).min(), (v + spread).max()], 0.0, camera.height)
    return float(left), float(top), float(right - left), float(bottom - top)


def _shaken(
    box: tuple[float, float, float, float], relative: float, noise: list[float]
) -> tuple[float, float, float, float]:
    x, y, width, height = box
    std = relative * height
    return (
        x + std * noise[0],
        y + std * noise[1],
        max(1.0, width + std * noise[2]),
        max(1.0, height + std * noise[3]),
    )
