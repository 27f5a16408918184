"""A stage for the people tracker: walkers on given paths, seen by an ideal camera with noise, without any simulator."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import Lock, LockRequest, Odom, Scan, Sighting, Sightings
from robot.node import Envelope, Inbox, Stamped
from robot.perception.appearance import BANDS, BINS
from robot.perception.track import PeopleConfig, PeopleTracker
from robot.rng import spawn

HALF_FOV = 0.61
STEP_NS = NS_PER_S // 20
DELAY_NS = STEP_NS  # sightings arrive this long after their frame


def look_of(colours: tuple[int, ...]) -> np.ndarray:
    """A descriptor with one colour bin per band."""
    bands = np.zeros((BANDS, BINS), dtype=np.float32)
    bands[np.arange(BANDS), list(colours)] = 1.0
    return (bands / np.linalg.norm(bands)).ravel()


RED, BLUE, GREEN = look_of((7, 7, 0, 12)), look_of((11, 6, 6, 13)), look_of((4, 4, 3, 11))
NEARLY_RED = look_of((7, 7, 0, 13))


@dataclass
class Walker:
    """Somebody: where at each time (odom, m), what they look like, and when nothing can see them."""

    path: Callable[[float], tuple[float, float]]
    look: np.ndarray
    hidden: tuple[tuple[float, float], ...] = ()
    missed: float = 0.0  # share of frames in which the detector fails

    def at(self, t: float) -> Walker:
        """This walker as they look at time t."""
        return self

    def is_hidden(self, t: float) -> bool:
        return any(a <= t < b for a, b in self.hidden)


@dataclass
class Theatre:
    """Runs a PeopleTracker over walkers and records what it says."""

    walkers: list[Walker]
    robot: Callable[[float], Pose2] = lambda t: Pose2()
    config: PeopleConfig = field(default_factory=PeopleConfig)
    requests: dict[float, LockRequest] = field(default_factory=dict)
    with_scan: bool = False
    noise_m: float = 0.05
    look_noise: float = 0.05

    def play(self, seconds: float) -> list[tuple[float, Lock]]:
        """Return the lock at each step."""
        self.node = PeopleTracker(self.config, spawn(0, "tracker"))
        self._rng = spawn(1, "theatre")
        latest: dict[str, Stamped] = {}
        told = []
        for step in range(round(seconds * 20)):
            now = step * STEP_NS
            new: dict[str, list[Stamped]] = {}
            for topic, message in self._messages(step, now):
                stamped = Stamped(Envelope(topic.name, step, now, "theatre"), message)
                latest[topic.name] = stamped
                new.setdefault(topic.name, []).append(stamped)
            out = self.node.step(now, Inbox(now, dict(latest), new))
            told.append((now / NS_PER_S, next(m for topic, m, _ in out.items if topic is topics.LOCK)))
            self.people = next(m for topic, m, _ in out.items if topic is topics.PEOPLE)
        return told

    def _messages(self, step: int, now: int):
        t = now / NS_PER_S
        pose = self.robot(t)
        yield topics.ODOM, Odom(stamp_ns=now, x=pose.x, y=pose.y, yaw=pose.yaw, v=0.0, omega=0.0)
        for when, request in self.requests.items():
            if step == round(when * 20):
                yield topics.LOCK_REQUEST, request
        if self.with_scan and step % 2 == 0:
            yield topics.SCAN, self.scan(now, pose)
        if step % 2 == 1:
            yield topics.SIGHTINGS, self.sightings(now - DELAY_NS)

    def sightings(self, stamp: int) -> Sightings:
        """What the camera sees at `stamp`: everybody in view whom nobody nearer covers."""
        t = stamp / NS_PER_S
        base = self.robot(t).inverse()
        seen = sorted((base.apply(*w.path(t)), i) for i, w in enumerate(self.walkers) if not w.is_hidden(t))
        seen.sort(key=lambda row: math.hypot(*row[0]))
        people, taken = [], []
        for (x, y), i in seen:
            draws = self._rng.standard_normal(2 + BANDS * BINS)
            lucky = self._rng.random() >= self.walkers[i].missed
            bearing, distance = math.atan2(y, x), math.hypot(x, y)
            covered = any(abs(bearing - b) < math.atan2(0.3, d) for b, d in taken)
            taken.append((bearing, distance))
            if not lucky or covered or abs(bearing) > HALF_FOV or not 0.4 < distance < 5.5:
                continue
            look = self.walkers[i].at(t).look + self.look_noise * draws[2:] / 4.0
            people.append(
                Sighting(
                    x=x + self.noise_m * draws[0],
                    y=y + self.noise_m * draws[1],
                    std_m=0.06,
                    height_m=1.7,
                    facing=None,
                    bbox=(0.0, 0.0, 10.0, 10.0),
                    appearance=(look / np.linalg.norm(look)).astype(np.float32),
                    score=0.9,
                )
            )
        return Sightings(stamp_ns=stamp, people=tuple(people), half_fov=HALF_FOV, range_m=5.0)

    def scan(self, now: int, pose: Pose2) -> Scan:
        """A turn of the lidar that meets nothing but two legs of each walker."""
        t = now / NS_PER_S
        sensor = pose * Pose2(0.12, 0.0, 0.0)
        ranges = np.full(360, np.inf, dtype=np.float32)
        angles = -math.pi + np.arange(360) * math.tau / 360
        for walker in self.walkers:
            for side in (-0.1, 0.1):
                x, y = sensor.inverse().apply(*walker.path(t))
                distance, bearing = math.hypot(x, y), math.atan2(y, x) + side / math.hypot(x, y)
                hit = np.abs(np.angle(np.exp(1j * (angles - bearing)))) < 0.06 / distance
                ranges[hit] = np.minimum(ranges[hit], distance - 0.06)
        return Scan(
            stamp_ns=now,
            angle_min=-math.pi,
            angle_increment=math.tau / 360,
            range_min=0.1,
            range_max=8.0,
            ranges=ranges,
        )


def distance(lock: Lock, where: tuple[float, float]) -> float:
    """From the lock to a point, m."""
    return math.hypot(lock.x - where[0], lock.y - where[1])
