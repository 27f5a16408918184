"""Everything a film frame shows of one moment: the newest message of each kind, and where odom lies in the home."""

from __future__ import annotations

from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import (
    FollowState,
    Image,
    LocalMap,
    Lock,
    Odom,
    Path,
    SafetyState,
    Scan,
    Sightings,
    WorldTruth,
)
from robot.node import Message
from robot.runtime.commit import Commit


class Moment:
    """The newest commit on each topic; messages are decoded when they are asked for."""

    def __init__(self) -> None:
        self._newest: dict[str, Commit] = {}
        self.t_s = 0.0

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        self.t_s = commit.envelope.t_ns / NS_PER_S
        if commit.envelope.valid:
            self._newest[commit.envelope.topic] = commit

    def _message(self, name: str) -> Message | None:
        commit = self._newest.get(name)
        return None if commit is None else commit.message

    @property
    def truth(self) -> WorldTruth | None:
        """Where everybody truly is."""
        message = self._message(topics.TRUTH.name)
        return message if isinstance(message, WorldTruth) else None

    @property
    def odom(self) -> Odom | None:
        """Where the robot thinks it is."""
        message = self._message(topics.ODOM.name)
        return message if isinstance(message, Odom) else None

    @property
    def camera(self) -> Image | None:
        """The newest picture."""
        message = self._message(topics.CAMERA.name)
        return message if isinstance(message, Image) else None

    @property
    def sightings(self) -> Sightings | None:
        """The people found last."""
        message = self._message(topics.SIGHTINGS.name)
        return message if isinstance(message, Sightings) else None

    @property
    def scan(self) -> Scan | None:
        """The newest turn of the lidar."""
        message = self._message(topics.SCAN.name)
        return message if isinstance(message, Scan) else None

    @property
    def local_map(self) -> LocalMap | None:
        """What the robot knows of its surroundings."""
        message = self._message(topics.LOCAL_MAP.name)
        return message if isinstance(message, LocalMap) else None

    @property
    def path(self) -> Path | None:
        """The way it means to take."""
        message = self._message(topics.NAV_PATH.name)
        return message if isinstance(message, Path) else None

    @property
    def lock(self) -> Lock | None:
        """Whom it follows."""
        message = self._message(topics.LOCK.name)
        return message if isinstance(message, Lock) else None

    @property
    def follow(self) -> FollowState | None:
        """What it is doing."""
        message = self._message(topics.FOLLOW_STATE.name)
        return message if isinstance(message, FollowState) else None

    @property
    def safety(self) -> SafetyState | None:
        """What safety let through."""
        message = self._message(topics.SAFETY.name)
        return message if isinstance(message, SafetyState) else None

    @property
    def odom_in_map(self) -> Pose2 | None:
        """Where odom lies so that the robot stands where it truly stands: its drift is taken out."""
        truth, odom = self.truth, self.odom
        if truth is None or odom is None:
            return None
        return Pose2(truth.x, truth.y, truth.yaw) * Pose2(odom.x, odom.y, odom.yaw).inverse()
