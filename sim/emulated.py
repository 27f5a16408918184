"""What the people detector would have seen, without rendering: geometry says what is visible, the measured model errs.

Each person has a random stream of their own and draws the same number of values in every frame, so one person's
sightings do not depend on who else is at home.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2, wrap_angle
from robot.messages import Sighting, Sightings
from robot.rng import spawn
from sim.base import BaseState
from sim.emulated_model import DetectorModel, NumberByView, VectorByView
from sim.look import Look, looks_of, view_of
from sim.people_stage import Actor, PeopleStage
from sim.raycast import Pinhole
from sim.scene import Scene
from sim.sensors.mounts import camera_pose

LEAST_BOX_PX = 6.0
_NORMAL = NormalDist()
Floats = NDArray[np.float64]


class _Stream:
    """One person's randomness and what stays of it from frame to frame."""

    def __init__(self, rng: Generator) -> None:
        self.rng = rng
        self.luck, self.along, self.across, self.looks = rng.standard_normal(4).tolist()

    def advance(self, model: DetectorModel) -> list[float]:
        """Move the correlated errors on, and return 9 standard normal values for the rest."""
        values: list[float] = self.rng.standard_normal(13).tolist()
        self.luck = _mix(self.luck, values[0], model.miss_memory)
        self.along = _mix(self.along, values[1], model.error_memory)
        self.across = _mix(self.across, values[2], model.error_memory)
        self.looks = _mix(self.looks, values[3], model.appearance_memory)
        return values[4:]


class SightingEmulator:
    """Makes Sightings messages."""

    def __init__(self, scene: Scene, stage: PeopleStage, body: RoverBody, model: DetectorModel, seed: int) -> None:
        """Bind to a world; raises ValueError when somebody's appearance is not in the model."""
        self._scene, self._stage, self._body, self._model = scene, stage, body, model
        mount = body.camera
        self._pinhole = Pinhole.of(mount.width, mount.height, mount.half_fov)
        self._streams = {a.name: _Stream(spawn(seed, f"sightings/{a.name}")) for a in stage.actors}
        self._ghosts = spawn(seed, "sightings/ghosts")
        self._ghost_at: tuple[float, float] | None = None  # map
        self._ghost_look = np.zeros(0, dtype=np.float32)
        for actor in stage.actors:
            if actor.body.appearance.name not in model.appearance_means:
                raise ValueError(f"emulated model: no appearance_means for '{actor.body.appearance.name}'")

    def sample(self, now_ns: int, state: BaseState) -> Sightings:
        """Return what the detector finds in the frame of now."""
        base = Pose2(float(state.position[0]), float(state.position[1]), state.yaw)
        origin, axes = camera_pose(state, self._body.camera)
        looks = looks_of(self._scene.rays, self._stage, self._pinhole, origin, axes)
        found = [self._person(a, state, base, look) for a, look in zip(self._stage.actors, looks, strict=True)]
        found.append(self._ghost(base))
        return Sightings(
            stamp_ns=now_ns,
            people=tuple(sighting for sighting in found if sighting is not None),
            half_fov=self._body.camera.half_fov,
            range_m=self._model.range_m,
        )

    def _person(self, actor: Actor, state: BaseState, base: Pose2, look: Look) -> Sighting | None:
        model, stream = self._model, self._streams[actor.name]
        noise = stream.advance(model)
        clothes = stream.rng.standard_normal(self._descriptor_size())
        clothes *= model.appearance_noise.at(_NORMAL.cdf(stream.looks))
        there = base.inverse().apply(actor.walker.pose.x, actor.walker.pose.y)
        distance, bearing = math.hypot(*there), math.atan2(there[1], there[0])
        facing = wrap_angle(actor.walker.pose.yaw - base.yaw)
        view = view_of(wrap_angle(facing - bearing - math.pi))
        chance: float = getattr(model.detection, view).at(distance)
        chance *= model.visible.at(look.bare) * model.bearing.at(abs(bearing))
        if min(look.box[2:]) < LEAST_BOX_PX or _NORMAL.cdf(stream.luck) >= chance:
            return None
        along = distance + model.along_bias_m.at(distance) + model.along_std_m.at(distance) * stream.along
        across = model.across_std_m.at(distance) * stream.across
        c, s = math.cos(bearing), math.sin(bearing)
        height = look.top - float(state.position[2]) + model.height_bias_m + model.height_std_m * noise[0]
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

    def _facing(self, facing: float, view: str, noise: list[float]) -> float | None:
        model = self._model
        if _NORMAL.cdf(noise[0]) >= _number(model.facing_given, view):
            return None
        half_turn = math.pi if _NORMAL.cdf(noise[1]) < _number(model.facing_reversed, view) else 0.0
        return wrap_angle(facing + half_turn + _number(model.facing_std_rad, view) * noise[2])

    def _ghost(self, base: Pose2) -> Sighting | None:
        """Return something taken for a person, now and then, and as long as it goes on in one place."""
        model, draws = self._model.false_positives, self._ghosts
        luck, where, how_far = draws.random(3).tolist()
        score = model.score_mean + model.score_std * float(draws.standard_normal())
        look = draws.standard_normal(self._descriptor_size())
        half_fov = self._body.camera.half_fov
        if self._ghost_at is not None:
            x, y = base.inverse().apply(*self._ghost_at)
            if luck >= model.persistence or not abs(math.atan2(y, x)) < half_fov:
                self._ghost_at = None
        elif luck < model.per_frame * (1.0 - model.persistence) / max(1e-9, 1.0 - model.per_frame):
            bearing = (2.0 * where - 1.0) * half_fov
            distance = model.distance_min_m + how_far * (model.distance_max_m - model.distance_min_m)
            self._ghost_at = base.apply(distance * math.cos(bearing), distance * math.sin(bearing))
            self._ghost_look = _unit(look)
        if self._ghost_at is None:
            return None
        return self._taken_for_someone(base.inverse().apply(*self._ghost_at), _share(score))

    def _taken_for_someone(self, at: tuple[float, float], score: float) -> Sighting:
        distance, bearing = math.hypot(*at), math.atan2(at[1], at[0])
        width = 0.5 * self._pinhole.fx / distance
        u = self._pinhole.cx - self._pinhole.fx * math.tan(bearing)
        return Sighting(
            x=at[0],
            y=at[1],
            std_m=self._model.reported_std_m.at(distance),
            height_m=0.0,
            facing=None,
            bbox=(u - width / 2.0, self._pinhole.cy - width, width, 2.0 * width),
            appearance=self._ghost_look,
            score=score,
        )

    def _descriptor_size(self) -> int:
        return len(next(iter(self._model.appearance_means.values())).front)


def _mix(old: float, fresh: float, memory: float) -> float:
    return memory * old + math.sqrt(1.0 - memory * memory) * fresh


def _number(numbers: NumberByView, view: str) -> float:
    value: float = getattr(numbers, view)
    return value


def _by_view(vectors: VectorByView, view: str) -> Floats:
    return np.array(getattr(vectors, view))


def _unit(vector: Floats) -> NDArray[np.float32]:
    return (vector / max(1e-9, float(np.linalg.norm(vector)))).astype(np.float32)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


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
