"""The follower: from where the person is and how they walk to where the robot should be and look.

Each step it lays the person on to now, then: makes way if someone needs the room, follows while the person is seen,
searches when they are not. The navigator drives; the follower only says where to and what to keep in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from policies.follow.approach import Approach
from policies.follow.config import FollowerConfig
from policies.follow.glance import Glances
from policies.follow.ground import Ground, build_ground
from policies.follow.make_way import as_walking, choose_way, comes_toward, coming, face_to_face, waiting
from policies.follow.motion import Motions
from policies.follow.pursuit import Aim, Pursuit, look_step
from policies.follow.search import Search
from policies.follow.standoff import choose, is_good
from policies.follow.trail import Person, Trail
from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import FollowState, Lock, Log, NavGoal
from robot.node import Inbox, Node, Outbox

Mode = Literal["waiting", "following", "making_way", "searching"]
DT_S = 0.1
DRIVING_SPEED = 0.05  # m/s, slower is standing
BESIDE_M = 0.25  # nearer to the place aside, it is not worth turning for
LEVEL: dict[Mode, Literal["info", "warning"]] = {
    "waiting": "info",
    "following": "info",
    "making_way": "info",
    "searching": "warning",
}


@dataclass(frozen=True)
class Decision:
    """What a step decided."""

    mode: Mode
    reason: str
    goal: NavGoal
    distance_m: float = 0.0


@dataclass(frozen=True)
class Scene:
    """What a step knows. All in odom."""

    now_ns: int
    robot: Pose2
    lock: Lock
    person: Person
    """The locked person, now."""
    known: dict[int, Person]
    """Everybody else seen lately, by track id."""
    only_legs: set[int]
    """Those of them of whom no camera has told yet."""
    ground: Ground

    @property
    def others(self) -> list[Person]:
        """Everybody else seen lately."""
        return list(self.known.values())

    @property
    def distance_m(self) -> float:
        """From the robot to the locked person."""
        return self.person.distance_to(self.robot.x, self.robot.y)

    @property
    def unseen_s(self) -> float:
        """Since the locked person was last seen."""
        return (self.now_ns - self.lock.seen_ns) / NS_PER_S


class Follower(Node):
    """Say where to be so as to stay with the locked person. Frames: odom. SI units."""

    inputs = (topics.ODOM, topics.LOCK, topics.PEOPLE, topics.LOCAL_MAP)
    outputs = (topics.NAV_GOAL, topics.FOLLOW_STATE, topics.LOG)
    rate_hz = 10

    def __init__(self, config: FollowerConfig, rng: Generator) -> None:
        self._config = config
        self._rng = rng
        self._motions = Motions(config.velocity_window_s, config.standing_speed, config.fastest_person)
        self._trail = Trail(config.trail_step_m, config.trail_length_m)
        self._ground: Ground | None = None
        self._id = -1
        self._rests = False
        self._place: tuple[float, float] | None = None  # the chosen place, from the person
        self._way: tuple[float, float] | None = None
        self._way_since_ns = self._way_until_ns = 0
        self._search: Search | None = None
        self._pursuit: Pursuit | None = None
        self._glances = Glances({})
        self._approach = Approach()
        self._last = Person(0.0, 0.0)  # as last really seen
        self._content_ns = 0  # when the base last drove, or stood because it should
        self._mode: Mode = "waiting"

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the goal, the state, and a line for the log when the mode changed."""
        decision = self._decide(now_ns, inbox)
        if decision.goal.mode == "stop":
            self._content_ns = now_ns
        state = FollowState(stamp_ns=now_ns, mode=decision.mode, distance_m=decision.distance_m, reason=decision.reason)
        out = Outbox().put(topics.NAV_GOAL, decision.goal).put(topics.FOLLOW_STATE, state)
        if decision.mode != self._mode:
            self._mode = decision.mode
            text = f"follow: {decision.mode.replace('_', ' ')} ({decision.reason})"
            out.put(topics.LOG, Log(stamp_ns=now_ns, level=LEVEL[decision.mode], text=text))
        return out

    def _decide(self, now_ns: int, inbox: Inbox) -> Decision:
        odom, lock = inbox.latest(topics.ODOM), inbox.latest(topics.LOCK)
        missing = self._missing(inbox)
        if missing or odom is None or lock is None:
            return Decision("waiting", missing, NavGoal(stamp_ns=now_ns, mode="stop"))
        if lock.state == "none":
            self._forget(-1)
            return Decision("waiting", "nobody to follow", NavGoal(stamp_ns=now_ns, mode="stop"))
        robot = Pose2(odom.x, odom.y, odom.yaw)
        if abs(odom.v) > DRIVING_SPEED:
            self._content_ns = now_ns
        person = self._now(lock, now_ns)
        known, only_legs = self._others(inbox, lock, now_ns)
        self._update_ground(inbox, robot, person, list(known.values()))
        if self._ground is None:
            return Decision("waiting", "no map yet", NavGoal(stamp_ns=now_ns, mode="stop", look_at=(lock.x, lock.y)))
        scene = Scene(now_ns, robot, lock, person, known, only_legs, self._ground)
        self._remember(scene)
        return self._make_way(scene) or self._search_step(scene) or self._follow(scene)

    def _missing(self, inbox: Inbox) -> str:
        """Return what is missing to decide anything, in a few words; empty when nothing is."""
        if inbox.latest(topics.ODOM) is None:
            return "no odometry"
        if inbox.latest(topics.LOCK) is None or inbox.stale(topics.LOCK):
            return "no word of the person"
        return ""

    def _now(self, lock: Lock, now_ns: int) -> Person:
        """Return the locked person laid on from the lock's stamp to when the wheels will act."""
        return self._motions.person(lock.id, lock.stamp_ns, lock.x, lock.y, self._late_s(now_ns, lock.stamp_ns))

    def _others(self, inbox: Inbox, lock: Lock, now_ns: int) -> tuple[dict[int, Person], set[int]]:
        """Return everybody else seen lately, laid on likewise, by track id, and of whom only legs are known."""
        people = inbox.latest(topics.PEOPLE)
        tracks = () if people is None else people.tracks
        self._motions.keep({lock.id, *(track.id for track in tracks)})
        found = [track for track in tracks if track.id != lock.id and now_ns - track.seen_ns < NS_PER_S]
        known = {
            track.id: self._motions.person(
                track.id, track.seen_ns, track.x, track.y, self._late_s(now_ns, track.seen_ns)
            )
            for track in found
        }
        return known, {track.id for track in found if track.height_m == 0.0 and track.facing is None}

    def _late_s(self, now_ns: int, stamp_ns: int) -> float:
        return min(0.5, max(0.0, (now_ns - stamp_ns) / NS_PER_S) + self._config.latency_s)

    def _update_ground(self, inbox: Inbox, robot: Pose2, person: Person, others: list[Person]) -> None:
        local = inbox.fresh(topics.LOCAL_MAP)
        if local is not None:
            config = self._config
            self._ground = build_ground(local, robot, [person, *others], config.pass_radius_m, config.person_erase_m)

    def _forget(self, person_id: int) -> None:
        """Start anew with another person."""
        self._id = person_id
        self._trail.clear()
        self._rests, self._place, self._way = False, None, None
        self._search, self._pursuit = None, None

    def _remember(self, scene: Scene) -> None:
        """Keep the trail and the last true sight of the person."""
        lock = scene.lock
        if lock.id != self._id:
            self._forget(lock.id)
            self._last = scene.person
        if lock.state == "locked":
            self._trail.add(lock.x, lock.y)
            self._last = scene.person
            self._search, self._pursuit = None, None

    def _make_way(self, scene: Scene) -> Decision | None:
        """Return the step aside while someone needs the room and for a moment after; None when nobody does."""
        config, robot, others = self._config, scene.robot, scene.others
        seen = scene.unseen_s < config.trust_prediction_s
        come, wait, hold_s = coming(others, robot, config), list[Person](), config.way_hold_s
        if self._rests or self._way is not None:
            wait = waiting(others, robot, config)
        elif not come and self._held_s(scene) > config.stuck_s:
            wait, hold_s = face_to_face(others, robot, config), config.yield_s
        if self._way is not None and scene.now_ns - self._way_since_ns > config.yield_s * NS_PER_S:
            wait = []  # they had the time to pass
        pressing = sorted(come + wait, key=lambda person: person.distance_to(robot.x, robot.y))
        if pressing:
            self._way_until_ns = max(self._way_until_ns, scene.now_ns + round(hold_s * NS_PER_S))
        if come or (wait and self._way is None):  # for those who wait, one choice is kept: they must see where to pass
            face = scene.person if seen else pressing[0]
            self._way_since_ns = scene.now_ns if self._way is None else self._way_since_ns
            self._way = choose_way(pressing, robot, scene.ground, face, self._way, config)
        elif not pressing and (scene.now_ns >= self._way_until_ns or not seen):
            self._way = None
        if self._way is None:
            return None
        look = scene.person if seen or not pressing else pressing[0]
        self._rests = False
        if scene.robot.distance_to(*self._way) < BESIDE_M:
            aside = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=(look.x, look.y))
            return Decision("making_way", "out of the way", aside, scene.distance_m)
        goal = self._goal(scene, self._way, look, config.max_speed, tolerance_m=0.12)
        return Decision("making_way", "someone needs the room", goal, scene.distance_m)

    def _held_s(self, scene: Scene) -> float:
        """Return for how long the base has stood though it was to go."""
        return (scene.now_ns - self._content_ns) / NS_PER_S

    def _search_step(self, scene: Scene) -> Decision | None:
        """Return the next step of the search; None while the person is seen or only just was."""
        if scene.lock.state == "locked" or scene.unseen_s < self._trusted_s(scene):
            return None
        self._rests = False
        if self._search is None or self._pursuit is None:
            last = self._last.after(min(1.0, scene.unseen_s))
            self._search = Search(last, scene.lock.std_m, self._config, self._rng)
            self._pursuit = Pursuit(self._last, scene.now_ns)
            self._glances = Glances(scene.known)
        self._search.walk(DT_S, scene.ground)
        self._search.look(scene.robot, scene.ground, scene.others)
        config = self._config
        whom = self._glances.whom(scene.known, scene.only_legs, scene.robot, scene.now_ns, config.half_view_rad)
        if whom is not None:
            look = look_step(scene.robot, Aim(whom.x, whom.y, drive=False))
            turn = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=look)
            return Decision("searching", "looking who that is", turn, scene.distance_m)
        pursued = self._pursuit.aim(scene.robot, scene.ground, scene.now_ns, scene.unseen_s)
        if pursued is not None:
            place, went = self._approach.place(pursued[0], scene.robot, scene.ground), pursued[1]
            if not pursued[0].drive:
                turn = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=look_step(scene.robot, pursued[0]))
                return Decision("searching", "looking where they went", turn, scene.distance_m)
            goal = self._goal(scene, place, went, config.max_speed)
            return Decision("searching", "to where they went", goal, scene.distance_m)
        aim = self._search.aim(scene.robot, scene.ground, scene.now_ns)
        if not aim.drive:
            turn = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=(aim.x, aim.y))
            return Decision("searching", "looking around", turn, scene.distance_m)
        place = self._approach.place(aim, scene.robot, scene.ground)
        goal = self._goal(scene, place, Person(aim.x, aim.y), config.search_speed, tolerance_m=0.25)
        return Decision("searching", "going where they may be", goal, scene.distance_m)

    def _trusted_s(self, scene: Scene) -> float:
        """Return for how long (s) to act on a prediction: longer for someone who stands too near for the camera."""
        config = self._config
        near = self._last.speed == 0.0 and scene.distance_m < config.nearest_m + 0.1
        return config.trust_near_s if near else config.trust_prediction_s

    def _follow(self, scene: Scene) -> Decision:
        """Stay where it is good, else go to the best place about where the person will be."""
        config = self._config
        person, robot = as_walking(scene.person, scene.robot, config), scene.robot
        comes = comes_toward(person, robot, config.way_horizon_s)
        mode: Mode = "making_way" if comes else "following"
        self._rests = not comes and is_good(person, robot, scene.ground, self._rests, config)
        if self._rests:
            rest = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=(person.x, person.y))
            return Decision("following", "well placed", rest, scene.distance_m)
        wide = config.way_wide_m if comes else 0.0
        place = choose(person, scene.others, robot, self._trail, scene.ground, self._place, config, wide)
        if place is None:
            self._place = None
            place = self._back_on_the_trail(scene)
            goal = self._goal(scene, place, person, config.max_speed)
            return Decision("following", "along their trail", goal, scene.distance_m)
        if place == (robot.x, robot.y):
            self._place = None
            turn = NavGoal(stamp_ns=scene.now_ns, mode="stop", look_at=(person.x, person.y))
            return Decision(mode, "no better place", turn, scene.distance_m)
        self._place = (place[0] - person.x, place[1] - person.y)
        goal = self._goal(
            scene,
            place,
            person,
            config.max_speed if comes else self._speed(scene, place),
            separation_m=config.nearest_m + wide,
        )
        return Decision(mode, "out of their way" if comes else "keeping up", goal, scene.distance_m)

    def _back_on_the_trail(self, scene: Scene) -> tuple[float, float]:
        """Return a place on the person's trail when none around them can be reached, else as near as one gets."""
        person, config = scene.person, self._config
        behind = self._trail.point_behind(person.x, person.y, config.standoff_m)
        if behind is not None:
            return behind
        return scene.ground.nearest_reachable(person.x, person.y) or (scene.robot.x, scene.robot.y)

    def _speed(self, scene: Scene, place: tuple[float, float]) -> float:
        """Return the speed that gets there without overshoot: the person's plus a share of the way to go."""
        config = self._config
        way = float(scene.ground.travel_to(np.array([place]))[0])
        wanted = scene.person.speed + config.gap_gain * way + config.calm_speed
        return min(config.max_speed, wanted)

    def _goal(
        self,
        scene: Scene,
        place: tuple[float, float],
        look: Person,
        max_speed: float,
        tolerance_m: float = 0.15,
        separation_m: float = 0.0,
    ) -> NavGoal:
        moving = scene.person if separation_m > 0.0 else Person(0.0, 0.0)
        return NavGoal(
            stamp_ns=scene.now_ns,
            mode="go",
            x=place[0],
            y=place[1],
            tolerance_m=tolerance_m,
            max_speed=max_speed,
            look_at=(look.x, look.y),
            separation_m=separation_m,
            vx=moving.vx,
            vy=moving.vy,
        )
