"""A bezel camera that stands still before people who follow a scene: frames, or emulated faces, beside the truth.

For measuring what is seen without the arm in the loop: the display neither turns nor nods, so every error is the face
node's own. Frames are those of `Lens`, people those of `Cast`: nothing here is easier than in a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from robot.bodies.tabletop.body import BezelCamera, Floats, TabletopBody
from robot.messages import Faces, HeadTruth, Image
from robot.rng import spawn
from sim.bullet import pybullet
from sim.tabletop.emulated import FaceEmulator
from sim.tabletop.lens import Lens
from sim.tabletop.people import Cast
from sim.tabletop.scenes import Scene
from sim.tabletop.stand import start_physics

LEVEL = (0.0, 0.05, -0.05, 0.0)  # joints of a display that looks level, as the arm holds it at rest


@dataclass(frozen=True)
class Shot:
    """One moment: when (s), what the camera delivers of it, and how the heads truly were."""

    t: float
    image: Image
    people: tuple[HeadTruth, ...]


class Studio:
    """One scene before one camera."""

    def __init__(self, scene: Scene, seed: int, *, visible: bool = True, size: tuple[int, int] | None = None) -> None:
        """Build the people. `size`: width and height of the pictures, px; the bezel camera's own where not given."""
        body = TabletopBody()
        width, height = size or (body.camera.width, body.camera.height)
        self.camera: BezelCamera = replace(body.camera, width=width, height=height)
        self.body = replace(body, camera=self.camera)
        self.eye, self.axes = body.camera_pose(LEVEL)
        self._client = start_physics()
        self._cast = Cast(self._client, scene, visible)
        self._lens = Lens(self._client, self.camera, scene.light, spawn(seed, "lens")) if visible else None
        self._emulator = FaceEmulator(self.body, spawn(seed, "faces"), scene.light)

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        pybullet.disconnect(self._client)

    @property
    def turn(self) -> Floats:
        """(3, 3) axes of the optical frame in base_link."""
        return self.axes

    def shots(self, seconds: float) -> Iterator[Shot]:
        """Yield a rendered frame per camera period."""
        assert self._lens is not None, "a studio of invisible people takes no pictures"
        for now_ns in self._times(seconds):
            people = self._pose(now_ns)
            yield Shot(now_ns / 1e9, self._lens.take(now_ns, self.eye, self.axes), people)

    def emulated(self, seconds: float) -> Iterator[tuple[Faces, tuple[HeadTruth, ...]]]:
        """Yield the faces that would be found per camera period, and the truth."""
        for now_ns in self._times(seconds):
            people = self._pose(now_ns)
            yield self._emulator.sample(now_ns, self.eye, self.axes, people), people

    def _times(self, seconds: float) -> Iterator[int]:
        rate = round(self.camera.rate_hz)
        return (k * 1_000_000_000 // rate for k in range(round(seconds * rate)))

    def _pose(self, now_ns: int) -> tuple[HeadTruth, ...]:
        self._cast.pose(now_ns / 1e9)
        return self._cast.truth(self.eye, self.axes, self.camera)
