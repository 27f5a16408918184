"""What the steps of a program share: the scene of this moment, what they want of the base, and what they say.

Steps work in map. The base is driven in odom, which begins at the dock: the plan says where in map that is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from policies.behaviour.floor_plan import FloorPlan, PlanRoom, Point
from policies.behaviour.grounding import Person, Situation, Spot
from policies.behaviour.shared import Shared
from policies.behaviour.ways import Ways
from policies.follow.config import FollowerConfig
from policies.follow.follower import Follower
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import FollowState, Lock, LockRequest, NavGoal, NavState, People
from robot.node import Inbox

SEEN_S = 0.6  # a track not seen for longer is a memory
SURE = 0.3  # least score of a track that counts as a person
TURN_POINT_M = 2.0  # how far off the point is that a turn looks at
SPEEDS = {"slowly": 0.4, "carefully": 0.4, "quickly": 1.0}
USUAL_SPEED = 0.8  # m/s


@dataclass(frozen=True)
class Scene:
    """The moment, in map."""

    now_ns: int
    inbox: Inbox
    robot: Pose2
    lock: Lock | None
    speaker: Point | None
    """Who is locked on, where they are or were last seen."""
    speaker_age_s: float
    people: tuple[Person, ...]
    """Everybody seen now, the speaker included."""
    nav: NavState | None


@dataclass
class Settings:
    """What the speaker may change."""

    speed: float = 1.0  # share of the usual
    distance_m: float = 1.4
    volume: float = 0.7


@dataclass
class Context(Shared):
    """The rover's."""

    plan: FloorPlan
    ways: Ways
    follower: Follower
    follower_config: FollowerConfig
    settings: Settings = field(default_factory=Settings)
    told: dict[str, Spot] = field(default_factory=dict)
    """Places and things somebody told the robot of, by what they are called"""
    told_words: dict[str, str] = field(default_factory=dict)
    """The same as it was said, where that is no place the robot knows"""
    goal: NavGoal | None = None
    follow_state: FollowState | None = None
    requests: list[LockRequest] = field(default_factory=list)
    follow_anew: bool = False
    speaker: Point | None = None
    """Where the person who is locked on was last truly seen, in odom"""
    _scene: Scene | None = None

    @property
    def scene(self) -> Scene:
        """Return the moment; steps run only when there is one."""
        assert self._scene is not None
        return self._scene

    def see(self, now_ns: int, inbox: Inbox, odom_pose: Pose2, lock: Lock | None, people: People | None) -> None:
        """Take in the moment. All arguments are in odom."""
        self.now_ns = now_ns
        origin = self.origin
        robot = origin * odom_pose
        seen = [t for t in (people.tracks if people else ()) if _is_seen(t.seen_ns, now_ns) and t.score >= SURE]
        persons = []
        for track in seen:
            x, y = origin.apply(track.x, track.y)
            persons.append(Person(track.id, x, y, robot.bearing_to(x, y), robot.distance_to(x, y)))
        if lock is not None and lock.state == "locked":
            self.speaker = lock.x, lock.y
        speaker = origin.apply(*self.speaker) if self.speaker and lock is not None and lock.state != "none" else None
        age = math.inf if lock is None or lock.state == "none" else (now_ns - lock.seen_ns) / NS_PER_S
        from robot import topics

        nav = inbox.latest(topics.NAV_STATE)
        self._scene = Scene(now_ns, inbox, robot, lock, speaker, age, tuple(persons), nav)

    @property
    def origin(self) -> Pose2:
        """Return odom in map."""
        return Pose2(*self.plan.dock)

    @property
    def room(self) -> PlanRoom | None:
        """Return the room the robot is in."""
        return self.plan.room_at(self.scene.robot.x, self.scene.robot.y)

    @property
    def situation(self) -> Situation:
        """Return what words are grounded in now."""
        s = self.scene
        return Situation(self.plan, (s.robot.x, s.robot.y), self.told, s.people, s.speaker)

    def hold(self) -> None:
        """Stand still."""
        self.goal = NavGoal(stamp_ns=self.scene.now_ns, mode="stop")

    def rest(self) -> None:
        """Stand still and wait for words."""
        self.hold()

    def face(self, x: float, y: float) -> bool:
        """Turn toward a point of map; return whether that is done."""
        look = self.origin.inverse().apply(x, y)
        self.goal = NavGoal(stamp_ns=self.scene.now_ns, mode="stop", look_at=look)
        return abs(self.scene.robot.bearing_to(x, y)) < 0.12

    def turn_to(self, yaw: float) -> bool:
        """Turn to a heading in map; return whether that is done."""
        robot = self.scene.robot
        return self.face(robot.x + TURN_POINT_M * math.cos(yaw), robot.y + TURN_POINT_M * math.sin(yaw))

    def drive(
        self,
        to: Point,
        *,
        tolerance_m: float,
        manner: str = "",
        look_at: Point | None = None,
        separation_m: float = 0.0,
    ) -> None:
        """Drive toward a point of map."""
        back = self.origin.inverse()
        x, y = back.apply(*to)
        self.goal = NavGoal(
            stamp_ns=self.scene.now_ns,
            mode="go",
            x=x,
            y=y,
            tolerance_m=tolerance_m,
            max_speed=min(1.0, SPEEDS.get(manner, USUAL_SPEED) * self.settings.speed),
            look_at=None if look_at is None else back.apply(*look_at),
            separation_m=separation_m,
        )


def _is_seen(seen_ns: int, now_ns: int) -> bool:
    return now_ns - seen_ns <= SEEN_S * NS_PER_S
