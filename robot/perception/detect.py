"""The detection node: a colour and a depth frame in, everyone in view out. Wiring only."""

from __future__ import annotations

from dataclasses import dataclass, field

from numpy.random import Generator

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.bounds import AtLeastZero
from robot.frozen import FrozenFrames
from robot.messages import DepthImage, Image, Sightings
from robot.node import Inbox, Node, Outbox
from robot.perception.detector import DetectorConfig, FrameDetector
from robot.perception.observation import is_sane


@dataclass(frozen=True)
class PersonDetectorConfig:
    """Settings of the detection node."""

    detector: DetectorConfig = field(default_factory=DetectorConfig)
    pair_s: AtLeastZero = 0.02  # colour and depth further apart than this do not show the same moment


class PersonDetector(Node):
    """Everyone in view, once per depth frame. Frames: base_link at the frame's stamp."""

    inputs = (topics.CAMERA, topics.DEPTH)
    outputs = (topics.SIGHTINGS,)
    trigger = topics.DEPTH

    def __init__(self, config: PersonDetectorConfig, rng: Generator) -> None:
        del rng  # nothing here is left to chance
        self._config = config
        self._mount = RoverBody().camera
        self._detector = FrameDetector(config.detector, self._mount)
        self._frozen = FrozenFrames()

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Look at the newest frame; silent when there is none, so that a dead camera shows as a stale topic.

        Frames that repeat are marked invalid: the world does not stand that still. So are frames in which something
        impossible was measured, and that person is left out.
        """
        depth = inbox.fresh(topics.DEPTH)
        if depth is None:
            return Outbox()
        frozen = self._frozen.see(depth.data)
        people = self._detector.find(depth, self._matching(depth, inbox.latest(topics.CAMERA)))
        range_m = 0.0 if people is None else self._config.detector.range_m
        sane = tuple(person for person in people or () if is_sane(person))
        sightings = Sightings(stamp_ns=depth.stamp_ns, people=sane, half_fov=self._mount.half_fov, range_m=range_m)
        return Outbox().put(topics.SIGHTINGS, sightings, valid=not frozen and len(sane) == len(people or ()))

    def _matching(self, depth: DepthImage, image: Image | None) -> Image | None:
        """Return the colour frame if it shows the same moment as the depth frame."""
        if image is None or abs(image.stamp_ns - depth.stamp_ns) > self._config.pair_s * 1e9:
            return None
        return image

    def close(self) -> None:
        """Free the networks."""
        self._detector.close()
